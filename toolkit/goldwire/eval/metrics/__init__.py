"""The metrics there are, by name: for which answers each is defined, and its function of sums."""

from collections.abc import Sequence
from dataclasses import dataclass

from goldwire.errors import GoldwireError
from goldwire.eval.metrics import challenges as of_challenges
from goldwire.eval.metrics import common as of_any
from goldwire.eval.metrics import one as of_one
from goldwire.eval.metrics import several as of_several
from goldwire.eval.metrics.sums import Array as Array  # part of what this module offers
from goldwire.eval.metrics.sums import Codes as Codes
from goldwire.eval.metrics.sums import Function
from goldwire.eval.task import TYPES, Task, Type

_ONE: tuple[Type, ...] = ("single", "ordinal")
_SEVERAL: tuple[Type, ...] = ("multiple", "tree")


@dataclass(frozen=True)
class Metric:
    """A named metric; `function` takes sums and returns one value for each.

    Attributes
    ----------
    types : tuple of str
        The types of question that it is defined for.
    labels : tuple of str
        The labels that it is defined for, in any case; empty: any.
    by_target : bool
        Whether it needs the target of each row.
    better : {"more", "less"}
        Which way is better.
    """

    name: str
    title: str
    function: Function
    types: tuple[Type, ...] = TYPES
    labels: tuple[str, ...] = ()
    by_target: bool = False
    better: str = "more"


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", "accuracy", of_any.accuracy),
        Metric("macro-f1", "macro-F1", of_any.macro_f1),
        Metric("micro-f1", "micro-F1", of_any.micro_f1),  # of one label an answer, the accuracy
        Metric("weighted-f1", "weighted F1", of_any.weighted_f1),
        Metric("balanced-accuracy", "balanced accuracy", of_any.balanced_accuracy, _ONE),
        Metric("mcc", "MCC", of_one.mcc, _ONE),
        Metric("kappa", "kappa", of_one.kappa, _ONE),
        Metric("quadratic-kappa", "kappa, quadratic weights", of_one.quadratic_kappa, ("ordinal",)),
        Metric("linear-kappa", "kappa, linear weights", of_one.linear_kappa, ("ordinal",)),
        Metric("mae-ranks", "mean error in ranks", of_one.mean_absolute_error, ("ordinal",), better="less"),
        Metric("within-one", "within one rank", of_one.within_one, ("ordinal",)),
        Metric("subset-accuracy", "subset accuracy", of_any.accuracy, _SEVERAL),  # the accuracy, by its other name
        Metric("hamming-loss", "Hamming loss", of_several.hamming_loss, _SEVERAL, better="less"),
        Metric("jaccard-samples", "Jaccard, mean over rows", of_several.jaccard_samples, _SEVERAL),
        Metric("hierarchical-precision", "hierarchical precision", of_several.hierarchical_precision, ("tree",)),
        Metric("hierarchical-recall", "hierarchical recall", of_several.hierarchical_recall, ("tree",)),
        Metric("hierarchical-f1", "hierarchical F1", of_several.hierarchical_f1, ("tree",)),
        Metric("fnc", "FNC score", of_challenges.fnc, _ONE, of_challenges.FNC),
        Metric("semeval-favg", "F-avg favor/against", of_challenges.semeval_favg, _ONE, of_challenges.STANCE),
        Metric(
            "semeval-favg-by-target",
            "F-avg, mean over targets",
            of_challenges.semeval_favg_by_target,
            _ONE,
            of_challenges.STANCE,
            by_target=True,
        ),
    )
}


def choose(names: Sequence[str], task: Task, *, targets: bool = False) -> list[Metric]:
    """Return the metrics of these names; for none, every metric that is defined for the task.

    Parameters
    ----------
    targets : bool
        Whether the target of each row is known.

    Raises
    ------
    GoldwireError
        When a name is unknown, or its metric is not defined for the task or needs targets.
    """
    if not names:
        return [m for m in METRICS.values() if _why_not(m, task, targets) is None]
    chosen = []
    for name in dict.fromkeys(names):
        if name not in METRICS:
            raise GoldwireError(f'there is no metric "{name}"', hint=f"There are: {', '.join(METRICS)}")
        if why := _why_not(METRICS[name], task, targets):
            raise why
        chosen.append(METRICS[name])
    return chosen


def _why_not(metric: Metric, task: Task, targets: bool) -> GoldwireError | None:
    if task.type not in metric.types:
        return GoldwireError(
            f"{metric.name} is defined for questions of type {' and '.join(metric.types)}, and this is {task.type}"
        )
    if not set(metric.labels) <= {label.lower() for label in task.labels}:
        return GoldwireError(
            f"{metric.name} is defined for the labels {', '.join(metric.labels)}, "
            f"and these are {', '.join(task.labels)}"
        )
    if metric.by_target and not targets:
        return GoldwireError(f"{metric.name} needs the target of each row", hint="Name its column with --target.")
    return None
