"""What adjudicators decided: of each unit, the answer that stands."""

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels.rounds import ADJUDICATION

_ANSWER = ("scheme", "unit_id", "round", "annotation_id")


def rulings(votes: pa.Table) -> pa.Table:
    """Return the rows of votes that are rulings: of each scheme and unit, the submitted adjudication updated last.

    Of two that were updated in one moment it is the one that stands later in the table, which is sorted.
    """
    given = submitted(votes)
    when = pc.coalesce(given["updated"], given["created"]).to_pylist()
    keys = list(zip(*(given[column].to_pylist() for column in _ANSWER), strict=True))
    last: dict[tuple[str, str], tuple[tuple[bool, object, int], tuple[str, str]]] = {}
    for row, ((scheme, unit, *answer), time) in enumerate(zip(keys, when, strict=True)):
        rank = (time is not None, time, row)
        if (scheme, unit) not in last or rank >= last[scheme, unit][0]:
            last[scheme, unit] = rank, (answer[0], answer[1])
    stands = [last[scheme, unit][1] == (name, number) for scheme, unit, name, number in keys]
    return given.filter(pa.array(stands, pa.bool_()))


def submitted(votes: pa.Table) -> pa.Table:
    """Return the rows of votes that adjudicators submitted: also rulings in whose place a later one stands."""
    return votes.filter(
        pc.and_(
            pc.equal(votes["purpose"], ADJUDICATION).fill_null(False),
            pc.equal(votes["status"], "submitted").fill_null(False),
        )
    )


def of_rulings(table: pa.Table, ruled: pa.Table) -> pa.Table:
    """Return the rows of vote_mentions or vote_relations that belong to rulings."""
    answers = set(zip(*(ruled[column].to_pylist() for column in _ANSWER), strict=True))
    keys = zip(*(table[column].to_pylist() for column in _ANSWER), strict=True)
    return table.filter(pa.array([key in answers for key in keys], pa.bool_()))
