"""One round of the votes: whether its answers count, and its rows."""

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
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
                hint=f"Name a round that it settles: {round_.adjudicates[0]}",
            )
    return round_


def of_round(table: pa.Table, name: str) -> pa.Table:
    """Return the rows of one round."""
    return table.filter(pc.equal(table["round"], name))


def votes_of_round(votes: pa.Table, name: str) -> pa.Table:
    """Return the votes of one round.

    Raises
    ------
    GoldwireError
        When there are none.
    """
    found = of_round(votes, name)
    if not found.num_rows:
        raise GoldwireError(
            f"there are no votes of round {name}",
            hint=f"Pull and fold first: goldwire labels pull {name}, then goldwire labels build",
        )
    return found
