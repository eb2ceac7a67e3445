"""One question evaluated: from its units and the models' predictions to everything that a report shows."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from goldwire.errors import GoldwireError
from goldwire.eval import checks, result
from goldwire.eval.baselines.registry import known
from goldwire.eval.ceiling import ceiling, verdict
from goldwire.eval.cells import confusion
from goldwire.eval.compare import differences
from goldwire.eval.examples import examples
from goldwire.eval.given import Given
from goldwire.eval.inputs import SPLITS, Inputs, decided_labels
from goldwire.eval.measure import Bootstrap, Gold, measure
from goldwire.eval.metrics import choose
from goldwire.eval.probabilities import calibration
from goldwire.eval.slices import slices
from goldwire.eval.soft import by_votes, soft
from goldwire.eval.task import Array
from goldwire.provenance import digest_json, signature
from goldwire.study import Params

if TYPE_CHECKING:
    import pandas as pd

_REPEATED = {"single": "micro-f1", "ordinal": "micro-f1", "multiple": "subset-accuracy", "tree": "subset-accuracy"}
"""Metrics that say the same as the accuracy."""


@dataclass(frozen=True)
class Beside:
    """What earlier stages found, beside gold and predictions.

    Attributes
    ----------
    agreement : mapping, optional
        Of this question, as ``goldwire labels agreement --json`` has it.
    audit : sequence of mapping, optional
        The findings of eval/audit.json.
    marks : mapping
        unit_id -> mentions of the gold.
    flags : mapping
        unit_id -> attributes of its mentions, such as quoted or historical.
    tasks : mapping
        unit_id -> its tasks in Label Studio.
    """

    agreement: Mapping[str, Any] | None = None
    audit: Sequence[Mapping[str, Any]] | None = None
    marks: Mapping[str, Sequence[result.Mark]] = field(default_factory=dict)
    flags: Mapping[str, Collection[str]] = field(default_factory=dict)
    tasks: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


def evaluate(inputs: Inputs, given: Mapping[str, Given], params: Params, beside: Beside) -> result.Result:
    """Return the result of a question.

    Raises
    ------
    GoldwireError
        When the shares of a model are none; the message names the model.
    """
    test = inputs.labelled("test")
    bootstrap = Bootstrap(params.eval.resamples, params.eval.level, params.seed)
    targets = list(test["target"]) if inputs.has_targets else None
    names = [m.name for m in choose([], inputs.task, targets=targets is not None)]
    names = [name for name in names if name != _REPEATED[inputs.task.type]]
    gold = Gold.of(inputs.task, list(test["labels"]), list(test["cluster"]), targets, names)
    people = ceiling(inputs, bootstrap)
    models = [_model(inputs, test, gold, name, one, params, people, bootstrap) for name, one in given.items()]
    best = result.best(models)
    headed = {m.name: given[m.name].answers for m in models if m.role != "probe"}
    rows = differences(gold, headed, bootstrap, against="both")
    comparisons = [result.Comparison.model_validate(row) for row in rows]
    mapping = params.recode.get(inputs.scheme.name, {}).get(inputs.question.name, {})
    parts = slices(
        test,
        set(inputs.labelled("train")["target"]),
        beside.flags,
        inputs.task,
        given[best.name].answers,
        bootstrap,
    )
    support = {
        split: Counter(label for answer in inputs.labelled(split)["labels"] for label in answer) for split in SPLITS
    }
    return result.Result(
        scheme=inputs.scheme.name,
        scheme_title=inputs.scheme.title,
        scheme_version=inputs.scheme.version,
        scheme_hash=inputs.scheme.hash,
        question=inputs.question.name,
        question_text=inputs.question.text,
        type=inputs.task.type,
        n=len(test),
        stories=test["cluster"].nunique(),
        labels=[
            result.LabelInfo(
                name=label.name,
                definition=label.definition,
                support={split: counted[label.name] for split, counted in support.items()},
            )
            for label in decided_labels(inputs.question, mapping)
        ],
        splits=[_split_size(inputs, split) for split in SPLITS],
        data=_data(inputs, params),
        models=models,
        ceiling=result.Ceiling.model_validate(people),
        agreement=None if beside.agreement is None else dict(beside.agreement),
        comparisons=comparisons,
        slices=result.Slices.model_validate(parts),
        checks=checks.run(inputs.key, beside.audit, models, comparisons),
        examples=examples(test, best.confusion, mentions=beside.marks, tasks=beside.tasks),
        bootstrap=result.Bootstrapped(resamples=bootstrap.resamples, level=bootstrap.level, seed=bootstrap.seed),
        signature=_signature(inputs, test, given, params),
    )


def _model(
    inputs: Inputs,
    test: "pd.DataFrame",
    gold: Gold,
    name: str,
    given: Given,
    params: Params,
    people: Mapping[str, Any],
    bootstrap: Bootstrap,
) -> result.ModelResult:
    values, per_label = measure(gold, given.answers, bootstrap)
    return result.ModelResult(
        name=name,
        summary=known()[name].summary if name in known() else "given predictions",
        role=_role(name, params.eval.baselines),
        metrics={key: result.Figure.model_validate(value) for key, value in values.items()},
        per_label={key: result.LabelScore.model_validate(value) for key, value in per_label.items()},
        confusion=confusion(inputs.task, list(test["unit_id"]), gold.actual, given.answers),
        against_people=verdict(inputs, given.answers, values[result.HEADLINE], people, bootstrap),
        by_votes=_by_votes(inputs, test, given, bootstrap),
        **_of_shares(inputs, test, gold, name, given.shares, bootstrap),
    )


def _role(name: str, baselines: Sequence[str]) -> Any:
    """A baseline that is not in params.yaml is a probe of one that is, or somebody else's of that name."""
    if name in baselines:
        return "baseline"
    probes = {probe for one in baselines if one in known() for probe in known()[one].probes}
    return "probe" if name in probes else "given"


def _of_shares(
    inputs: Inputs, test: "pd.DataFrame", gold: Gold, name: str, shares: Array | None, bootstrap: Bootstrap
) -> dict[str, Any]:
    if shares is None:
        return {}
    clusters = list(test["cluster"])
    try:
        found = calibration(inputs.task, list(gold.actual), shares, clusters, bootstrap)
    except GoldwireError as error:
        raise GoldwireError(f"the scores of model {name}: {error.message}", hint=error.hint) from None
    against_votes = soft(inputs.task, _votes(test), shares, clusters, bootstrap)
    return {
        "calibration": result.Calibration.model_validate(found),
        "soft": {key: result.Figure.model_validate(value) for key, value in against_votes.items()},
    }


def _by_votes(inputs: Inputs, test: "pd.DataFrame", given: Given, bootstrap: Bootstrap) -> dict[str, result.Figure]:
    """The headline metric where all of two votes or more say the same, where they do not, and where there is one."""
    found = by_votes(
        inputs.task,
        list(test["labels"]),
        given.answers,
        _votes(test),
        list(test["cluster"]),
        bootstrap,
        result.HEADLINE,
        numbers=[int(n) for n in test["n_votes"]],
    )
    return {name: result.Figure.model_validate(figure) for name, figure in found.items()}


def _votes(test: "pd.DataFrame") -> list[Mapping[str, float] | None]:
    """The shares of the votes of each unit; None where there are none."""
    return [shares if n else None for shares, n in zip(test["distribution"], test["n_votes"], strict=True)]


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


def _signature(inputs: Inputs, test: "pd.DataFrame", given: Mapping[str, Given], params: Params) -> str:
    columns = inputs.rows[["unit_id", "text", "labels", "cluster"]].to_dict("split")["data"]
    return signature(
        {
            "data": digest_json(columns),
            "version": params.version,
            "scheme": f"{inputs.scheme.name}@{inputs.scheme.version}#{inputs.scheme.hash}",
            "question": inputs.question.name,
            "test": digest_json(list(test["unit_id"])),
            "n": len(test),
            "predictions": digest_json({name: one.answers for name, one in given.items()}),
            "cluster": "story",
            "bootstrap": params.eval.resamples,
            "level": params.eval.level,
            "seed": params.seed,
        }
    )
