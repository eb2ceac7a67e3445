"""What each config of the dataset holds: its columns, its rows, and which columns are labels of a scheme.

A *config* is one table of the dataset under a name, divided by its column `split`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.labels.ballots import Recode
from goldwire.labels.dataset.events import events
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Question, Scheme

UNASSIGNED = "unassigned"  # articles without a labelled unit in their story

_UNIT = ["kind", "start", "end", "target", "target_aliases", "holder", "probability"]
_ARTICLE = ["title", "outlet", "url", "published_at", "language", "story_id", "group"]
_NOT_PUBLISHED = ["created", "updated"]  # they tell when an annotator was at work


@dataclass(frozen=True)
class Config:
    """One table of the dataset.

    Attributes
    ----------
    name : str
        As given to `load_dataset`.
    row : str
        What one row is.
    table : pa.Table
        All rows, sorted; the column `split` divides them.
    classes : mapping of str to list of str
        Columns that hold indices of labels, with the labels.
    """

    name: str
    row: str
    table: pa.Table
    classes: Mapping[str, list[str]] = field(default_factory=dict)

    def parts(self) -> dict[str, pa.Table]:
        """Return the rows of each split: train, validation and test always, unassigned where there are any."""
        import pyarrow.compute as pc

        found = {name: self.table.filter(pc.equal(self.table["split"], name)) for name in (*SPLITS, UNASSIGNED)}
        return {name: part for name, part in found.items() if name in SPLITS or part.num_rows}


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
    taken = {"unit_id", "article_id", "text", "scheme_hash", "split", *_UNIT, *_ARTICLE}
    return {q.name: f"question_{q.name}" if q.name in taken else q.name for q in scheme.questions}


def configs(
    *,
    articles: pa.Table,
    units: pa.Table,
    votes: pa.Table,
    gold: pa.Table,
    mentions: pa.Table,
    relations: pa.Table,
    splits: pa.Table,
    schemes: Sequence[Scheme],
    recode: Recode,
) -> list[Config]:
    """Return the configs of the dataset, `gold` first. Units without a split are in none but `articles`.

    Parameters
    ----------
    mentions, relations : pa.Table
        The decided ones (`gold_mentions`, `gold_relations`).
    recode : mapping
        Scheme, question, old label, new label: as already applied to `gold`, never to `votes`.

    Raises
    ------
    GoldwireError
        When a row belongs to no unit, a unit to no article, a mention is not the text at its place, or gold has a
        label that its scheme has not.
    """
    import pyarrow.compute as pc

    frame = _frame(units, articles, splits)
    placed = [*_UNIT, "text", "split"]
    _check_mentions(mentions, frame, articles)
    answers = pc.field("status").isin(["submitted", "skipped"])
    by_unit = [("scheme", "ascending"), ("unit_id", "ascending")]
    flat = events(mentions, relations, units, schemes)
    return [
        Config(
            "gold",
            "a unit and a question, as decided",
            _joined(gold, frame, placed).sort_by([*by_unit, ("question", "ascending")]),
        ),
        *[_wide(scheme, gold, frame, recode.get(scheme.name, {})) for scheme in schemes],
        Config(
            "votes",
            "an annotator's answer to a question about a unit",
            _joined(votes.filter(answers).drop_columns(_NOT_PUBLISHED), frame, ["split"]).sort_by(
                [*by_unit, *[(key, "ascending") for key in ("question", "annotator", "annotation_id")]]
            ),
        ),
        Config("mentions", "a marked span, as decided", _spans(mentions, frame, "mention_id")),
        Config("relations", "a link between two spans, as decided", _spans(relations, frame, "relation_id")),
        Config("events", "an event: its trigger, attributes and roles", _joined(flat, frame, ["split"])),
        Config("articles", "an article, labelled or not", _articles(articles, frame)),
    ]


def _frame(units: pa.Table, articles: pa.Table, splits: pa.Table) -> pa.Table:
    """Return units with what is known of their articles, the text that was shown, and their split."""
    frame = _lookup(units.sort_by("unit_id"), "article_id", articles, "article_id", [*_ARTICLE, "text"], "article")
    shown = zip(*(frame[name].to_pylist() for name in ("text", "start", "end")), strict=True)
    texts = pa.array([text if start is None else text[start:end] for text, start, end in shown], pa.string())
    frame = frame.set_column(frame.column_names.index("text"), "text", texts)
    return _lookup(frame, "unit_id", splits, "unit_id", ["split"], None)


def _lookup(table: pa.Table, key: str, other: pa.Table, by: str, columns: list[str], what: str | None) -> pa.Table:
    """Add columns of `other`, found by key; what is not found is null, or an error that names `what`."""
    import pyarrow.compute as pc

    at = pc.index_in(table[key], value_set=other[by].combine_chunks())
    if what and at.null_count:
        lost = sorted(set(table[key].filter(pc.is_null(at)).to_pylist()), key=str)
        raise GoldwireError(
            f"{len(lost)} times the {what} is not known: {', '.join(map(str, lost[:5]))}",
            hint="Fold the rounds again with: goldwire labels build",
        )
    for name in columns:
        table = table.append_column(other.schema.field(name), other[name].take(at))
    return table


def _joined(table: pa.Table, frame: pa.Table, columns: list[str]) -> pa.Table:
    """Return the rows of units that have a split, ids first, with columns of their units."""
    import pyarrow.compute as pc

    if "article_id" not in table.column_names:
        columns = ["article_id", *columns]
    table = _lookup(table, "unit_id", frame, "unit_id", columns, "unit")
    ids = ["unit_id", "article_id"]
    ordered = [*ids, *[name for name in table.column_names if name not in ids]]
    return table.select(ordered).filter(pc.is_valid(table["split"]))


def _spans(table: pa.Table, frame: pa.Table, key: str) -> pa.Table:
    joined = _joined(table, frame, ["split"])
    ids = [key, "unit_id", "article_id"]
    rest = [name for name in joined.column_names if name not in ids]
    order = ["scheme", "unit_id", *(["start", "end"] if "start" in rest else []), key]
    return joined.select([*ids, *rest]).sort_by([(name, "ascending") for name in order])


def _articles(articles: pa.Table, frame: pa.Table) -> pa.Table:
    """Return all articles; one without labelled units has the split of its story and group, when that is one."""
    names = ("article_id", "story_id", "group")

    def keys(table: pa.Table) -> Iterator[list[tuple[str, str]]]:
        """Yield what each row may share with others: its article, story and group, as far as they are known."""
        for values in zip(*(table[name].to_pylist() for name in names), strict=True):
            yield [(name, value) for name, value in zip(names, values, strict=True) if value is not None]

    seen: dict[tuple[str, str], set[str]] = {}
    for split, shared in zip(frame["split"].to_pylist(), keys(frame), strict=True):
        for key in shared if split is not None else []:
            seen.setdefault(key, set()).add(split)
    splits = []
    for own, *shared in keys(articles):
        found = seen.get(own) or set().union(*(seen.get(key, set()) for key in shared))
        splits.append(next(iter(found)) if len(found) == 1 else UNASSIGNED)
    return articles.append_column("split", pa.array(splits, pa.string())).sort_by("article_id")


def _check_mentions(mentions: pa.Table, frame: pa.Table, articles: pa.Table) -> None:
    spans = _lookup(mentions, "unit_id", frame, "unit_id", ["article_id"], "unit")
    texts = dict(zip(articles["article_id"].to_pylist(), articles["text"].to_pylist(), strict=True))
    columns = (spans[name].to_pylist() for name in ("mention_id", "article_id", "start", "end", "text"))
    for mention, article, start, end, text in zip(*columns, strict=True):
        if texts[article][start:end] != text:
            raise GoldwireError(
                f'mention {mention} is "{text}", but article {article} has "{texts[article][start:end]}" there',
                where=f"{article}:{start}-{end}",
                hint="The article was changed after it was labelled: import it again as it was.",
            )


def _wide(scheme: Scheme, gold: pa.Table, frame: pa.Table, recode: Mapping[str, Mapping[str, str]]) -> Config:
    """Return one row a unit, and for each question its answer, who decided it, and the distribution of votes."""
    import pyarrow.compute as pc

    gold = gold.filter(pc.field("scheme") == scheme.name)
    wide = frame.filter(pc.is_in(frame["unit_id"], value_set=gold["unit_id"].combine_chunks()))
    wide = wide.filter(pc.is_valid(wide["split"]))
    wide = wide.select(["unit_id", "article_id", "text", *_ARTICLE, *_UNIT, "split"])
    split = wide["split"]
    wide = _lookup(wide.drop_columns("split"), "unit_id", gold, "unit_id", ["scheme_hash"], None)
    classes: dict[str, list[str]] = {}
    for question in scheme.questions:
        column = question_columns(scheme)[question.name]
        rows = gold.filter(pc.field("question") == question.name)
        if question.type == "text":
            answers = rows["value"].combine_chunks()
        else:
            classes[column] = label_names(question, recode.get(question.name))
            answers = _codes(rows, question, classes[column], scheme.name)
        rows = rows.append_column("answer", answers)
        at = pc.index_in(wide["unit_id"], value_set=rows["unit_id"].combine_chunks())
        for name in ("answer", "decided_by", "distribution"):
            title = column if name == "answer" else f"{column}_{name}"
            wide = wide.append_column(title, rows[name].take(at))
    wide = wide.append_column("split", split)
    return Config(f"gold-{scheme.name}", f"a unit, with the answer to each question of {scheme.name}", wide, classes)


def _codes(rows: pa.Table, question: Question, names: list[str], scheme: str) -> pa.Array:
    """Return labels as their places in `names`: one, or for multiple and tree a list; null where unresolved."""
    index = {name: place for place, name in enumerate(names)}
    several = question.type in ("multiple", "tree")
    codes: list[int | list[int] | None] = []
    for unit, labels, value, by in zip(
        *(rows[name].to_pylist() for name in ("unit_id", "labels", "value", "decided_by")), strict=True
    ):
        given = labels or ([value] if question.type == "ordinal" and value is not None else [])
        where = f"{unit}: {scheme}.{question.name}"
        if unknown := [label for label in given if label not in index]:
            raise GoldwireError(
                f'gold has the label "{unknown[0]}", which is not among: {", ".join(names)}',
                where=where,
                hint="The scheme or `recode` in params.yaml changed since: make gold again with goldwire labels gold",
            )
        if not several and len(given) > 1:
            raise GoldwireError(f"gold has {len(given)} labels, and the question takes one", where=where)
        if several:
            codes.append(None if by == "unresolved" or labels is None else [index[label] for label in given])
        else:
            codes.append(index[given[0]] if given else None)
    return pa.array(codes, pa.list_(pa.int64()) if several else pa.int64())
