"""How annotators did on units whose answer is known: calibration, and control items.

An answer to a question is right when its set of labels equals the known one: for a question that takes one label, or
a path of a tree, that label; for a question that takes several, all of them and no other. "Unsure" is not right, and
is counted apart. A unit is right when all of its known answers are. Free text is not scored: two texts can say the
same. Labels are compared as given; the recoding of params.yaml is not applied.

Answers to these units are ordinary answers: they stay in the votes, count for gold, and enter agreement, since what
an annotator says of a unit is the same kind of evidence whether or not somebody knew the answer. Agreement is given
without them as well (see `goldwire.labels.team.status`). Who wants gold without them leaves out the units of
references.jsonl.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from goldwire.labels.ballots import counted
from goldwire.labels.team.references import Purpose, Reference
from goldwire.scheme import Scheme
from goldwire.stats.proportion import wilson

_COLUMNS = ("unit_id", "annotator", "question", "labels")


@dataclass(frozen=True)
class Score:
    """Units, or the answers to one question about them.

    `of` are those that the annotator is to answer, `answered` those submitted; of these, `right` are right, and in
    `unsure` an answer abstained.
    """

    right: int
    unsure: int
    answered: int
    of: int

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers, and ``share``: right of answered, with Wilson's interval."""
        share = wilson(self.right, self.answered).as_dict()
        return {"right": self.right, "unsure": self.unsure, "answered": self.answered, "of": self.of, "share": share}


@dataclass(frozen=True)
class ReferenceScore(Score):
    """The score of an annotator on the units of one purpose; `questions` has that of each question."""

    questions: dict[str, Score] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "questions": {name: one.as_dict() for name, one in self.questions.items()}}


def passed(score: Score, threshold: float | None) -> bool | None:
    """Return whether a calibration was passed: right / answered at least the threshold.

    None while a unit is not answered (a skipped one is not), and without a threshold or units.
    """
    if threshold is None or score.of == 0 or score.answered < score.of:
        return None
    return score.right / score.answered >= threshold - 1e-9  # 0.7 of 10 is 7, whatever the binary fraction says


def reference_scores(
    votes: pa.Table,
    references: Iterable[Reference],
    scheme: Scheme,
    annotators: Sequence[str],
    assigned: Mapping[str, Collection[str]] | None = None,
) -> dict[Purpose, dict[str, ReferenceScore]]:
    """Return the score of each annotator, by purpose; a purpose without units is left out.

    Parameters
    ----------
    votes : pa.Table
        `votes` of one scheme; the rows that count are used.
    references : iterable of Reference
    scheme : Scheme
        Which questions there are, and which labels mean "unsure".
    annotators : sequence of str
        Whose score is wanted.
    assigned : mapping, optional
        Unit -> annotators. Who is not assigned a unit need not answer it; without any, everybody answers all.

    Raises
    ------
    GoldwireError
        When a reference is to a question that the scheme has not.
    """
    known: dict[Purpose, dict[str, dict[str, frozenset[str]]]] = defaultdict(lambda: defaultdict(dict))
    for one in references:
        if scheme.question(one.question).type != "text":
            known[one.purpose][one.unit_id][one.question] = frozenset(one.labels)
    said = _said(votes, {unit for units in known.values() for unit in units})
    unsure = {
        question.name: {name for name in question.label_names() if question.label(name).role == "unsure"}
        for question in scheme.questions
    }
    return {
        purpose: {who: _score(who, units, said.get(who, {}), unsure, assigned or {}) for who in annotators}
        for purpose, units in sorted(known.items())
    }


def _said(votes: pa.Table, units: Collection[str]) -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the answers that count to some units: annotator -> unit -> question -> labels."""
    import pyarrow.compute as pc

    wanted = pc.is_in(votes["unit_id"], pa.array(sorted(units), pa.string()))
    found: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(dict))
    for row in counted(votes.filter(wanted)).select(_COLUMNS).to_pylist():
        found[row["annotator"]][row["unit_id"]][row["question"]] = row["labels"] or []
    return found


def _score(
    who: str,
    known: Mapping[str, Mapping[str, frozenset[str]]],
    said: Mapping[str, Mapping[str, list[str]]],
    unsure: Mapping[str, set[str]],
    assigned: Mapping[str, Collection[str]],
) -> ReferenceScore:
    units = [unit for unit in known if unit in said or not assigned or who in assigned.get(unit, ())]
    marks = {
        unit: {name: _mark(said[unit].get(name, []), labels, unsure[name]) for name, labels in known[unit].items()}
        for unit in units
        if unit in said
    }
    questions = sorted({name for unit in units for name in known[unit]}, key=list(unsure).index)
    return ReferenceScore(
        right=sum(all(right for right, _ in found.values()) for found in marks.values()),
        unsure=sum(any(abstained for _, abstained in found.values()) for found in marks.values()),
        answered=len(marks),
        of=len(units),
        questions={
            name: Score(
                right=sum(found[name][0] for found in marks.values() if name in found),
                unsure=sum(found[name][1] for found in marks.values() if name in found),
                answered=sum(name in found for found in marks.values()),
                of=sum(name in known[unit] for unit in units),
            )
            for name in questions
        },
    )


def _mark(given: Collection[str], known: frozenset[str], unsure: set[str]) -> tuple[bool, bool]:
    """Return whether an answer is right, and whether it abstains."""
    sure = {label for label in given if label not in unsure}
    return sure == known, bool(given) and not sure
