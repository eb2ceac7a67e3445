"""From votes to gold: what was decided on each unit, and how.

In: votes, vote_mentions, vote_relations, the schemes. Out: gold, gold_mentions, gold_relations. What is a tie is
flagged, and settled by a named rule or not at all, never by the order of rows; see `goldwire.labels.decide` for the
rules on labels and `goldwire.labels.gold.spans` for those on mentions and relations.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import Duplicates, Recode, counted, of_frame, of_votes
from goldwire.labels.decide import Decisions, Ties, decide
from goldwire.labels.estimate import Fit, Method
from goldwire.labels.gold.adjudicated import outrank
from goldwire.labels.gold.rulings import of_rulings, rulings
from goldwire.labels.gold.spans import Spans, count_left, merge
from goldwire.labels.tally import Listed
from goldwire.scheme import Scheme


@dataclass(frozen=True)
class Gold:
    """What was decided.

    Parameters
    ----------
    gold, gold_mentions, gold_relations : pa.Table
        As in `goldwire.tables`.
    left_out : dict
        How many mentions and relations that annotators marked are not in gold, after the rulings: ``{"mentions",
        "mentions_tied", "relations", "relations_tied"}``. Tied are those that exactly half of the annotators marked.
        Relations also count each link that an annotator drew to a mention that the votes left out.
    method, ties, seed
        How it was decided; see `goldwire.labels.decide.decide`.
    fits : tuple of Fit
        How the model came to its results: one for each question, layer of mentions and kind of relation.
    """

    gold: pa.Table
    gold_mentions: pa.Table
    gold_relations: pa.Table
    left_out: dict[str, int]
    method: Method = "majority"
    ties: Ties = "unresolved"
    seed: int = 0
    fits: tuple[Fit, ...] = ()

    @property
    def summary(self) -> dict[str, Any]:
        """How it was decided, and counts: rows, ties among the votes, mentions, relations, what was left out."""
        decided = Counter(self.gold["decided_by"].to_pylist())
        return {
            "method": self.method,
            "ties_policy": self.ties,
            "seed": self.seed,
            "rows": self.gold.num_rows,
            "decided_by": dict(sorted(decided.items())),
            "ties": sum(self.gold["tied"].to_pylist()),
            "mentions": self.gold_mentions.num_rows,
            "relations": self.gold_relations.num_rows,
            "left_out": self.left_out,
            "models": [fit.as_dict() for fit in self.fits],
        }


def gold(
    votes: pa.Table,
    vote_mentions: pa.Table,
    vote_relations: pa.Table,
    schemes: Mapping[str, Scheme],
    recode: Recode | None = None,
    *,
    method: Method = "majority",
    ties: Ties = "unresolved",
    seed: int = 0,
) -> Gold:
    """Decide every unit that has votes; where an adjudicator ruled, the ruling stands.

    Parameters
    ----------
    votes, vote_mentions, vote_relations : pa.Table
        Of any number of schemes and rounds; the rows that count are used, and those that are rulings.
    schemes : mapping
        Every scheme of the votes, by name.
    recode : mapping, optional
        Scheme -> question, mention layer, attribute or "relation" -> old label -> new label, applied first. New
        labels need not be in the scheme.
    method, ties, seed
        See `goldwire.labels.decide.decide`, and `goldwire.labels.gold.verdicts` for mentions and relations.

    Returns
    -------
    Gold
        A row of `gold` for each unit with votes and each required question, and for each other question that was
        answered. n_votes counts the answers without the unsure; decided_by is unanimous, majority, aggregated,
        unresolved (a tie, or everybody unsure) or adjudicated; distribution has the labels that were given, in
        scheme order, and of a tree those above them. The posterior is null without a model; the adjudicator and the
        reason are null without a ruling, see `goldwire.labels.gold.adjudicated`.

    Raises
    ------
    GoldwireError
        When the votes have a scheme that is not in `schemes`, or two answers of one annotator to one question.
    """
    recode = recode or {}
    ruled = rulings(votes)
    for table in (counted(votes), counted(vote_mentions), counted(vote_relations), ruled):
        _refuse_unknown(table, schemes)
    rows: list[dict[str, Any]] = []
    fits: list[Fit] = []
    for answers in of_votes(votes, schemes, recode):
        decisions = decide(answers, method=method, ties=ties, seed=seed)
        rows += _rows(answers, decisions, schemes)
        fits += [decisions.fit] if decisions.fit and decisions.fit.answers else []
    order = {(name, q.name): i for name, scheme in schemes.items() for i, q in enumerate(scheme.questions)}
    rows.sort(key=lambda row: (row["scheme"], row["unit_id"], order[row["scheme"], row["question"]]))
    spans = Spans.of_tables(counted(votes), counted(vote_mentions), counted(vote_relations))
    merged = merge(spans, schemes, recode, method, seed)
    final = outrank(
        rows, merged,
        ruled, of_rulings(vote_mentions, ruled), of_rulings(vote_relations, ruled), schemes, recode, spans,
    )  # fmt: skip
    return Gold(
        tables.build("gold", final.rows),
        tables.build("gold_mentions", final.mentions),
        tables.build("gold_relations", final.relations),
        count_left(final.left),
        method,
        ties,
        seed,
        (*fits, *merged.fits),
    )


def gold_from_frame(
    table: pa.Table,
    unit: str,
    annotator: str,
    label: str,
    duplicates: Duplicates | None = None,
    *,
    method: Method = "majority",
    ties: Ties = "unresolved",
    seed: int = 0,
) -> pa.Table:
    """Decide every unit of a plain table with one answer a row.

    Parameters
    ----------
    table, unit, annotator, label, duplicates
        See `goldwire.labels.ballots.of_frame`; `label` holds one label, not a list.
    method, ties, seed
        See `goldwire.labels.decide.decide`.

    Returns
    -------
    pa.Table
        One row a unit, sorted: unit, label (null where unresolved), decided_by, n_votes, tied, distribution,
        posterior (null without a model).

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
    decisions = decide(answers, method=method, ties=ties, seed=seed)
    one = np.full(len(answers.units), -1)
    one[decisions.kept.unit] = decisions.kept.label
    return pa.table(
        {
            "unit": pa.array(answers.units, pa.string()),
            "label": pa.array(decisions.kept.names, pa.string()).take(pa.array(one, mask=one < 0)),
            "decided_by": pa.array(decisions.decided_by, pa.string()),
            "n_votes": pa.array(answers.size, pa.int64()),
            "tied": pa.array(decisions.tied),
            "distribution": _column(decisions.given),
            "posterior": _column(decisions.estimated) if decisions.fit else pa.nulls(len(one), tables.SHARES),
        }
    )


def _column(listed: Listed) -> pa.Array:
    labels = pa.array(listed.names, pa.string()).take(pa.array(listed.label))
    pairs = pa.StructArray.from_arrays([labels, pa.array(listed.share)], fields=[*tables.SHARES.value_type])
    return pa.ListArray.from_arrays(pa.array(listed.ends, pa.int32()), pairs, type=tables.SHARES)


def _rows(answers: Answers, decisions: Decisions, schemes: Mapping[str, Scheme]) -> Iterator[dict[str, Any]]:
    scheme = schemes[answers.scheme]
    required = scheme.question(answers.question).required
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
            "posterior": _distribution(decisions.posterior[i]) if decisions.fit else None,
        }


def _distribution(shares: list[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"label": label, "share": share} for label, share in shares]


def _refuse_unknown(table: pa.Table, schemes: Mapping[str, Scheme]) -> None:
    for name in sorted(set(table["scheme"].to_pylist())):
        if name not in schemes:
            raise GoldwireError(
                f'there are votes with scheme "{name}", and no such scheme',
                hint=f"Put it back as labels/schemes/{name}.yaml. Known: {', '.join(sorted(schemes)) or 'none'}",
            )
