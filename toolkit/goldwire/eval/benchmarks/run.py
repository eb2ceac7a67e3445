"""Running a benchmark: trained on the official train rows, scored on the official test rows, beside the published."""

import pkgutil
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from goldwire.errors import GoldwireError, UsageError
from goldwire.eval import benchmarks, models_store
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.baselines.guarded import answered, fitted
from goldwire.eval.baselines.registry import known as baselines_there_are
from goldwire.eval.benchmarks.base import Benchmark, Data
from goldwire.eval.checks import blind_to_target
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.task import Answer, Task
from goldwire.eval.threads import one_thread
from goldwire.provenance import digest_json, signature

_OURS = ("base", "run")
_DECIMALS = 1  # of seconds


def names() -> list[str]:
    """Return the names of the benchmarks there are, sorted."""
    found = []
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name not in _OURS and hasattr(_module(module.name), "BENCHMARK"):
            found.append(_module(module.name).BENCHMARK.name)
    return sorted(found)


def known(name: str) -> Benchmark:
    """Return the benchmark of a name.

    Raises
    ------
    GoldwireError
        When there is none of that name.
    """
    if name not in names():
        raise GoldwireError(f'there is no benchmark "{name}"', hint=f"There are: {', '.join(names())}")
    found: Benchmark = _module(name.replace("-", "_")).BENCHMARK
    return found


@one_thread
def run(
    benchmark: Benchmark,
    folder: Path,
    *,
    baselines: Sequence[str] = (),
    seed: int = 0,
    resamples: int = 1000,
) -> dict[str, Any]:
    """Train baselines on the official train rows and score them once on the official test rows.

    Parameters
    ----------
    folder : Path
        The folder of the data set, as its authors ship it.
    baselines : sequence of str
        Without any, those of the benchmark; of these one whose extra is not installed is left out with a warning.
    seed, resamples : int
        Of the models and the bootstrap; of the bootstrap over clusters.

    Returns
    -------
    dict
        ``{"benchmark", "n", "models": [{"model", "metrics": {name: {"value", "low", "high"}}, "per_label", "views":
        {name: {"metrics", "per_label"}}, "parameters", "seconds"}], "published": [{"system", "metrics", "source"}],
        "warnings", "notes", "signature"}``. Metrics are 0 to 1; parameters are what was chosen in training. All but
        the seconds, of training and predicting, is the same at each run.

    Raises
    ------
    GoldwireError
        When the data are not there or not as they should be, or a baseline is unknown or fails; the message names it.
    UsageError
        When one of `baselines` cannot answer the question.
    """
    listed = _chosen(benchmark, baselines)
    data = benchmark.read(folder)
    has_targets = bool((data.train["target"] != "").any())
    for baseline in listed:
        if why := baseline.unfit(data.task, has_targets=has_targets):
            raise UsageError(f'baseline "{baseline.name}" does not fit {benchmark.name}: the question {why}')
    actual = list(data.test["labels"])
    bootstrap = Bootstrap(resamples, seed=seed)
    shared, models, left_out = Shared(), [], []
    recipes: dict[str, Any] = {}
    for baseline in listed:
        try:
            model, predicted, seconds = _predicted(baseline, data, shared, seed)
        except GoldwireError as error:
            if baselines or baseline.extra is None:
                raise
            left_out.append(f"Left out: {error.message}.")
            continue
        recipes[baseline.name] = {"parameters": model.parameters, "versions": models_store.versions(model)}
        models.append(
            {
                "model": baseline.name,
                **_scored(data, data.task, actual, predicted, benchmark.metrics, bootstrap),
                "views": {
                    view.name: _scored(
                        data,
                        view.task,
                        [view.of(answer) for answer in actual],
                        [view.of(answer) for answer in predicted],
                        (),
                        bootstrap,
                    )
                    for view in benchmark.views
                },
                "parameters": model.parameters,
                "seconds": seconds,
            }
        )
    recipe = {
        "benchmark": benchmark.name,
        "train": _digest(data, "train"),
        "test": _digest(data, "test"),
        "n": len(actual),
        "clusters": f"{data.test['cluster'].nunique()} {data.clustered}",
        "bootstrap": resamples,
        "level": bootstrap.level,
        "seed": seed,
        "models": digest_json(recipes),
        "sklearn": version("scikit-learn"),
    }
    macro = {one["model"]: one["metrics"].get("macro-f1", {}).get("value") for one in models}
    return {
        "benchmark": benchmark.name,
        "n": len(actual),
        "models": models,
        "published": [
            {"system": p.system, "metrics": dict(p.metrics), "source": p.source} for p in benchmark.published
        ],
        "warnings": [*data.warnings, *left_out, *blind_to_target(macro)],
        "notes": [*benchmark.notes, *data.notes],
        "signature": signature(recipe),
    }


def _module(stem: str) -> Any:
    return import_module(f"{benchmarks.__name__}.{stem}")


def _chosen(benchmark: Benchmark, names: Sequence[str]) -> list[Baseline]:
    there = baselines_there_are()
    wanted = list(dict.fromkeys(names or benchmark.baselines))
    if unknown := [name for name in wanted if name not in there]:
        raise GoldwireError(f'there is no baseline "{unknown[0]}"', hint=f"There are: {', '.join(there)}")
    return [there[name] for name in wanted]


def _predicted(baseline: Baseline, data: Data, shared: Shared, seed: int) -> tuple[Model, list[Answer], float]:
    begin = time.perf_counter()
    model = fitted(baseline, data.task, data.train, shared, seed)
    # what is right is taken away before a model sees the test rows
    _, predicted = answered(baseline.name, model, data.test.drop(columns=["labels", "label"]), shared)
    return model, predicted, round(time.perf_counter() - begin, _DECIMALS)


def _scored(
    data: Data,
    task: Task,
    actual: Sequence[Answer],
    predicted: Sequence[Answer],
    metrics: Sequence[str],
    bootstrap: Bootstrap,
) -> dict[str, Any]:
    targets = list(data.test["target"]) if (data.test["target"] != "").any() else None
    gold = Gold.of(task, actual, list(data.test["cluster"]), targets, metrics)
    values, per_label = measure(gold, predicted, bootstrap)
    return {"metrics": values, "per_label": per_label}


def _digest(data: Data, side: str) -> str:
    rows = getattr(data, side)
    columns = ("unit_id", "text", "target", "cluster")
    return digest_json([[list(rows[name]) for name in columns], [list(answer) for answer in rows["labels"]]])
