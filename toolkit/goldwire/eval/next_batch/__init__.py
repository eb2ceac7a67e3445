"""The next batch: which units of a pool to label next, by what a baseline has learnt so far, and why each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline, Shared
from goldwire.eval.curve.learner import learner, unfit
from goldwire.eval.inputs import Inputs, load_all
from goldwire.eval.labelling import predicted, shown
from goldwire.eval.next_batch.choice import choose, uncertainty
from goldwire.eval.task import Array
from goldwire.eval.threads import one_thread
from goldwire.study import Study

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 6


@dataclass(frozen=True)
class Batch:
    """What was chosen.

    Attributes
    ----------
    model : str
    questions : list of str
        Those that the baseline answers: a unit's uncertainty is the mean over them.
    skipped : dict
        question -> why it was left out.
    pool, stories : int
        Units to choose from, and stories that they are of.
    chosen : list of dict
        unit_id, title, story, uncertainty (0 to 1), distance (0 to 1) and nearest (the unit, labelled or chosen
        before it, that is most like it; None for nothing in common), in the order of the choice.
    predictions : pa.Table
        `predictions` of the chosen units.
    """

    model: str
    questions: list[str]
    skipped: dict[str, str]
    pool: int
    stories: int
    chosen: list[dict[str, Any]] = field(default_factory=list)
    predictions: pa.Table | None = None


@one_thread
def next_batch(
    study: Study, scheme: str, articles: pa.Table, units: pa.Table, *, n: int, model: str | None = None
) -> Batch:
    """Choose up to n units to label next, one of a story: uncertainty times distance from what is labelled.

    The baseline learns from all gold answers of the scheme outside of the test split. What is chosen so is no random
    sample: it is for training, and shares of labels in it say nothing of the corpus.

    Parameters
    ----------
    study : Study
    scheme : str
        The name of the scheme.
    articles, units : pa.Table
        Units that nobody has answered, and their articles.
    n : int
        At least 1.
    model : str, optional
        A baseline; by default the first of params.yaml that reads the text.

    Raises
    ------
    GoldwireError
        When there is no unit to choose from, the model is unknown or fails, or no question of the scheme has gold to
        learn from.
    """
    params = study.params()
    baseline = learner(model, params)
    if not len(units):
        raise GoldwireError(
            "there is no unit left to choose from: all have an answer, or are asked about in a round",
            hint="Import more articles, or name a round of which units are not answered: --from ROUND",
        )
    ready, skipped = _ready(study, scheme, baseline)
    rows = _with_stories(shown(articles, units), articles)
    unsure: list[Array] = []
    models = []
    for each, train in ready:
        shared, trained = Shared(), baseline.make(each.task, params.seed)
        trained.fit(train, shared)
        unsure.append(uncertainty(each.task, trained.shares(rows, shared)))
        models.append(trained)
    labelled = _labelled(ready)
    choices = choose(rows, labelled, np.mean(unsure, axis=0), n, params.seed)
    chosen = rows.iloc[[choice.place for choice in choices]].reset_index(drop=True)
    parts = [
        predicted(trained, _recipe(each, baseline), chosen, Shared())
        for (each, _), trained in zip(ready, models, strict=True)
    ]
    return Batch(
        model=baseline.name,
        questions=[each.question.name for each, _ in ready],
        skipped=skipped,
        pool=len(rows),
        stories=int(rows["cluster"].nunique()),
        chosen=[
            {
                "unit_id": row.unit_id,
                "title": row.title,
                "story": row.cluster,
                "uncertainty": round(choice.uncertainty, _DIGITS),
                "distance": round(choice.distance, _DIGITS),
                "nearest": choice.nearest,
            }
            for row, choice in zip(chosen.itertuples(), choices, strict=True)
        ],
        predictions=pa.concat_tables(parts).combine_chunks(),
    )


def _ready(
    study: Study, scheme: str, baseline: Baseline
) -> "tuple[list[tuple[Inputs, pd.DataFrame]], dict[str, str]]":
    """Return the questions that can be learnt with the rows to learn from, and why others cannot."""
    inputs, left_out = load_all(study)
    skipped = {item.question: item.reason for item in left_out if item.scheme == scheme}
    ready = []
    for each in inputs:
        if each.scheme.name != scheme:
            continue
        rows = each.rows[each.rows["labels"].notna() & (each.rows["split"] != "test")].reset_index(drop=True)
        answers = set(rows["labels"])
        if (reason := unfit(baseline, each)) is not None:
            skipped[each.question.name] = reason
        elif len(answers) < 2:
            skipped[each.question.name] = f"{len(rows)} units with gold outside of the test split, of one answer"
        else:
            ready.append((each, rows))
    if not ready:
        reasons = "; ".join(f"{question}: {why}" for question, why in skipped.items())
        raise GoldwireError(
            f"there is nothing to learn from by scheme {scheme}" + (f": {reasons}" if reasons else ""),
            hint="Label a random sample first: goldwire corpus sample, goldwire labels tasks",
        )
    return ready, skipped


def _labelled(ready: "Sequence[tuple[Inputs, pd.DataFrame]]") -> "pd.DataFrame":
    """Return the units that have an answer to any question, of all splits, once each."""
    import pandas as pd

    rows = [each.rows.loc[each.rows["labels"].notna(), ["unit_id", "text", "target"]] for each, _ in ready]
    return pd.concat(rows).drop_duplicates("unit_id").sort_values("unit_id").reset_index(drop=True)


def _with_stories(rows: "pd.DataFrame", articles: pa.Table) -> "pd.DataFrame":
    story = dict(zip(articles["article_id"].to_pylist(), articles["story_id"].to_pylist(), strict=True))
    return rows.assign(cluster=[story[article] or article for article in rows["article_id"]])


def _recipe(inputs: Inputs, baseline: Baseline) -> dict[str, Any]:
    return {
        "model": baseline.name,
        "scheme": inputs.scheme.name,
        "scheme_hash": inputs.scheme.hash,
        "question": inputs.question.name,
        "labels": inputs.labels,
    }
