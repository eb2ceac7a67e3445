"""From votes to gold: what was decided on each unit, by majority, and how.

In: votes, vote_mentions, vote_relations, the schemes. Out: gold, gold_mentions, gold_relations. What is a tie is
flagged and never settled by the order of rows; see `goldwire.labels.decide` for the rules on labels and
`goldwire.labels.gold_spans` for those on mentions and relations.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Duplicates, Recode, counted, of_frame, of_votes
from goldwire.labels.decide import decide
from goldwire.labels.gold_spans import Spans, merge
from goldwire.scheme import Scheme


@dataclass(frozen=True)
class Gold:
    """What was decided.

    Parameters
    ----------
    gold, gold_mentions, gold_relations : pa.Table
        As in `goldwire.tables`.
    left_out : dict
        How many mentions and relations are not in gold: ``{"mentions", "mentions_tied", "relations",
        "relations_tied"}``. Tied are those that exactly half of the annotators marked. Relations also count each
        link that an annotator drew to a mention that is not in gold.
    """

    gold: pa.Table
    gold_mentions: pa.Table
    gold_relations: pa.Table
    left_out: dict[str, int]

    @property
    def summary(self) -> dict[str, Any]:
        """Counts, for a person: rows by how they were decided, ties, mentions, relations, what was left out."""
        decided = Counter(self.gold["decided_by"].to_pylist())
        return {
            "rows": self.gold.num_rows,
            "decided_by": dict(sorted(decided.items())),
            "ties": sum(self.gold["tied"].to_pylist()),
            "mentions": self.gold_mentions.num_rows,
            "relations": self.gold_relations.num_rows,
            "left_out": self.left_out,
        }


def gold(
    votes: pa.Table,
    vote_mentions: pa.Table,
    vote_relations: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode | None = None,
) -> Gold:
    """Decide every unit that has votes, by majority.

    Parameters
    ----------
    votes, vote_mentions, vote_relations : pa.Table
        Of any number of schemes and rounds; the rows that count are used.
    schemes : mapping
        Every scheme of the votes, by name.
    recode : mapping, optional
        Scheme -> question, mention layer, attribute or "relation" -> old label -> new label, applied first. New
        labels need not be in the scheme.

    Returns
    -------
    Gold
        A row of `gold` for each unit with votes and each required question, and for each other question that was
        answered. n_votes counts the answers without the unsure; decided_by is unanimous, majority or unresolved
        (a tie, or everybody unsure); distribution has the labels that were given, in scheme order. The posterior,
        the adjudicator and the reason are null.

    Raises
    ------
    GoldwireError
        When the votes have a scheme that is not in `schemes`, or two answers of one annotator to one question.
    """
    recode = recode or {}
    for table in (votes, vote_mentions, vote_relations):
        _refuse_unknown(table, schemes)
    rows = [row for answers in of_votes(votes, schemes, recode) for row in _rows(answers, schemes)]
    order = {(name, q.name): i for name, scheme in schemes.items() for i, q in enumerate(scheme.questions)}
    rows.sort(key=lambda row: (row["scheme"], row["unit_id"], order[row["scheme"], row["question"]]))
    spans = Spans.of_tables(counted(votes), counted(vote_mentions), counted(vote_relations))
    mentions, relations, left_out = merge(spans, schemes, recode)
    return Gold(
        tables.build("gold", rows),
        tables.build("gold_mentions", mentions),
        tables.build("gold_relations", relations),
        left_out,
    )


def gold_from_frame(
    table: pa.Table, unit: str, annotator: str, label: str, duplicates: Duplicates | None = None
) -> pa.Table:
    """Decide every unit of a plain table with one answer a row.

    Parameters
    ----------
    table, unit, annotator, label, duplicates
        See `goldwire.labels.ballots.of_frame`; `label` holds one label, not a list.

    Returns
    -------
    pa.Table
        One row a unit, sorted: unit, label (null where unresolved), decided_by, n_votes, tied, distribution.

    Raises
    ------
    GoldwireError
        When a column is missing or has gaps, holds lists, or an annotator answered a unit twice.
    """
    answers = of_frame(table, unit, annotator, label, duplicates)
    if not answers.takes_one:
        raise GoldwireError(
            f'column "{label}" holds lists of labels', hint="Give a table with one label a row, or use a study."
        )
    if not answers.units:
        raise GoldwireError(f"there is no answer in these {table.num_rows} rows")
    decisions = decide(answers)
    return pa.table(
        {
            "unit": pa.array(answers.units, pa.string()),
            "label": pa.array([labels[0] if labels else None for labels in decisions.labels], pa.string()),
            "decided_by": pa.array(decisions.decided_by, pa.string()),
            "n_votes": pa.array(answers.size, pa.int64()),
            "tied": pa.array(decisions.tied),
            "distribution": pa.array([_distribution(shares) for shares in decisions.shares], tables.SHARES),
        }
    )


def _rows(answers: Answers, schemes: Mapping[str, Scheme]) -> Iterator[dict[str, Any]]:
    scheme = schemes[answers.scheme]
    required = scheme.question(answers.question).required
    decisions = decide(answers)
    for i, unit in enumerate(answers.units):
        votes = int(answers.size[i])
        if not required and votes == 0:
            continue
        labels = decisions.labels[i]
        yield {
            "scheme": answers.scheme,
            "scheme_hash": scheme.hash,
            "unit_id": unit,
            "question": answers.question,
            "labels": [] if answers.type == "text" else labels,
            "value": labels[0] if answers.type in ("text", "ordinal") and labels else None,
            "decided_by": decisions.decided_by[i],
            "n_votes": votes,
            "tied": bool(decisions.tied[i]),
            "distribution": _distribution(decisions.shares[i]),
        }


def _distribution(shares: list[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"label": label, "share": share} for label, share in shares]


def _refuse_unknown(table: pa.Table, schemes: Mapping[str, Scheme]) -> None:
    for name in sorted(set(counted(table)["scheme"].to_pylist())):
        if name not in schemes:
            raise GoldwireError(
                f'there are votes with scheme "{name}", and no such scheme',
                hint=f"Put it back as labels/schemes/{name}.yaml. Known: {', '.join(sorted(schemes)) or 'none'}",
            )
