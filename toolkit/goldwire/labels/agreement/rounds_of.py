"""The rounds of the votes: one of them alone, and which were blind."""

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.ballots import counted
from goldwire.labels.rounds import Round
from goldwire.study import Study


def counting_round(study: Study, name: str) -> Round:
    """Return a round whose answers are votes.

    Raises
    ------
    GoldwireError
        When there is no such round, or its answers are compared with votes, or settle them, and do not count.
    """
    round_ = rounds.read(study.rounds / name)
    match round_.purpose:
        case "retest":
            raise GoldwireError(
                f"the answers of round {name} do not count: it asks those of {round_.retest_of} again",
                hint=f"To compare the two: goldwire labels status {name}",
            )
        case "adjudication":
            raise GoldwireError(
                f"the answers of round {name} do not count as votes: it settles {', '.join(round_.adjudicates)}",
                hint=f"Agreement is of the rounds before: goldwire labels agreement {round_.adjudicates[0]}",
            )
    return round_


def of_round(table: pa.Table, name: str | None) -> pa.Table:
    """Return the rows of one round; all of them without a name."""
    return table if name is None else table.filter(pc.equal(table["round"], name))


def blind(study: Study, votes: pa.Table) -> dict[str, dict[str, bool | None]]:
    """Return, for each scheme, which rounds its votes that count are of, and whether each was blind.

    None is not known: the votes name a round that the study has not.
    """
    rows = counted(votes).select(["scheme", "round"]).group_by(["scheme", "round"]).aggregate([])
    there = {folder.name for folder in rounds.listing(study.rounds)}
    found: dict[str, dict[str, bool | None]] = {}
    for scheme, name in zip(rows["scheme"].to_pylist(), rows["round"].to_pylist(), strict=True):
        of_scheme = found.setdefault(scheme, {})
        if name is not None:
            of_scheme[name] = rounds.read(study.rounds / name).blind if name in there else None
    return {scheme: dict(sorted(of_scheme.items())) for scheme, of_scheme in found.items()}
