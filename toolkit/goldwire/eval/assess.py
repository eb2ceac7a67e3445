"""Scoring a study: from gold, votes and predictions to one result a question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from goldwire import files, tables
from goldwire.errors import GoldwireError
from goldwire.eval import checks, facts, result
from goldwire.eval.align import pair
from goldwire.eval.baselines import BASELINES
from goldwire.eval.ceiling import ceiling
from goldwire.eval.compare import differences
from goldwire.eval.examples import examples
from goldwire.eval.inputs import SPLITS, Inputs, decided_labels, load_all
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.metrics import METRICS, choose
from goldwire.eval.models import Written, nothing_to, ready_for
from goldwire.provenance import digest_json, signature
from goldwire.study import Params, Study

if TYPE_CHECKING:
    import pandas as pd


def score_all(study: Study, *, corpus: Mapping[str, Any] | None = None) -> Written:
    """Score every file of eval/predictions on the test split, and replace eval/results.

    The files are ``<scheme>.<question>.<model>.parquet``, tables of predictions: those of the baselines, and
    anyone's. Each must predict every labelled test unit; other units of the study are ignored.

    Parameters
    ----------
    study : Study
    corpus : mapping, optional
        Counts over the articles, from `goldwire.corpus.stats`, for the report; without them it has no such section.

    Raises
    ------
    GoldwireError
        When no question has a labelled test unit or predictions; when predictions lack test units, have unknown
        units or labels, or were made for another version of the scheme. eval/results then stays as it was.
    """
    params = study.params()
    inputs, skipped = load_all(study)
    ready, unready = ready_for(inputs, "test")
    skipped += unready
    agreement = _read(study.table("votes").with_name("agreement.json"))
    audit = _read(study.eval / "audit.json")
    results = []
    for each in ready:
        predicted = _predictions(study, each, params)
        if not predicted:
            skipped += [each.not_applicable("there are no predictions for it")]
            continue
        results.append(_result(each, predicted, agreement, audit, params))
    if not results:
        raise nothing_to("score", skipped)
    with files.replacing_folder(study.results) as folder:
        for scored in results:
            result.write(scored, folder)
        for item in skipped:
            result.write(result.Unscored(scheme=item.scheme, question=item.question, reason=item.reason), folder)
        if corpus is not None:
            facts.write(corpus, folder)
    return Written(sorted(study.results.iterdir()), [f"{r.key}.{m.name}" for r in results for m in r.models], skipped)


def _predictions(study: Study, inputs: Inputs, params: Params) -> dict[str, list[str]]:
    """Return each model's labels of the labelled test units: baselines of params.yaml, anyone's, then probes."""
    test = inputs.labelled("test")
    gold = pa.table({"unit_id": list(test["unit_id"]), "labels": [[label] for label in test["label"]]})
    everything = set(inputs.rows["unit_id"])
    found = {}
    for path in sorted(study.predictions.glob(f"{inputs.key}.*.parquet")):
        table = tables.read(path, "predictions")
        if hashes := set(table["scheme_hash"].to_pylist()) - {inputs.scheme.hash, None}:
            raise GoldwireError(
                f"predictions made with another version of scheme {inputs.scheme.name} ({', '.join(sorted(hashes))})",
                where=str(path),
                hint="Predict again: goldwire eval train, then goldwire eval predict",
            )
        found[path.stem.split(".", 2)[2]] = _labels(table, gold, everything, inputs, path)
    given = sorted(found.keys() - set(params.eval.baselines) - set(BASELINES))
    order = dict.fromkeys([*params.eval.baselines, *given, *BASELINES])
    return {name: found[name] for name in order if name in found}


def _labels(table: pa.Table, gold: pa.Table, everything: set[str], inputs: Inputs, path: Path) -> list[str]:
    test = set(gold["unit_id"].to_pylist())
    ids = table["unit_id"].to_pylist()
    table = table.filter(pa.array([unit in test or unit not in everything for unit in ids], pa.bool_()))
    try:
        pairs = pair(gold, table.select(["unit_id", "labels"]), id_columns=["unit_id"], label="labels")
    except GoldwireError as error:
        raise GoldwireError(error.message, where=str(path), hint=error.hint) from None
    if unknown := sorted(set(pairs.predicted) - set(inputs.labels)):
        raise GoldwireError(
            f"labels that question {inputs.question.name} of scheme {inputs.scheme.name} has not: "
            f"{', '.join(unknown[:5])}",
            where=str(path),
            hint=f"It has: {', '.join(inputs.labels)}",
        )
    return list(pairs.predicted)


def _result(
    inputs: Inputs,
    predicted: dict[str, list[str]],
    agreement: dict[str, Any] | None,
    audit: list[dict[str, Any]] | None,
    params: Params,
) -> result.Result:
    test = inputs.labelled("test")
    bootstrap = Bootstrap(params.eval.resamples, params.eval.level, params.seed)
    gold = Gold.of(inputs.labels, list(test["label"]), list(test["cluster"]))
    people = result.Ceiling.model_validate(ceiling(inputs, bootstrap))
    metrics = [m for m in choose([], inputs.labels) if m.name != "micro-f1"]  # which is the accuracy here
    models = []
    for name, labels in predicted.items():
        values, per_label = measure(gold, labels, metrics, bootstrap)
        models.append(
            result.ModelResult(
                name=name,
                summary=BASELINES[name].summary if name in BASELINES else "given predictions",
                role=_role(name, params),
                metrics={key: result.Figure.model_validate(value) for key, value in values.items()},
                per_label={key: result.LabelScore.model_validate(value) for key, value in per_label.items()},
                confusion=_confusion(test, labels, inputs.labels),
                against_people=_against(values[result.HEADLINE]["value"], people),
            )
        )
    headed = {name: labels for name, labels in predicted.items() if _role(name, params) != "probe"}
    rows = differences(gold, headed, [METRICS[result.HEADLINE], METRICS["accuracy"]], bootstrap)
    comparisons = [result.Comparison.model_validate(row) for row in rows]
    mapping = params.recode.get(inputs.scheme.name, {}).get(inputs.question.name, {})
    return result.Result(
        scheme=inputs.scheme.name,
        scheme_title=inputs.scheme.title,
        scheme_version=inputs.scheme.version,
        scheme_hash=inputs.scheme.hash,
        question=inputs.question.name,
        question_text=inputs.question.text,
        n=len(test),
        stories=test["cluster"].nunique(),
        labels=[
            result.LabelInfo(
                name=label.name,
                definition=label.definition,
                support={split: int((inputs.labelled(split)["label"] == label.name).sum()) for split in SPLITS},
            )
            for label in decided_labels(inputs.question, mapping)
        ],
        splits=[_split_size(inputs, split) for split in SPLITS],
        data=_data(inputs, params),
        models=models,
        ceiling=people,
        agreement=_of_question(agreement, inputs),
        comparisons=comparisons,
        checks=checks.run(inputs.key, audit, models, comparisons),
        examples=examples(test, result.best(models).confusion),
        bootstrap=result.Bootstrapped(resamples=bootstrap.resamples, level=bootstrap.level, seed=bootstrap.seed),
        signature=_signature(inputs, test, predicted, params),
    )


def _role(name: str, params: Params) -> Any:
    if name not in BASELINES:
        return "given"
    return "baseline" if name in params.eval.baselines else "probe"


def _confusion(test: "pd.DataFrame", predicted: Sequence[str], labels: Sequence[str]) -> list[result.Cell]:
    cells: dict[tuple[str, str], list[str]] = {}
    for unit, actual, given in zip(test["unit_id"], test["label"], predicted, strict=True):
        cells.setdefault((actual, given), []).append(unit)
    return [
        result.Cell(actual=actual, predicted=given, units=sorted(cells[actual, given]))
        for actual in labels
        for given in labels
        if (actual, given) in cells
    ]


def _against(value: float | None, people: result.Ceiling) -> Any:
    figure = people.metrics.get(result.HEADLINE)
    if value is None or figure is None or figure.low is None or figure.high is None:
        return None
    return "below" if value < figure.low else "above" if value > figure.high else "within"


def _split_size(inputs: Inputs, split: str) -> result.SplitSize:
    rows = inputs.in_splits(split)
    return result.SplitSize(
        split=split, units=len(rows), labelled=len(inputs.labelled(split)), stories=rows["cluster"].nunique()
    )


def _data(inputs: Inputs, params: Params) -> result.Data:
    rows = inputs.rows
    return result.Data(
        title=params.card.title,
        summary=params.card.summary,
        limits=params.card.limits,
        version=params.version,
        units=len(rows),
        articles=rows["article_id"].nunique(),
        annotators=inputs.votes["annotator"].nunique(),
        targets=rows.loc[rows["target"] != "", "target"].nunique(),
        decided_by={str(name): int(n) for name, n in sorted(rows["decided_by"].value_counts().items())},
    )


def _read(path: Path) -> Any:
    """Return what an earlier stage measured, or None where it did not run."""
    return files.read_json(path) if path.is_file() else None


def _of_question(agreement: dict[str, Any] | None, inputs: Inputs) -> dict[str, Any] | None:
    """Find the question in the file: under its scheme, under its name when there is one scheme, or alone."""
    if agreement is None or "questions" not in agreement:
        return agreement
    questions = agreement["questions"]
    found: dict[str, Any] | None = questions.get(inputs.key, questions.get(inputs.question.name))
    return found


def _signature(inputs: Inputs, test: "pd.DataFrame", predicted: dict[str, list[str]], params: Params) -> str:
    return signature(
        {
            "data": digest_json(inputs.rows[["unit_id", "text", "label", "cluster"]].fillna("").to_numpy().tolist()),
            "version": params.version,
            "scheme": f"{inputs.scheme.name}@{inputs.scheme.version}#{inputs.scheme.hash}",
            "question": inputs.question.name,
            "test": digest_json(list(test["unit_id"])),
            "n": len(test),
            "predictions": digest_json(predicted),
            "cluster": "story",
            "bootstrap": params.eval.resamples,
            "level": params.eval.level,
            "seed": params.seed,
        }
    )
