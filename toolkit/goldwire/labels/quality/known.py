"""How annotators did on hidden control items, and against their own first answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from goldwire.labels import rounds
from goldwire.labels.team import assignments, references, round_answers
from goldwire.labels.team.reference_scores import reference_scores
from goldwire.labels.team.retest_scores import retest_agreement
from goldwire.study import Study

NO_CONTROL = "no round has control items"
NO_RETEST = "no round asks again"


@dataclass
class Known:
    """Rows by (scheme, question, annotator)."""

    control: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)
    retest: dict[tuple[str, str, str], list[dict[str, Any]]] = field(default_factory=dict)


def known(study: Study, name: str | None) -> Known:
    """Return what is known of a round's annotators, or of all rounds'.

    A control row has round, right, unsure, answered, of and share (see
    `goldwire.labels.team.reference_scores.Score`), of one question; a retest row those of
    `goldwire.labels.team.retest_scores.retest_agreement`, with the round that asked again. Of a round, the retests
    are those that ask it again, or itself.

    Raises
    ------
    GoldwireError
        When a file of a round is damaged.
    """
    found = Known()
    for folder in rounds.listing(study.rounds):
        round_ = rounds.read(folder)
        if name in (None, folder.name) and any(one.purpose == "control" for one in references.read(folder)):
            _control(study, folder.name, found)
        if round_.retest_of is not None and name in (None, folder.name, round_.retest_of):
            _retest(study, folder.name, round_.retest_of, found)
    return found


def _control(study: Study, name: str, into: Known) -> None:
    answers = round_answers.read(study, name)
    votes = round_answers.votes(study, answers)
    asked = [one for one in references.read(study.rounds / name) if one.purpose == "control"]
    assigned = assignments.read(study.rounds / name)
    everybody = sorted({one.annotator for one in answers.given} | {who for some in assigned.values() for who in some})
    scores = reference_scores(votes, asked, answers.scheme, everybody, assigned).get("control", {})
    for who, score in scores.items():
        for question, one in score.questions.items():
            key = (answers.scheme.name, question, who)
            into.control.setdefault(key, []).append({"round": name, **one.as_dict()})


def _retest(study: Study, name: str, of: str, into: Known) -> None:
    second, first = round_answers.read(study, name), round_answers.read(study, of)
    both = [round_answers.votes(study, one) for one in (first, second)]
    params = study.params()
    rows: Iterable[dict[str, Any]] = retest_agreement(
        pa.concat_tables(both),
        second.round,
        second.scheme,
        clusters=round_answers.stories(study, second.units),
        resamples=params.eval.resamples,
        level=params.eval.level,
        seed=params.seed,
    )
    for row in rows:
        if row["annotator"] is not None:
            key = (second.scheme.name, row["question"], row["annotator"])
            kept = {name_: row[name_] for name_ in row if name_ not in ("annotator", "question")}
            into.retest.setdefault(key, []).append({"round": name, **kept})
