"""A round that asks about units again, which the study has: nobody is shown what was answered before."""

from collections.abc import Collection, Sequence

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.tasks import write_round
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

    Raises
    ------
    GoldwireError
        When there is a round of that name, a unit is not in the study, or `write_round` refuses. Nothing is written.
    """
    if (study.rounds / name / "round.yaml").exists():
        raise GoldwireError(
            "there is a round of that name",
            where=f"round {name}",
            hint="Choose another name: what is asked again is a round of its own.",
        )
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
        seed=study.params().seed,
    )
    if annotators:
        assign_round(study, name, named=annotators)
    return count
