"""What several people say together, and each annotator's answer beside what the others say together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from goldwire.eval.inputs import Inputs
from goldwire.eval.task import Answer, Task

OTHERS = 2
"""How many others must have answered."""

SMALL = 50
"""Units of the test split that can be judged, below which all units are used."""

Said = dict[str, dict[str, Answer]]
"""Unit -> annotator -> answer."""


@dataclass(frozen=True)
class Judged:
    """An annotator's answer to a unit that the others agree on."""

    unit: str
    annotator: str
    answer: Answer
    consensus: Answer


@dataclass(frozen=True)
class People:
    """The answers that can be judged.

    Attributes
    ----------
    answers : list of Judged
        Sorted by unit and annotator.
    scope : {"test", "all"}
        Whether they are of the test split or of all splits, where too few of the test split can be judged.
    """

    answers: list[Judged]
    scope: str


def majority(task: Task, answers: Sequence[Answer]) -> Answer | None:
    """Return what most of the answers say; None for a tie.

    Of one label, that with strictly most answers. Of several, each label alone: those in more than half of the
    answers; one in exactly half of them is a tie. Of a tree, an answer also says the paths above its own, and of the
    paths that are kept the deepest stand. Where no label is kept, the answer is "none of them" if the question may be
    left empty, and else there is none.
    """
    if not task.several:
        ranked = Counter(answers).most_common(2)
        return ranked[0][0] if len(ranked) == 1 or ranked[0][1] > ranked[1][1] else None
    counts = Counter(
        label for answer in answers for label in (task.upward(answer) if task.type == "tree" else set(answer))
    )
    if any(2 * n == len(answers) for n in counts.values()):
        return None
    kept = [label for label in task.labels if 2 * counts[label] > len(answers)]
    if task.type == "tree":
        kept = [label for label in kept if not any(other.startswith(f"{label}/") for other in kept)]
    if not kept and task.question is not None and task.question.required:
        return None
    return tuple(kept)


def said(inputs: Inputs) -> Said:
    """Return the answers that have no label beyond those that can be decided."""
    known = set(inputs.task.labels)
    found: Said = {}
    columns = (inputs.votes[name] for name in ("unit_id", "annotator", "labels"))
    for unit, annotator, answer in sorted(zip(*columns, strict=True)):
        if known.issuperset(answer):
            found.setdefault(unit, {})[annotator] = tuple(answer)
    return found


def judged(inputs: Inputs) -> People:
    """Return each annotator's answers to units that at least two others answered and agree on.

    Units on which the others are tied are left out, which favours people a little: models are scored on these units
    too, when the annotator's own answer broke the tie.
    """
    found = []
    for unit, answers in said(inputs).items():
        if len(answers) <= OTHERS:
            continue
        for annotator, answer in answers.items():
            together = majority(inputs.task, [other for who, other in answers.items() if who != annotator])
            if together is not None:
                found.append(Judged(unit, annotator, answer, together))
    test = set(inputs.labelled("test")["unit_id"])
    within = [one for one in found if one.unit in test]
    if len({one.unit for one in within}) >= SMALL:
        return People(within, "test")
    return People(found, "all")


def clusters_of(inputs: Inputs) -> dict[str, str]:
    """Return the cluster of each unit."""
    return dict(zip(inputs.rows["unit_id"], inputs.rows["cluster"], strict=True))
