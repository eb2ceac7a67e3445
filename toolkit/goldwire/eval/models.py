"""Training the baselines of a study, keeping them, and having them predict."""

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire import files, tables
from goldwire.errors import GoldwireError
from goldwire.eval.baselines import BASELINES, Model, chosen
from goldwire.eval.inputs import Inputs, NotApplicable, load_all
from goldwire.provenance import digest_json, signature
from goldwire.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from goldwire.eval.metrics import Array

DIGITS = 6


@dataclass(frozen=True)
class Written:
    """What a step wrote, and the questions it left out with the reasons.

    Attributes
    ----------
    files : list of Path
        Sorted.
    models : list of str
        ``<scheme>.<question>.<model>``, sorted.
    skipped : list of NotApplicable
    """

    files: list[Path]
    models: list[str] = field(default_factory=list)
    skipped: list[NotApplicable] = field(default_factory=list)


def train_all(study: Study) -> Written:
    """Train the baselines of params.yaml for every question, and replace eval/models by them.

    For each model, ``<scheme>.<question>.<model>.joblib`` and a ``.json`` that says what it was made from.

    Raises
    ------
    GoldwireError
        When no question has a labelled unit in the train split, or a baseline is unknown.
    """
    import joblib

    params = study.params()
    inputs, skipped = load_all(study)
    ready, unready = ready_for(inputs, "train")
    skipped += unready
    if not ready:
        raise nothing_to("train", skipped)
    names = []
    with files.replacing_folder(study.models) as folder:
        for each in ready:
            rows = each.labelled("train")
            for name, baseline in chosen(params.eval.baselines, has_targets=each.has_targets).items():
                model = baseline.make(each.labels, params.seed)
                model.fit(rows)
                stem = f"{each.key}.{name}"
                joblib.dump(model, folder / f"{stem}.joblib", compress=3)
                files.write_json(folder / f"{stem}.json", _recipe(each, name, model, rows, params.seed))
                names.append(stem)
    return Written(sorted(study.models.iterdir()), sorted(names), skipped)


def predict_all(study: Study) -> Written:
    """Predict the validation and test units with every model in eval/models.

    Writes eval/predictions/<scheme>.<question>.<model>.parquet, a table of predictions whose scores are the shares of
    all labels in scheme order. Predictions of baselines that are no longer trained are removed; those that others
    put there stay.

    Raises
    ------
    GoldwireError
        When there is no model, or one was trained for another version of the scheme or of scikit-learn.
    """
    inputs, skipped = load_all(study)
    stems = sorted(path.stem for path in study.models.glob("*.joblib"))
    if not stems:
        raise GoldwireError("there are no models", where=str(study.models), hint="Train them: goldwire eval train")
    by_key = {each.key: each for each in inputs}
    made = {}
    for stem in stems:
        scheme, question, name = stem.split(".", 2)
        if f"{scheme}.{question}" in by_key:
            made[stem] = _predict(study.models / stem, name, by_key[f"{scheme}.{question}"])
    for old in study.predictions.glob("*.parquet"):
        if old.stem not in made and old.stem.split(".", 2)[-1] in BASELINES:
            old.unlink()
    for stem, table in made.items():
        tables.write(table, study.predictions / f"{stem}.parquet")
    return Written([study.predictions / f"{stem}.parquet" for stem in made], list(made), skipped)


def _predict(stem: Path, name: str, inputs: Inputs) -> pa.Table:
    import joblib

    made_from = files.read_json(stem.with_name(f"{stem.name}.json"))
    now = {"scheme_hash": inputs.scheme.hash, "labels": inputs.labels, "scikit-learn": version("scikit-learn")}
    for what, value in now.items():
        if made_from.get(what) != value:
            raise GoldwireError(
                f"the model was trained with another {what.replace('_', ' ')}",
                where=f"{stem}.joblib",
                hint="Train again: goldwire eval train",
            )
    model: Model = joblib.load(stem.with_name(f"{stem.name}.joblib"))
    rows = inputs.in_splits("validation", "test")
    return _table(inputs, name, rows, model.shares(rows))


def _table(inputs: Inputs, name: str, rows: "pd.DataFrame", shares: "Array") -> pa.Table:
    best = shares.argmax(axis=1) if len(shares) else []  # of equal shares, the first in scheme order
    return tables.build(
        "predictions",
        (
            {
                "scheme": inputs.scheme.name,
                "scheme_hash": inputs.scheme.hash,
                "unit_id": unit,
                "question": inputs.question.name,
                "labels": [inputs.labels[at]],
                "model": name,
                "scores": [
                    {"label": label, "share": round(float(share), DIGITS)}
                    for label, share in zip(inputs.labels, row, strict=True)
                ],
            }
            for unit, at, row in zip(rows["unit_id"], best, shares, strict=True)
        ),
    )


def _recipe(inputs: Inputs, name: str, model: Model, rows: "pd.DataFrame", seed: int) -> dict[str, Any]:
    columns = ["unit_id", "text", "target", "holder", "label", "cluster"]
    recipe = {
        "model": name,
        "scheme": f"{inputs.scheme.name}@{inputs.scheme.version}",
        "question": inputs.question.name,
        "train": digest_json(rows[columns].to_numpy().tolist()),
        "n": len(rows),
        "seed": seed,
        "sklearn": version("scikit-learn"),
    }
    return {
        "model": name,
        "scheme": inputs.scheme.name,
        "scheme_hash": inputs.scheme.hash,
        "question": inputs.question.name,
        "labels": inputs.labels,
        "n": len(rows),
        "parameters": model.parameters,
        "scikit-learn": version("scikit-learn"),
        "signature": signature(recipe),
    }


def ready_for(inputs: list[Inputs], split: str) -> tuple[list[Inputs], list[NotApplicable]]:
    """Divide questions into those with a labelled unit in the split and those without."""
    ready, unready = [], []
    for each in inputs:
        if (reason := each.lacking(split)) is None:
            ready.append(each)
        else:
            unready.append(each.not_applicable(reason))
    return ready, unready


def nothing_to(verb: str, skipped: list[NotApplicable]) -> GoldwireError:
    """Return the error for a step that has no question to work on, with every reason."""
    reasons = "; ".join(f"{item.key}: {item.reason}" for item in skipped)
    return GoldwireError(
        f"there is nothing to {verb}: {reasons}",
        hint="Label more, then run: goldwire labels build, labels gold and labels dataset",
    )
