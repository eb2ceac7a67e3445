"""What people reach, on the metrics of the models: each annotator against the majority of the others, and split-half.

An annotator is scored as if a model, against an answer in which the annotator had no part. Half of a unit's votes
against the other half says how well the votes would say the same again. Neither is what is possible: models can agree
with a majority better than any one person does (Nangia and Bowman, 2019, Human vs. Muppet: A conservative estimate of
human performance on the GLUE benchmark, ACL).
"""

from collections.abc import Sequence
from typing import Any

from goldwire.eval.ceiling.against import verdict as verdict  # part of what this module offers
from goldwire.eval.ceiling.halves import split_half
from goldwire.eval.ceiling.votes import Judged, clusters_of, judged
from goldwire.eval.inputs import Inputs
from goldwire.eval.measure import Bootstrap, Gold, measure

_EACH = ("accuracy", "macro-f1")


def ceiling(inputs: Inputs, bootstrap: Bootstrap) -> dict[str, Any]:
    """Score people against people, for a question of any type.

    Returns
    -------
    dict
        In the shape of `goldwire.eval.result.Ceiling`: ``{"units": "test" or "all", "judged": number of units,
        "answers": number of answers, "metrics": {name: figure}, "annotators": {pseudonym: {"answers", "accuracy",
        "macro-f1"}}, "split_half": {"accuracy", "macro-f1", "reliability": figure}}``; all units are used when fewer
        than 50 of the test split can be judged (see `goldwire.eval.ceiling.votes.judged`). Or ``{"why": reason,
        "split_half"}`` where nobody can be judged; split_half is empty where no unit has two answers.
    """
    people = judged(inputs)
    halves = split_half(inputs, people.scope, bootstrap)
    if not people.answers:
        return {"why": "no unit has answers of three annotators of whom two others agree", "split_half": halves}
    clusters = clusters_of(inputs)

    def figures(answers: Sequence[Judged], metrics: Sequence[str] = ()) -> dict[str, Any]:
        of = [clusters.get(one.unit, one.unit) for one in answers]
        gold = Gold.of(inputs.task, [one.consensus for one in answers], of, metrics=metrics)
        return measure(gold, [one.answer for one in answers], bootstrap)[0]

    by_annotator: dict[str, list[Judged]] = {name: [] for name in sorted({one.annotator for one in people.answers})}
    for one in people.answers:
        by_annotator[one.annotator].append(one)
    return {
        "units": people.scope,
        "judged": len({one.unit for one in people.answers}),
        "answers": len(people.answers),
        "metrics": figures(people.answers),
        "annotators": {name: {"answers": len(own), **figures(own, _EACH)} for name, own in by_annotator.items()},
        "split_half": halves,
    }
