"""What is trained and scored: the units of a question with their texts, gold answers and splits, as one frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goldwire import scheme as schemes
from goldwire.errors import GoldwireError
from goldwire.eval.task import TYPES, Answer, Task
from goldwire.scheme import Label, Question, Scheme
from goldwire.study import Study

if TYPE_CHECKING:
    import pandas as pd

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class NotApplicable:
    """A question that is not evaluated, and the reason."""

    scheme: str
    question: str
    reason: str

    @property
    def key(self) -> str:
        """``<scheme>.<question>``."""
        return f"{self.scheme}.{self.question}"


@dataclass(frozen=True)
class Inputs:
    """One question of one scheme.

    Attributes
    ----------
    task : Task
        Its type and the labels that can be decided, after recoding.
    rows : DataFrame
        One row a unit that has a gold row, sorted by unit_id: unit_id, article_id, title, text (what was shown),
        kind, outlet, published_at (ISO 8601), language, target, aliases (list of str), holder, labels (the gold
        answer, a tuple; None while unresolved), label (its one label; None while unresolved and where several are
        possible), split (None outside all), cluster (the split's group, else the story, else the article),
        decided_by, n_votes, distribution ({label: share of the votes}). Missing texts are "".
    votes : DataFrame
        One row an answer that counts and does not abstain: unit_id, annotator, labels (a tuple), label (its one
        label, or None where several are possible).
    """

    scheme: Scheme
    question: Question
    task: Task
    rows: "pd.DataFrame"
    votes: "pd.DataFrame"

    @property
    def labels(self) -> list[str]:
        """What can be decided, in scheme order after recoding; "unsure" is no such label."""
        return list(self.task.labels)

    @property
    def key(self) -> str:
        """``<scheme>.<question>``, the stem of this question's files."""
        return f"{self.scheme.name}.{self.question.name}"

    @property
    def has_targets(self) -> bool:
        """Whether the units ask about a target."""
        return bool((self.rows["target"] != "").any())

    def labelled(self, split: str) -> "pd.DataFrame":
        """Return the rows of a split that have a gold label."""
        return self.rows[(self.rows["split"] == split) & self.rows["labels"].notna()].reset_index(drop=True)

    def in_splits(self, *names: str) -> "pd.DataFrame":
        """Return the rows of these splits, with and without a gold label."""
        return self.rows[self.rows["split"].isin(list(names))].reset_index(drop=True)

    def lacking(self, split: str) -> str | None:
        """Return why nothing can be done with a split, or None."""
        if not len(self.rows):
            return "no unit has gold for it yet"
        return None if len(self.labelled(split)) else f"no unit of the {split} split has a gold label"

    def not_applicable(self, reason: str) -> NotApplicable:
        """Return this question as one that is left out."""
        return NotApplicable(self.scheme.name, self.question.name, reason)


def load_all(study: Study) -> tuple[list[Inputs], list[NotApplicable]]:
    """Return the inputs of every question in the gold that has labels, and the questions that are left out.

    Raises
    ------
    GoldwireError
        When a table is missing, a gold unit has no units or articles row, or a gold label is not in its scheme.
    """
    gold = study.read("gold").to_pandas()
    if gold.empty:
        raise GoldwireError("there is no gold yet", where=str(study.table("gold")), hint="goldwire labels gold")
    shown = _shown(study)
    votes = study.read("votes").to_pandas()
    recode = study.params().recode
    inputs, skipped = [], []
    for name in sorted(gold["scheme"].unique()):
        scheme = schemes.load(name, study.schemes)
        for question in scheme.questions:
            if question.type not in TYPES:
                reason = "its answers are free text, which has no right label"
                skipped.append(NotApplicable(name, question.name, reason))
                continue
            mapping = recode.get(name, {}).get(question.name, {})
            chosen = (gold["scheme"] == name) & (gold["question"] == question.name)
            answers = votes[(votes["scheme"] == name) & (votes["question"] == question.name) & (votes["counts"])]
            inputs.append(_inputs(scheme, question, mapping, gold[chosen], answers, shown))
    return inputs, skipped


def decided_labels(question: Question, recode: Mapping[str, str]) -> list[Label]:
    """Return the labels that gold can have, in scheme order, under their names after recoding.

    A label made by recoding is described by those that became it.
    """
    became: dict[str, list[Label]] = {}
    for name in question.label_names():
        label = question.label(name).model_copy(update={"name": name})
        became.setdefault(recode.get(name, name), []).append(label)
    unsure = _unsure(question)
    found = []
    for name, labels in became.items():
        own = next((label for label in labels if label.name == name), None)
        definition = own.definition if own else "Was: " + ", ".join(label.name for label in labels)
        if name not in unsure:
            found.append((own or labels[0]).model_copy(update={"name": name, "definition": definition}))
    return found


def _inputs(
    scheme: Scheme,
    question: Question,
    recode: Mapping[str, str],
    gold: "pd.DataFrame",
    votes: "pd.DataFrame",
    shown: "pd.DataFrame",
) -> Inputs:
    import pandas as pd

    task = task_of(scheme, question, recode)
    unsure = _unsure(question)
    several = task.several
    undecided = (gold["decided_by"] == "unresolved") & task.several  # where no label is an answer, too
    decided = gold["labels"].where(~undecided)
    gold = gold.assign(
        labels=pd.Series([_answer(value, unsure, {}, several) for value in decided], gold.index, dtype=object),
        distribution=pd.Series([_shares(value) for value in gold["distribution"]], gold.index, dtype=object),
    )
    gold["label"] = pd.Series([_only(value, several) for value in gold["labels"]], gold.index, dtype=object)
    strange = {label for answer in gold["labels"].dropna() for label in answer} - set(task.labels)
    if strange:
        units = gold.loc[[bool(strange & set(answer or ())) for answer in gold["labels"]], "unit_id"]
        raise GoldwireError(
            f"{len(units)} gold labels are not in scheme {scheme.name}, question {question.name}: "
            f"{', '.join(sorted(strange)[:5])} (unit {units.iloc[0]})",
            hint="Mend the scheme or params.yaml (recode), then run: goldwire labels gold",
        )
    kept = ["unit_id", "labels", "label", "decided_by", "n_votes", "distribution"]
    rows = gold[kept].merge(shown, how="left", on="unit_id")
    if lost := rows.loc[rows["text"].isna(), "unit_id"].tolist():
        raise GoldwireError(
            f"{len(lost)} units with gold are not in units.parquet or articles.parquet, such as {lost[0]}",
            hint="Run: goldwire labels build",
        )
    rows["decided_by"] = rows["decided_by"].fillna("")
    rows["n_votes"] = rows["n_votes"].fillna(0).astype("int64")
    rows = rows.sort_values("unit_id").reset_index(drop=True)
    said = [_answer(value, unsure, recode, several) for value in votes["labels"]]
    frame = pd.DataFrame(
        {
            "unit_id": votes["unit_id"].to_numpy(),
            "annotator": votes["annotator"].to_numpy(),
            "labels": pd.Series(said, dtype=object),
            "label": pd.Series([_only(answer, several) for answer in said], dtype=object),
        }
    )
    frame = frame[frame["labels"].notna()].sort_values(["unit_id", "annotator", "labels"]).reset_index(drop=True)
    return Inputs(scheme, question, task, rows, frame)


def task_of(scheme: Scheme, question: Question, recode: Mapping[str, str]) -> Task:
    """Return the question as models and metrics see it; `recode` has old label -> new label."""
    if question.type not in TYPES:
        raise ValueError(f"question {question.name} is of type {question.type}")
    decided = decided_labels(question, recode)
    negative = [label.name for label in decided if label.role == "negative"]
    several = question.type in ("multiple", "tree")
    return Task(
        labels=tuple(label.name for label in decided),
        type=question.type,
        negative=negative[0] if several and negative else None,
        codebook=scheme,
        question=question,
    )


def _shown(study: Study) -> "pd.DataFrame":
    """Join units, articles and splits: what was shown for each unit, and what belongs together."""
    import pandas as pd

    articles = study.read("articles").to_pandas()
    units = study.read("units").to_pandas().drop(columns="content_hash")
    splits = study.read("splits").to_pandas()[["unit_id", "split", "group"]]
    articles = articles[["article_id", "title", "text", "outlet", "published_at", "language", "story_id"]]
    rows = units.merge(articles, on="article_id").merge(splits, how="left", on="unit_id")
    rows["text"] = [
        text if _null(start) or _null(end) else text[int(start) : int(end)]
        for text, start, end in zip(rows["text"], rows["start"], rows["end"], strict=True)
    ]
    rows["cluster"] = rows["group"].fillna(rows["story_id"]).fillna(rows["article_id"])
    rows["published_at"] = ["" if _null(time) else time.isoformat() for time in rows["published_at"]]
    for column in ("title", "outlet", "language", "target", "holder"):
        rows[column] = rows[column].fillna("")
    rows["aliases"] = [[] if value is None else list(value) for value in rows["target_aliases"]]
    shown: pd.DataFrame = rows[["unit_id", *_SHOWN]]
    return shown


_SHOWN = (
    *("article_id", "title", "text", "kind", "outlet", "published_at", "language"),
    *("target", "aliases", "holder", "split", "cluster"),
)


def _unsure(question: Question) -> set[str]:
    return {name for name in question.label_names() if question.label(name).role == "unsure"}


def _answer(labels: Any, unsure: set[str], recode: Mapping[str, str], several: bool) -> Answer | None:
    """The answer of a row, recoded; None when there is none or the annotator abstained.

    Where several labels are possible no label is an answer too: none of them.
    """
    if labels is None or _missing(labels) or (len(labels) == 0 and not several):
        return None
    answer = tuple(dict.fromkeys(str(recode.get(label, label)) for label in labels))
    sure = tuple(label for label in answer if label not in unsure)
    if answer and not sure:
        return None
    return sure if several else sure[:1]


def _only(answer: Answer | None, several: bool) -> str | None:
    return None if answer is None or several else answer[0]


def _missing(value: Any) -> bool:
    return isinstance(value, float)  # pandas has NaN where a list is missing


def _shares(distribution: Any) -> dict[str, float]:
    return {} if distribution is None else {item["label"]: float(item["share"]) for item in distribution}


def _null(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
