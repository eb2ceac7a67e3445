"""A round that asks about units again, which the study has: nobody is shown what was answered before."""

import re
from collections.abc import Collection, Sequence

import pyarrow as pa

from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.tasks import write_round
from goldwire.labels.team.annotators import read as read_annotators
from goldwire.labels.team.assignments import assign_round
from goldwire.scheme import load
from goldwire.study import Study


def reannotate(
    study: Study,
    name: str,
    scheme: str,
    unit_ids: Collection[str],
    *,
    overlap: int = 1,
    blind: bool = False,
    annotators: Sequence[str] = (),
    chosen_by: Sequence[str] = (),
) -> int:
    """Make a new round of a scheme over units of the study; return how many it has.

    Its answers are votes like those of other rounds: they are added to those there are, and of an annotator who
    answers a unit again, gold.repeats in params.yaml says which answer counts.

    Parameters
    ----------
    study : Study
    name : str
        The round, and its folder.
    scheme : str
        A scheme of the study.
    unit_ids : collection of str
    overlap, blind
        See `goldwire.labels.tasks.write_round`.
    annotators : sequence of str
        Pseudonyms of those who answer.
    chosen_by : sequence of str
        The models that chose the units.

    Raises
    ------
    UsageError
        See `check_round`.
    GoldwireError
        When a unit is not in the study, or `write_round` refuses. Nothing is written.
    """
    check_round(study, name, overlap=overlap, annotators=annotators, new=True)
    wanted = set(unit_ids)
    units = study.read("units")
    units = units.filter(pa.array([unit in wanted for unit in units["unit_id"].to_pylist()], pa.bool_()))
    if lost := sorted(wanted - set(units["unit_id"].to_pylist())):
        raise GoldwireError(f"the study has no unit {lost[0]}", hint="Run: goldwire labels build")
    count = write_round(
        study,
        name,
        load(scheme, study.schemes),
        study.read("articles"),
        units,
        overlap=overlap,
        blind=blind,
        chosen_by=chosen_by,
        seed=study.params().seed,
    )
    if annotators:
        assign_round(study, name, named=annotators)
    return count


def check_round(study: Study, name: str, *, overlap: int, annotators: Sequence[str], new: bool = False) -> None:
    """Refuse what a round cannot be called, or cannot be asked of, before the work that chooses its units.

    Parameters
    ----------
    study : Study
    name : str
        The round.
    overlap : int
        Annotators a unit.
    annotators : sequence of str
        Pseudonyms of those who answer; nobody is named by none.
    new : bool
        Whether there may be no round of that name; else one that is there must have units that a model chose.

    Raises
    ------
    UsageError
        When the name is none of a round or is taken, or an annotator is unknown, named twice, or lacks for the
        overlap.
    GoldwireError
        When the round.yaml that is there cannot be read.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise UsageError(f'"{name}" is no name of a round', hint="A name is letters, digits, . _ and -")
    folder = study.rounds / name
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file", hint="Choose another name.")
    if (folder / "round.yaml").exists():
        if new:
            raise UsageError(
                "there is a round of that name",
                where=f"round {name}",
                hint="Choose another name: what is asked again is a round of its own.",
            )
        if not rounds.read(folder).chosen_by:
            raise UsageError(
                "the units of the round were not chosen by a model",
                where=f"round {name}",
                hint="Choose another name for the round: only units that no model chose can test one.",
            )
    known = list(read_annotators(study.annotators).known.values())
    if strange := [who for who in annotators if who not in known]:
        there = f"It has: {', '.join(known)}." if known else "Fill it with: goldwire labels annotators add FILE"
        raise UsageError(f"{strange[0]} is not in {study.annotators.name}", hint=there)
    if len(set(annotators)) < len(annotators):
        raise UsageError("an annotator is named twice", hint="Name each once.")
    if annotators and overlap > len(annotators):
        raise UsageError(
            f"{overlap} annotators a unit are asked for, and {len(annotators)} are named",
            hint="Name more with --annotator PSEUDONYM, or lower --overlap.",
        )
