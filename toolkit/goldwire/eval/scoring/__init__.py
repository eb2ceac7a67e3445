"""From paired rows to a task, its gold and a model's answers: the labels there are, and what is not among them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal

from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.align import Pairs, alike
from goldwire.eval.align.columns import Id, some
from goldwire.eval.metrics.several import OTHER as OTHER  # part of what this module offers
from goldwire.eval.task import Answer, Task, Type
from goldwire.stats.resample import MINIMUM_CLUSTERS

Unknown = Literal["error", "wrong", "label"]
_EXAMPLES = 5
_MANY = 30
_ALL = "Name all labels with --labels."
POLICY = "Or say what becomes of them: --unknown wrong, --unknown label"


def task_of(
    pairs: Sequence[Pairs],
    *,
    question_type: Type | None = None,
    labels: Sequence[str] = (),
    unknown: Unknown = "error",
    more: Iterable[str] = (),
    names: Sequence[str] = (),
) -> Task:
    """Return the task of one or more models' pairs with the same gold.

    Parameters
    ----------
    question_type : str, optional
        Without it single, or multiple where an answer has several labels.
    labels : sequence of str
        The labels there are, in their order; without any, those of the gold and `more`, sorted. Of a tree those
        above them as well.
    unknown : {"error", "wrong", "label"}
        What becomes of predicted labels that are none of these: "label" makes them labels, too.
    more : iterable of str
        Labels found elsewhere (in shares), where `labels` does not say which there are.
    names : sequence of str
        What the predictions are called in an error.

    Raises
    ------
    GoldwireError
        When a label is unknown, or gold and predictions share none.
    UsageError
        When an ordinal question has no order of labels, or predictions that have no rank.
    """
    kind: Type = question_type or ("multiple" if any(each.several for each in pairs) else "single")
    if kind == "ordinal" and not labels:
        raise UsageError("an ordinal question needs its labels in order", hint="--labels low,middle,high")
    actual = _labels(pairs[0].actual)
    given = set().union(*(_labels(each.predicted) for each in pairs))
    if labels:
        known = _with_above(dict.fromkeys(labels), kind)
        refuse("the gold has labels that --labels has not", pairs[0].ids, pairs[0].actual, known)
    else:
        if actual and given and not actual & given:
            twins = alike.labels(given, actual)
            raise GoldwireError(
                f"gold and predictions share no label: {_first(actual)} against {_first(given)}",
                hint=("" if twins is None else f"{twins}. ")
                + "Check the column named with --label; if it is so, name all labels with --labels.",
            )
        known = sorted(_with_above(dict.fromkeys([*actual, *more]), kind))
    if unknown == "error":
        what = f"the predictions have labels that {'--labels' if labels else 'the gold'} has not"
        for each, name in zip_longest(pairs, names):
            refuse(what, each.ids, each.predicted, known, name, POLICY if labels else f"{_ALL} {POLICY}")
    elif unknown == "label":
        added = _with_above(dict.fromkeys(sorted(given - set(known))), kind)
        if added and kind == "ordinal":
            raise UsageError("a predicted label that --labels has not has no rank", hint="Name it in --labels.")
        known = list(dict.fromkeys([*known, *added])) if labels else sorted({*known, *added})
    task = Task(tuple(known), kind)
    stands_in = not given <= set(known) or any(_needs_other(task, each) for each in pairs)
    if stands_in and kind == "ordinal":
        raise UsageError("a prediction that is missing or unknown has no rank", hint="Leave it out: --missing ignore")
    return Task((*task.labels, OTHER), kind) if stands_in else task


def gold_labels(pairs: Pairs, question_type: Type | None) -> set[str]:
    """Return the labels of the gold; of a tree those above them as well."""
    return set(_with_above(_labels(pairs.actual), question_type or "single"))


def predicted(task: Task, pairs: Pairs) -> list[Answer]:
    """Return the answers of the predictions; what is missing or unknown is `OTHER`.

    Where several labels are possible, a missing answer is one without labels, or `OTHER` where that would be right.
    """
    known = set(task.labels)
    of: dict[Answer | None, Answer] = {
        answer: tuple(dict.fromkeys(label if label in known else OTHER for label in answer))
        for answer in set(pairs.predicted)
        if answer is not None
    }
    if None not in pairs.predicted:
        return [of[answer] for answer in pairs.predicted]
    none: Answer = (OTHER,)
    return [
        of[answer] if answer is not None else () if task.several and actual else none
        for actual, answer in zip(pairs.actual, pairs.predicted, strict=True)
    ]


def warnings(task: Task, pairs: Pairs, question_type: Type | None) -> list[str]:
    """Return what a reader of the scores has to know, as sentences."""
    listed = []
    actual, given = _labels(pairs.actual), _labels(pairs.predicted)
    if pairs.several and question_type is None:
        listed.append("some answers have several labels, so it is scored as a question of --type multiple")
    if strange := sorted((given & set(task.labels)) - actual):
        listed.append(f"predicted, and without support in the gold: {', '.join(strange)}")
    if len(actual) == 1 and not task.several:
        listed.append(f"the gold has one label only: {next(iter(actual))}")
    if pairs.missing:
        then = "they count as wrong" if None in pairs.predicted else "they are left out"
        listed.append(f"{pairs.missing} gold rows have no prediction: {then}")
    if pairs.unlabelled:
        listed.append(f"{pairs.unlabelled} gold rows have no label: they are left out")
    if pairs.extra:
        listed.append(f"{pairs.extra} predictions are of ids that the gold has not: they are left out")
    known = set(task.labels)
    given_as = Counter(answer for answer in pairs.predicted if answer is not None)
    if odd := sum(times for answer, times in given_as.items() if not known.issuperset(answer)):
        listed.append(f"{odd} predictions have labels that are not known: these count as wrong")
    listed += _rare(pairs)
    if pairs.clustered is None:
        listed.append("rows count as independent: name the column of stories with --cluster")
    return listed


def uncertain_count(task: Task, pairs: Pairs) -> list[str]:
    """Return a warning where `hamming-loss` divides by labels of which nothing says that they can be given."""
    if not task.several:
        return []
    gold = set(_with_above(_labels(pairs.actual), task.type))
    labels = [label for label in task.labels if label != OTHER]
    if not (odd := [label for label in labels if label not in gold]):
        return []
    return [
        f"hamming-loss divides by {len(labels)} labels, of which only the predictions have {_first(odd)}: "
        "the more of these, the lower it is. Name all labels with --labels"
    ]


def _rare(pairs: Pairs) -> list[str]:
    """Return a warning where gold labels come in few stories: a draw of stories often has none of them.

    Where there are too few stories of all labels together no figure has an interval, which each says itself.
    """
    if len(set(pairs.clusters)) < MINIMUM_CLUSTERS:
        return []
    stories: dict[str, set[str]] = {}
    for answer, cluster in zip(pairs.actual, pairs.clusters, strict=True):
        for label in answer:
            within = stories.setdefault(label, set())
            if len(within) < MINIMUM_CLUSTERS:
                within.add(cluster)
    few = [f"{label} ({len(within)})" for label, within in stories.items() if len(within) < MINIMUM_CLUSTERS]
    if not few:
        return []
    what = "rows" if pairs.clustered is None else "stories"
    return [
        f"gold labels in fewer than {MINIMUM_CLUSTERS} {what}: {_first(few)}. Averages over labels, and their "
        "intervals, rest on these few as much as on all others"
    ]


def _needs_other(task: Task, pairs: Pairs) -> bool:
    if None not in pairs.predicted:
        return False
    both = zip(pairs.actual, pairs.predicted, strict=True)
    return not task.several or any(answer is None and not actual for actual, answer in both)


def refuse(
    what: str,
    ids: Sequence[Id],
    answers: Sequence[Answer | None],
    known: Sequence[str],
    name: str | None = None,
    policy: str = "",
) -> None:
    """Raise for answers with labels that are not known.

    Parameters
    ----------
    what : str
        What is wrong, before where and which.
    ids, answers : sequences
        Row by row.
    known : sequence of str
        The labels there are.
    name : str, optional
        What the table is called.
    policy : str
        What to do, in the hint.
    """
    allowed = set(known)
    odd = {answer for answer in set(answers) if answer is not None and not allowed.issuperset(answer)}
    if odd:
        strange = set().union(*odd) - allowed
        rows = [key for key, answer in zip(ids, answers, strict=True) if answer in odd]
        twins = alike.labels(strange, known)
        said = [f"Known: {_first(known, _MANY)}.", f"{twins}." if twins else "", policy]
        raise GoldwireError(
            f"{what}, in {some(rows)} of {len(ids)} rows: {_quoted(strange)}",
            where=name,
            hint=" ".join(filter(None, said)),
        )


def _quoted(labels: Iterable[str]) -> str:
    return _first(f'"{label}"' for label in labels)


def _with_above(labels: Iterable[str], kind: Type) -> list[str]:
    listed = list(labels)
    if kind != "tree":
        return listed
    return list(dict.fromkeys(path for label in listed for path in Task.upward((label,))))


def _labels(answers: Iterable[Answer | None]) -> set[str]:
    return {label for answer in set(answers) if answer is not None for label in answer}


def _first(labels: Iterable[str], most: int = _EXAMPLES) -> str:
    listed = sorted(labels)
    return ", ".join(listed[:most]) + (", ..." if len(listed) > most else "")
