"""Where each decision comes from: the annotations that it rests on, and how votes became gold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from goldwire import tables
from goldwire.labels.ballots import Recode
from goldwire.labels.dataset.joins import Codes, one, positions
from goldwire.labels.gold.rulings import rulings
from goldwire.scheme import Question, Scheme


@dataclass(frozen=True)
class _Counted:
    """The annotations of one scheme that count, at most one of each annotator of a unit.

    A key is the unit's place in `units` times `annotators`, plus the annotator's place. `key` has each once, sorted,
    and `row` a row of the votes for it. `rows` are all rows of the votes that count, and `keys` the key of each.
    """

    units: pa.Array
    annotators: int
    key: Codes
    row: Codes
    rows: Codes
    keys: Codes


class Provenance:
    """The annotations behind decisions, from the votes.

    Parameters
    ----------
    votes : pa.Table
        The table of this name.
    schemes : sequence of Scheme
        Every scheme of the votes.
    recode : mapping
        Scheme, question, old label, new label: an answer that becomes "unsure" is an abstention.
    """

    def __init__(self, votes: pa.Table, schemes: Sequence[Scheme], recode: Recode) -> None:
        self._ids, self._rounds = one(votes["annotation_id"]), one(votes["round"])
        self._of = {scheme.name: _annotations(votes, scheme.name) for scheme in schemes}
        self._answers = {
            (scheme.name, question.name): _answered(
                votes, self._of[scheme.name], question, recode.get(scheme.name, {}).get(question.name, {})
            )
            for scheme in schemes
            for question in scheme.questions
        }
        self._rulings = rulings(votes)

    def added(self, decided: pa.Table, method: str) -> pa.Table:
        """Return decisions with three more columns.

        - `method`: the given one where it came to a posterior, else majority; null where nobody voted
        - `annotation_ids`: of a decision on a question, the annotations whose answers to it count and are not unsure,
          as many as n_votes; of a mention or a relation, the annotations of the unit that count, whether they marked
          it or not. They stand in the order of the annotators' names; where an adjudicator decided, the ruling's is
          the last
        - `rounds`: the round of each of these

        Parameters
        ----------
        decided : pa.Table
            gold, gold_mentions or gold_relations.
        method : str
            majority, dawid-skene or mace.
        """
        rows, votes = self._voted(decided)
        ruled, said = self._ruled(decided)
        order = np.argsort(np.concatenate([rows, ruled]), kind="stable")
        size = np.bincount(rows, minlength=decided.num_rows) + np.bincount(ruled, minlength=decided.num_rows)
        ends = pa.array(np.cumsum([0, *size]), pa.int32())
        more = {"method": _methods(decided, method)}
        for name, column, of_votes_ in (
            ("annotation_ids", "annotation_id", self._ids),
            ("rounds", "round", self._rounds),
        ):
            given = [of_votes_.take(pa.array(votes)), one(self._rulings[column]).take(pa.array(said))]
            more[name] = pa.ListArray.from_arrays(ends, pa.concat_arrays(given).take(pa.array(order)), tables.STRINGS)
        for name, values in more.items():
            decided = decided.append_column(name, values)
        return decided

    def _voted(self, decided: pa.Table) -> tuple[Codes, Codes]:
        """Return, for each annotation behind a decision, the row of the decision and the row of the annotation."""
        import pyarrow.compute as pc

        rows: list[Codes] = [np.zeros(0, dtype=np.int64)]
        votes: list[Codes] = [np.zeros(0, dtype=np.int64)]
        asked = decided.select(["scheme", "question"]).group_by(["scheme", "question"]).aggregate([])
        for scheme, question in zip(*(asked[name].to_pylist() for name in ("scheme", "question")), strict=True):
            whole = self._of[scheme]
            chosen = self._answers.get((scheme, question), np.arange(len(whole.key)))
            mine = pc.and_(pc.equal(decided["scheme"], scheme), pc.equal(decided["question"], question))
            mine = np.flatnonzero(one(mine).to_numpy(zero_copy_only=False))
            at = positions(one(decided["unit_id"]).take(pa.array(mine)), whole.units).fill_null(len(whole.units))
            unit = np.asarray(at.to_numpy(zero_copy_only=False), dtype=np.int64)
            of_unit = whole.key[chosen] // max(whole.annotators, 1)
            first, last = (np.searchsorted(of_unit, unit, side=side) for side in ("left", "right"))
            size = last - first
            rows.append(np.repeat(mine, size))
            within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
            votes.append(whole.row[chosen[np.repeat(first, size) + within]])
        return np.concatenate(rows), np.concatenate(votes)

    def _ruled(self, decided: pa.Table) -> tuple[Codes, Codes]:
        """Return the rows that an adjudicator decided, and a row of the ruling of each."""
        rows = np.flatnonzero(one(decided["adjudicator"]).is_valid().to_numpy(zero_copy_only=False))
        at = positions(_of_unit(decided.take(pa.array(rows))), _of_unit(self._rulings))
        there = at.is_valid().to_numpy(zero_copy_only=False)
        return rows[there], np.asarray(at.drop_null().to_numpy(zero_copy_only=False), dtype=np.int64)


def _annotations(votes: pa.Table, scheme: str) -> _Counted:
    import pyarrow.compute as pc

    counts = pc.and_(pc.equal(votes["scheme"], scheme), votes["counts"].fill_null(False))
    mine = np.flatnonzero(one(counts).to_numpy(zero_copy_only=False))
    part = {name: one(votes[name]).take(pa.array(mine)) for name in ("unit_id", "annotator")}
    units, annotators = (one(part[name]).unique() for name in ("unit_id", "annotator"))
    units, annotators = (names.take(pc.sort_indices(names)) for names in (units, annotators))
    codes = (
        positions(part[name], names).to_numpy() for name, names in (("unit_id", units), ("annotator", annotators))
    )
    unit, annotator = (np.asarray(code, dtype=np.int64) for code in codes)
    keys = unit * len(annotators) + annotator
    key, first = np.unique(keys, return_index=True)
    return _Counted(units, len(annotators), key, mine[first], mine, keys)


def _answered(votes: pa.Table, whole: _Counted, question: Question, recode: Mapping[str, str]) -> Codes:
    """Return the places in `whole.key` of the annotations that answer a question: see `labels.ballots.of_votes`."""
    import pyarrow.compute as pc

    asked = one(pc.equal(one(votes["question"]).take(pa.array(whole.rows)), question.name).fill_null(False))
    here = np.flatnonzero(asked.to_numpy(zero_copy_only=False))
    at, keys = pa.array(whole.rows[here]), whole.keys[here]
    if question.type == "text":
        said = pc.not_equal(one(votes["value"]).take(at).fill_null(""), "")
        return _places(whole, keys[said.to_numpy(zero_copy_only=False)])
    abstains = {label.name for label in question.labels if label.role == "unsure"}
    labels = one(votes["labels"]).take(at)
    flat = labels.flatten()
    unsure = [label for label in flat.unique().to_pylist() if recode.get(label, label) in abstains]
    sure = pc.invert(pc.is_in(flat, value_set=pa.array(unsure, pa.string())))
    answers = np.zeros(len(here), dtype=bool)
    answers[pc.list_parent_indices(labels).filter(sure).to_numpy(zero_copy_only=False)] = True
    if question.type in ("multiple", "tree") and not question.required:  # to leave it empty is an answer
        answers |= pc.equal(pc.list_value_length(labels), 0).fill_null(False).to_numpy(zero_copy_only=False)
        return _places(whole, np.concatenate([keys[answers], np.setdiff1d(whole.key, keys)]))
    return _places(whole, keys[answers])


def _places(whole: _Counted, keys: Codes) -> Codes:
    return np.asarray(np.searchsorted(whole.key, np.unique(keys)), dtype=np.int64)


def _of_unit(table: pa.Table) -> pa.Array:
    import pyarrow.compute as pc

    return one(pc.binary_join_element_wise(table["scheme"], table["unit_id"], "\0"))


def _methods(decided: pa.Table, method: str) -> pa.Array:
    import pyarrow.compute as pc

    by = pc.if_else(one(decided["posterior"]).is_valid(), method, "majority")
    return pc.if_else(pc.greater(one(decided["n_votes"]).fill_null(0), 0), by, pa.scalar(None, pa.string()))
