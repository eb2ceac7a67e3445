"""What is trained and scored: the units of a question with their texts, gold labels and splits, as one frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from goldwire import scheme as schemes
from goldwire.errors import GoldwireError
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
    """One single-choice question of one scheme.

    Attributes
    ----------
    labels : list of str
        What can be decided, in scheme order after recoding; "unsure" is no such label.
    rows : DataFrame
        One row a unit that has a gold row, sorted by unit_id: unit_id, article_id, title, text (what was shown),
        outlet, published_at (ISO 8601), target, holder, label (None while unresolved), split (None outside all),
        cluster (the split's group, else the story, else the article), decided_by, n_votes, distribution
        ({label: share}). Missing texts are "".
    votes : DataFrame
        One row an answer that counts and does not abstain: unit_id, annotator, label.
    """

    scheme: Scheme
    question: Question
    labels: list[str]
    rows: "pd.DataFrame"
    votes: "pd.DataFrame"

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
        return self.rows[(self.rows["split"] == split) & self.rows["label"].notna()].reset_index(drop=True)

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
    """Return the inputs of every single-choice question in the gold, and the questions that are left out.

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
            if question.type != "single":
                reason = f"a question of type {question.type} is not scored in this version"
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
    for label in question.labels:
        became.setdefault(recode.get(label.name, label.name), []).append(label)
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

    labels = [label.name for label in decided_labels(question, recode)]
    unsure = _unsure(question)
    gold = gold.assign(
        label=pd.Series([_single(value, unsure, {}) for value in gold["labels"]], gold.index, dtype=object),
        distribution=pd.Series([_shares(value) for value in gold["distribution"]], gold.index, dtype=object),
    )
    if strange := sorted(set(gold["label"].dropna()) - set(labels)):
        units = gold.loc[gold["label"].isin(strange), "unit_id"]
        raise GoldwireError(
            f"{len(units)} gold labels are not in scheme {scheme.name}, question {question.name}: "
            f"{', '.join(strange[:5])} (unit {units.iloc[0]})",
            hint="Mend the scheme or params.yaml (recode), then run: goldwire labels gold",
        )
    rows = gold[["unit_id", "label", "decided_by", "n_votes", "distribution"]].merge(shown, how="left", on="unit_id")
    if lost := rows.loc[rows["text"].isna(), "unit_id"].tolist():
        raise GoldwireError(
            f"{len(lost)} units with gold are not in units.parquet or articles.parquet, such as {lost[0]}",
            hint="Run: goldwire labels build",
        )
    rows["decided_by"] = rows["decided_by"].fillna("")
    rows["n_votes"] = rows["n_votes"].fillna(0).astype("int64")
    rows = rows.sort_values("unit_id").reset_index(drop=True)
    said = [_single(value, unsure, recode) for value in votes["labels"]]
    answers = [row for row in zip(votes["unit_id"], votes["annotator"], said, strict=True) if row[2] is not None]
    frame = pd.DataFrame(sorted(answers), columns=["unit_id", "annotator", "label"])
    return Inputs(scheme, question, labels, rows, frame)


def _shown(study: Study) -> "pd.DataFrame":
    """Join units, articles and splits: what was shown for each unit, and what belongs together."""
    import pandas as pd

    articles = study.read("articles").to_pandas()
    units = study.read("units").to_pandas().drop(columns="content_hash")
    splits = study.read("splits").to_pandas()[["unit_id", "split", "group"]]
    articles = articles[["article_id", "title", "text", "outlet", "published_at", "story_id"]]
    rows = units.merge(articles, on="article_id").merge(splits, how="left", on="unit_id")
    rows["text"] = [
        text if _null(start) or _null(end) else text[int(start) : int(end)]
        for text, start, end in zip(rows["text"], rows["start"], rows["end"], strict=True)
    ]
    rows["cluster"] = rows["group"].fillna(rows["story_id"]).fillna(rows["article_id"])
    rows["published_at"] = ["" if _null(time) else time.isoformat() for time in rows["published_at"]]
    for column in ("title", "outlet", "target", "holder"):
        rows[column] = rows[column].fillna("")
    columns = ["article_id", "title", "text", "outlet", "published_at", "target", "holder", "split", "cluster"]
    shown: pd.DataFrame = rows[["unit_id", *columns]]
    return shown


def _unsure(question: Question) -> set[str]:
    return {label.name for label in question.labels if label.role == "unsure"}


def _single(labels: Any, unsure: set[str], recode: Mapping[str, str]) -> str | None:
    """The one label of a row, recoded; None when there is none or the annotator abstained."""
    if labels is None or len(labels) == 0:
        return None
    label = recode.get(labels[0], labels[0])
    return None if label in unsure else str(label)


def _shares(distribution: Any) -> dict[str, float]:
    return {} if distribution is None else {item["label"]: float(item["share"]) for item in distribution}


def _null(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
