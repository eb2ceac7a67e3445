"""Units that could be labelled next: those that nobody was asked about, or those of a round that nobody answered."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.by_model import may_be_chosen
from goldwire.labels.compose import refuse_strangers, units_of
from goldwire.labels.passages import Passage
from goldwire.labels.tasks import write_round
from goldwire.labels.team.assignments import assign_round
from goldwire.scheme import Scheme
from goldwire.study import Study


def pool(
    study: Study,
    scheme: Scheme,
    *,
    source: str | None = None,
    articles: Path | None = None,
    unit: Passage | None = None,
    targets: Sequence[str] = (),
    target_list: Path | None = None,
    unnamed: bool = False,
    pairs: Path | None = None,
) -> tuple[pa.Table, pa.Table, int]:
    """Return articles, and the units of them that have no vote and no gold by the scheme, and can train.

    Parameters
    ----------
    scheme : Scheme
    source : str, optional
        A round of the scheme: its units, and no others. Without it, units are made as `labels tasks` makes them, and
        those that are in a round of the scheme are left out, for they will be answered there.
    articles, unit, targets, target_list, unnamed, pairs
        See `goldwire.labels.compose.compose`; they do not go with `source`.

    Returns
    -------
    tuple
        `articles`; `units` without a probability, since what a model chose was not drawn; and how many were left out
        since they cannot train, see `goldwire.labels.by_model.may_be_chosen`.

    Raises
    ------
    UsageError
        When options do not go together.
    GoldwireError
        When the round or a file is not there, the round is of another scheme, or none of the units can train.
    """
    if source is not None:
        if articles or unit or targets or target_list or unnamed or pairs:
            raise UsageError("--from takes the units of a round: it goes with no other choice of units")
        read, units = study.read("articles"), _of_round(study, scheme, source)
        asked: set[str] = set()
    else:
        read = study.read("articles") if articles is None else tables.read(articles, "articles")
        if articles is not None:
            refuse_strangers(read, study, articles)
        units = units_of(scheme, read, unit, [*targets], target_list, unnamed, pairs)
        asked = _asked(study, scheme)
    asked |= _answered(study, scheme)
    units = units.filter(pa.array([one not in asked for one in units["unit_id"].to_pylist()], pa.bool_()))
    can = may_be_chosen(study, units)
    if len(units) and not can.any():
        raise GoldwireError(
            f"there is no unit left to choose from: all {len(units)} without an answer share a story, or what else "
            "keeps units together, with validation or test, or are later than train",
            hint="Import more articles. What a model chose would be no fair test, so it can only train.",
        )
    left_out, units = len(units) - int(can.sum()), units.filter(pa.array(can))
    at = units.schema.get_field_index("probability")
    return read, units.set_column(at, "probability", pa.nulls(len(units), pa.float64())), left_out


def write_batch(
    study: Study,
    name: str,
    scheme: Scheme,
    articles: pa.Table,
    units: pa.Table,
    *,
    chosen_by: str,
    predictions: pa.Table | None = None,
    overlap: int = 1,
    blind: bool = False,
    annotators: Sequence[str] = (),
) -> tuple[int, Path | None]:
    """Make a round of units that a model chose, or add them; return how many it has, and the file of predictions.

    The file, predictions.parquet in the round's folder, is what `goldwire labels push` sends. It keeps what an
    earlier batch of the round left there. The round says which model it was: its units train, and never test.

    Raises
    ------
    GoldwireError
        See `goldwire.labels.tasks.write_round`.
    """
    seed = study.params().seed
    count = write_round(
        study, name, scheme, articles, units, overlap=overlap, blind=blind, chosen_by=[chosen_by], seed=seed
    )
    if annotators or rounds.read(study.rounds / name).annotators:
        assign_round(study, name, named=annotators)
    if predictions is None:
        return count, None
    path = study.rounds / name / rounds.PREDICTIONS
    if path.is_file():
        new = set(predictions["unit_id"].to_pylist())
        old = tables.read(path, "predictions")
        old = old.filter(pa.array([one not in new for one in old["unit_id"].to_pylist()], pa.bool_()))
        predictions = pa.concat_tables([old, predictions])
    tables.write(predictions.sort_by([("unit_id", "ascending"), ("question", "ascending")]), path)
    return count, path


def _of_round(study: Study, scheme: Scheme, name: str) -> pa.Table:
    folder = study.rounds / name
    round_ = rounds.read(folder)
    if round_.scheme != scheme.name:
        raise GoldwireError(f"round {name} asks scheme {round_.scheme}, not {scheme.name}", where=str(folder))
    return tables.build("units", (task["meta"] for task in rounds.tasks(folder)))


def _asked(study: Study, scheme: Scheme) -> set[str]:
    found: set[str] = set()
    for folder in rounds.listing(study.rounds):
        if rounds.read(folder).scheme == scheme.name:
            found |= {task["data"]["unit_id"] for task in rounds.tasks(folder)}
    return found


def _answered(study: Study, scheme: Scheme) -> set[str]:
    found: set[str] = set()
    for name in ("votes", "gold"):
        if study.table(name).is_file():
            table = study.read(name).select(["scheme", "unit_id"]).to_pylist()
            found |= {row["unit_id"] for row in table if row["scheme"] == scheme.name}
    return found
