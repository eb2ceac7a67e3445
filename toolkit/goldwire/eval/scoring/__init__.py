"""From paired rows to a task, its gold and a model's answers: the labels there are, and what is not among them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.align import Pairs
from goldwire.eval.metrics.several import OTHER as OTHER  # part of what this module offers
from goldwire.eval.task import Answer, Task, Type

Unknown = Literal["error", "wrong"]
_EXAMPLES = 5


def task_of(
    pairs: Sequence[Pairs],
    *,
    question_type: Type | None = None,
    labels: Sequence[str] = (),
    unknown: Unknown = "error",
    more: Iterable[str] = (),
) -> Task:
    """Return the task of one or more models' pairs with the same gold.

    Parameters
    ----------
    question_type : str, optional
        Without it single, or multiple where an answer has several labels.
    labels : sequence of str
        The labels there are, in their order; without any, those of gold and predictions, sorted. Of a tree those
        above them as well.
    unknown : {"error", "wrong"}
        What becomes of predicted labels that `labels` has not.
    more : iterable of str
        Labels found elsewhere (in shares), where `labels` does not say which there are.

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
        _refuse("the gold has", [pairs[0].actual], known)
        if unknown == "error":
            _refuse("the predictions have", [each.predicted for each in pairs], known)
    else:
        if actual and given and not actual & given:
            raise GoldwireError(
                f"gold and predictions share no label: {_first(actual)} against {_first(given)}",
                hint="Check the column named with --label; if it is so, name all labels with --labels.",
            )
        known = sorted(_with_above(dict.fromkeys([*actual, *given, *more]), kind))
    task = Task(tuple(known), kind)
    stands_in = not given <= set(known) or any(_needs_other(task, each) for each in pairs)
    if stands_in and kind == "ordinal":
        raise UsageError("a prediction that is missing or unknown has no rank", hint="Leave it out: --missing ignore")
    return Task((*task.labels, OTHER), kind) if stands_in else task


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
    known = set(task.labels)
    given_as = Counter(answer for answer in pairs.predicted if answer is not None)
    if odd := sum(times for answer, times in given_as.items() if not known.issuperset(answer)):
        listed.append(f"{odd} predictions have labels that are not known: these count as wrong")
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


def _needs_other(task: Task, pairs: Pairs) -> bool:
    if None not in pairs.predicted:
        return False
    both = zip(pairs.actual, pairs.predicted, strict=True)
    return not task.several or any(answer is None and not actual for actual, answer in both)


def _refuse(what: str, answers: Sequence[Sequence[Answer | None]], known: Iterable[str]) -> None:
    allowed = set(known)
    odd = [set(answer) - allowed for each in answers for answer in each if answer is not None]
    if strange := sorted(set().union(*odd)):
        rows = sum(map(bool, odd))
        policy = "" if what == "the gold has" else ". They can count as wrong: --unknown wrong"
        raise GoldwireError(
            f"{what} labels that are not known, in {rows} rows: {_first(strange)}",
            hint=f"Known: {', '.join(known)}{policy}",
        )


def _with_above(labels: Iterable[str], kind: Type) -> list[str]:
    listed = list(labels)
    if kind != "tree":
        return listed
    return list(dict.fromkeys(path for label in listed for path in Task.upward((label,))))


def _labels(answers: Iterable[Answer | None]) -> set[str]:
    return {label for answer in set(answers) if answer is not None for label in answer}


def _first(labels: Iterable[str]) -> str:
    listed = sorted(labels)
    return ", ".join(listed[:_EXAMPLES]) + (", ..." if len(listed) > _EXAMPLES else "")
