"""The wide config of a scheme: one row a unit, a column for each question, and beside it the shares of its labels."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.config import Config
from goldwire.labels.dataset.frame import ARTICLE, UNIT
from goldwire.labels.dataset.joins import one, positions, taken
from goldwire.labels.dataset.soft import soft_labels
from goldwire.scheme import Question, Scheme

_BESIDE = ("decided_by", "soft", "posterior")


def label_names(question: Question, recode: Mapping[str, str] | None = None) -> list[str]:
    """Return the labels that gold can have, in scheme order, without those that mean unsure.

    A recoded label stands under its new name, in the place of the first label that has become it.
    """
    recode = recode or {}
    unsure = {name for name in question.label_names() if question.label(name).role == "unsure"}
    names = [recode.get(name, name) for name in question.label_names()]
    return [name for name in dict.fromkeys(names) if name not in unsure]


def question_columns(scheme: Scheme) -> dict[str, str]:
    """Return the column of each question in the wide config; ``question_NAME`` where NAME is a column already."""
    taken = {"unit_id", "article_id", "text", "scheme_hash", "fold", "split", *UNIT, *ARTICLE}
    taken |= {f"{question.name}_{what}" for question in scheme.questions for what in _BESIDE}
    return {q.name: f"question_{q.name}" if q.name in taken else q.name for q in scheme.questions}


def wide(scheme: Scheme, gold: pa.Table, frame: pa.Table, recode: Mapping[str, Mapping[str, str]]) -> Config:
    """Return the config ``gold-SCHEME``.

    Beside the column of each question stand who decided it (``_decided_by``), and for all but free text the shares
    of its labels among the votes (``_soft``) and, where a model decided, its probabilities (``_posterior``): see
    `goldwire.labels.dataset.soft`.

    Parameters
    ----------
    gold : pa.Table
        The table of this name, of any schemes.
    frame : pa.Table
        See `goldwire.labels.dataset.frame`; units without a split are left out.
    recode : mapping
        Question, old label, new label.

    Raises
    ------
    GoldwireError
        When gold has a label that the scheme has not, or several where the question takes one.
    """
    import pyarrow.compute as pc

    gold = gold.filter(pc.equal(gold["scheme"], scheme.name))
    here = pc.and_(pc.is_in(one(frame["unit_id"]), value_set=one(gold["unit_id"])), one(frame["split"]).is_valid())
    rows = taken(frame, np.flatnonzero(here.to_numpy(zero_copy_only=False)))
    made = rows.select(["unit_id", "article_id", "text", *ARTICLE, *UNIT])
    made = made.append_column(
        "scheme_hash", one(gold["scheme_hash"]).take(positions(made["unit_id"], gold["unit_id"]))
    )
    columns, classes, lengths = question_columns(scheme), dict[str, list[str]](), dict[str, int]()
    for question in scheme.questions:
        column, names = columns[question.name], label_names(question, recode.get(question.name))
        answers = gold.filter(pc.equal(gold["question"], question.name))
        found = {"": one(answers["value"]), "_decided_by": one(answers["decided_by"])}
        if question.type != "text":
            classes[column] = names
            several, where = question.type in ("multiple", "tree"), f"{scheme.name}.{question.name}"
            found[""] = _codes(answers, question, names, scheme.name)
            found["_soft"] = soft_labels(answers, "distribution", names, several, where)
            if answers["posterior"].null_count < answers.num_rows:
                found["_posterior"] = soft_labels(answers, "posterior", names, several, where)
            lengths |= {f"{column}{suffix}": len(names) for suffix in found if suffix in ("_soft", "_posterior")}
        at = positions(made["unit_id"], answers["unit_id"])
        for suffix, values in found.items():
            made = made.append_column(f"{column}{suffix}", values.take(at))
    for name in ("fold", "split"):
        made = made.append_column(name, rows[name])
    return Config(
        f"gold-{scheme.name}", f"a unit, with the answer to each question of {scheme.name}", made, classes, lengths
    )


def _codes(rows: pa.Table, question: Question, names: list[str], scheme: str) -> pa.Array:
    """Return labels as their places in `names`: one, or for multiple and tree a list; null where unresolved."""
    import pyarrow.compute as pc

    labels, several = one(rows["labels"]), question.type in ("multiple", "tree")
    row, given = pc.list_parent_indices(labels).to_numpy(zero_copy_only=False), labels.flatten()
    if question.type == "ordinal":  # where `labels` is empty, its label stands in `value`
        bare = ~np.isin(np.arange(len(rows)), row) & one(rows["value"]).is_valid().to_numpy(zero_copy_only=False)
        row = np.concatenate([row, np.flatnonzero(bare)])
        given = pa.concat_arrays([given, one(rows["value"]).filter(pa.array(bare))])
    at = pc.index_in(given, value_set=pa.array(names, pa.string()))
    size = np.bincount(row, minlength=len(rows))
    if at.null_count:
        place = int(np.flatnonzero(at.is_null().to_numpy(zero_copy_only=False))[0])
        raise GoldwireError(
            f'gold has the label "{given[place]}", which is not among: {", ".join(names)}',
            where=f"{rows['unit_id'][int(row[place])]}: {scheme}.{question.name}",
            hint="The scheme or `recode` in params.yaml changed since: make gold again with goldwire labels gold",
        )
    if not several and (size > 1).any():
        place = int(np.argmax(size > 1))
        raise GoldwireError(
            f"gold has {size[place]} labels, and the question takes one",
            where=f"{rows['unit_id'][place]}: {scheme}.{question.name}",
        )
    codes = at.cast(pa.int64())
    if not several:
        of_row = np.full(len(rows), -1)
        of_row[row] = np.arange(len(row))
        return codes.take(pa.array(of_row, mask=of_row < 0))
    unresolved = pc.fill_null(pc.equal(one(rows["decided_by"]), "unresolved"), False)
    none = pc.or_(unresolved, labels.is_null()).to_numpy(zero_copy_only=False)
    ends = pa.array(np.cumsum([0, *np.where(none, 0, size)]), pa.int32())
    return pa.ListArray.from_arrays(ends, codes.filter(pa.array(~none[row])), mask=pa.array(none))
