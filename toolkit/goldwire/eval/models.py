"""Training the baselines of a study, keeping them, and having them predict."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goldwire import files, tables
from goldwire.errors import GoldwireError
from goldwire.eval import models_store
from goldwire.eval.baselines.base import TUNED_ON, Model, Shared
from goldwire.eval.baselines.guarded import LISTED, fitted
from goldwire.eval.baselines.registry import chosen, known
from goldwire.eval.inputs import Inputs, NotApplicable, load_all
from goldwire.eval.labelling import predicted
from goldwire.eval.threads import one_thread
from goldwire.provenance import digest_json
from goldwire.study import Study

if TYPE_CHECKING:
    import pandas as pd


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
    notes : list of str
        What a model had to say of its own work, such as how many units it abstained from.
    warnings : list of str
        What was asked for and not done.
    """

    files: list[Path]
    models: list[str] = field(default_factory=list)
    skipped: list[NotApplicable] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@one_thread
def train_all(study: Study, trained: Callable[[str, float], None] | None = None) -> Written:
    """Train the baselines of params.yaml for every question, and replace eval/models by them.

    For each model, ``<scheme>.<question>.<model>.joblib`` and a ``.json``, its recipe; see `models_store`. What
    several baselines make of the same rows is made once.

    Parameters
    ----------
    study : Study
    trained : callable, optional
        Called after each model with its stem and the seconds that it took.

    Raises
    ------
    GoldwireError
        When no question has a labelled unit in the train split, or no baseline fits one that has; when a baseline is
        unknown, lacks its extra or fails; the message names it. The models of before stay then.
    """
    params = study.params()
    inputs, skipped = load_all(study)
    ready, unready = ready_for(inputs, "train")
    skipped += unready
    if not ready:
        raise nothing_to("train", skipped)
    warnings = [said for name in dict.fromkeys(params.eval.baselines) if (said := _fits_none(name, ready))]
    if len(warnings) == len(set(params.eval.baselines)):
        raise GoldwireError(
            "no baseline fits a question: " + "; ".join(warnings) if warnings else "no baseline is named",
            where=LISTED,
            hint="Name others. Which fit what: goldwire eval baselines",
        )
    names, notes = [], []
    with files.replacing_folder(study.models) as folder:
        for each in ready:
            rows, shared = each.labelled("train"), Shared()
            for name, baseline in chosen(params.eval.baselines, each.task, has_targets=each.has_targets).items():
                began, stem = time.monotonic(), f"{each.key}.{name}"
                model = fitted(baseline, each.task, rows, shared, params.seed, where=each.key, in_params=True)
                if tuned_on := model.parameters.get(TUNED_ON):
                    notes.append(f"{stem}: tuned on {tuned_on:,} of its {len(rows):,} units, then trained on all")
                models_store.save(model, _recipe(each, name, model, rows, params.seed), folder, stem)
                names.append(stem)
                if trained:
                    trained(stem, time.monotonic() - began)
    return Written(sorted(study.models.iterdir()), sorted(names), skipped, notes, warnings)


def _fits_none(name: str, inputs: list[Inputs]) -> str | None:
    """Return that a baseline fits none of the questions, and why, or None when it fits one."""
    if any(name in chosen([name], each.task, has_targets=each.has_targets) for each in inputs):
        return None
    why = "; ".join(f"{each.key} {known()[name].unfit(each.task, has_targets=each.has_targets)}" for each in inputs)
    return f'baseline "{name}" is trained for no question: {why}'


@one_thread
def predict_all(study: Study) -> Written:
    """Predict the validation and test units with every model in eval/models.

    Writes eval/predictions/<scheme>.<question>.<model>.parquet, a table of predictions whose scores are the shares of
    all labels in scheme order. Predictions of baselines that are no longer trained are removed; those that others
    put there stay.

    Raises
    ------
    GoldwireError
        When there is no model, or one cannot be loaded (see `models_store.load`), was trained for another version of
        the scheme, or fails. Nothing is written then.
    """
    inputs, skipped = load_all(study)
    stems = sorted(
        path.name.removesuffix(models_store.ENDING) for path in study.models.glob(f"*{models_store.ENDING}")
    )
    if not stems:
        raise GoldwireError("there are no models", where=str(study.models), hint="Train them: goldwire eval train")
    shared = {each.key: Shared() for each in inputs}  # one a question: a matrix is known by its rows and its name
    by_key = {each.key: each for each in inputs}
    made, notes = {}, []
    for stem in stems:
        key = ".".join(stem.split(".", 2)[:2])
        if key in by_key:
            stored = models_store.load(study.models / f"{stem}{models_store.ENDING}")
            _still_fits(stored, by_key[key])
            rows = by_key[key].in_splits("validation", "test")
            made[stem] = predicted(stored.model, stored.recipe, rows, shared[key])
            notes += [f"{stem}: {note}" for note in notes_of(stored.model)]
    for stem, table in made.items():
        tables.write(table, study.predictions / f"{stem}.parquet")
    for old in sorted(study.predictions.glob("*.*.*.parquet")):
        if old.stem not in made and _was_ours(old, by_key):
            old.unlink()
            notes.append(f"{old.stem}: its predictions are removed, since it is no longer trained")
    return Written([study.predictions / f"{stem}.parquet" for stem in made], list(made), skipped, notes)


def _was_ours(path: Path, by_key: Mapping[str, Inputs]) -> bool:
    """Whether an earlier training made this file: of a question here, by a baseline of the name, with all shares.

    What somebody else made under the name of a baseline has no shares of every label, and stays.
    """
    scheme, question, name = path.stem.split(".", 2)
    if f"{scheme}.{question}" not in by_key or name not in known():
        return False
    table = tables.read(path, "predictions")
    labels = by_key[f"{scheme}.{question}"].labels
    scores = table["scores"].to_pylist()
    return set(table["model"].to_pylist()) == {name} and all(
        row is not None and [one["label"] for one in row] == labels for row in scores
    )


def notes_of(model: Model) -> list[str]:
    """Return what a model has to say of its own last work; most have nothing to."""
    return list(model.notes)


def _still_fits(stored: models_store.Stored, inputs: Inputs) -> None:
    """Raise GoldwireError when a model answers another question than is asked now."""
    for what, now in {"scheme_hash": inputs.scheme.hash, "labels": inputs.labels}.items():
        if stored.recipe[what] != now:
            raise GoldwireError(
                f"the model was trained with another {'version of the scheme' if what == 'scheme_hash' else what}",
                where=str(stored.path),
                hint="Train again: goldwire eval train",
            )


def _recipe(inputs: Inputs, name: str, model: Model, rows: "pd.DataFrame", seed: int) -> dict[str, Any]:
    """Return what a model was made from; `train` is the digest of all that it could learn from."""
    columns = [
        "unit_id",
        "title",
        "text",
        "target",
        "aliases",
        "holder",
        "outlet",
        "published_at",
        "labels",
        "cluster",
    ]
    recipe = {
        "model": name,
        "scheme": inputs.scheme.name,
        "scheme_version": inputs.scheme.version,
        "scheme_hash": inputs.scheme.hash,
        "question": inputs.question.name,
        "type": inputs.task.type,
        "labels": inputs.labels,
        "train": digest_json(rows[columns].to_numpy().tolist()),
        "n": len(rows),
        "seed": seed,
        "parameters": model.parameters,
        "versions": models_store.versions(model),
    }
    return recipe | {"signature": models_store.signed(recipe)}


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
