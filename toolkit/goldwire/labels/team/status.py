"""The status of rounds: how far they are, by whom, how fast, and how well annotators agree so far.

Everything comes from the round's files and the pulled parts, so it is as of the last pull, and the same parts say the
same. See `goldwire.labels.team.status_rate` for the rate, `goldwire.labels.team.reference_scores` for calibration and
control, and `goldwire.labels.team.retest_scores` for retests.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from statistics import median
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.labels import rounds
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.ballots import counted, of_votes
from goldwire.labels.team import assignments, references, round_answers
from goldwire.labels.team.assign import Assignment
from goldwire.labels.team.reference_scores import ReferenceScore, passed, reference_scores
from goldwire.labels.team.references import Purpose, Reference
from goldwire.labels.team.retest_scores import retest_agreement
from goldwire.labels.team.round_answers import Given, RoundAnswers
from goldwire.labels.team.status_rate import expected_end, rate
from goldwire.scheme import Scheme
from goldwire.study import Study

_NOBODY = date(1970, 1, 1)


def overview(study: Study) -> list[dict[str, Any]]:
    """Return the progress of every round, by name: the keys of `status` up to `expected_end`."""
    return [_progress(study, round_answers.read(study, folder.name)) for folder in rounds.listing(study.rounds)]


def status(study: Study, name: str) -> dict[str, Any]:
    """Return the status of a round as of the last pull.

    Returns
    -------
    dict
        - round, scheme, retest_of (a round or null), adjudicates (the rounds whose disputes it settles), pulled (time
          of the last pull that brought something, or null), from_file (whether an export brought something)
        - units: those of the round. Each is one of done (with as many submitted answers as it is to have), skipped
          (with as many answers, some of them skips), begun (with some, or a draft), left. A unit is to have an answer
          of each annotator that it is assigned to; where it is assigned to nobody, as many as the round's overlap
        - answers, skips: submitted and skipped, an annotator and a unit counting once; remaining: how many are
          missing until no unit is begun or left
        - rate ``{"days", "per_day", "slow", "fast", "calendar", "last_day"}`` or null, expected_end ``{"earliest",
          "latest", "why"}``; see `goldwire.labels.team.status_rate`
        - threshold: of the calibration, or null
        - annotators, in the round's order, then others by name: annotator, active (False when round.yaml names
          annotators and not this one), assigned (units, null when nothing is assigned), answered (submitted),
          skipped, left (assigned, and neither), lead_time_s (median of submitted answers), per_day (answers and skips
          per day with one, over the last seven such days), last_day (those of the last day), first, last (days),
          calibration and control (each null without such units, else ``{"right", "unsure", "answered", "of",
          "share", "questions"}``; calibration also "passed": null while not all is answered, or without a threshold)
        - agreement ``{"questions": {NAME: {"units", "units_with_two", "alpha"}}}``, null while nobody answered and in
          a retest; agreement_without_references: the same without calibration and control units, null without such
        - retest: in a retest, the rows of `goldwire.labels.team.retest_scores.retest_agreement`, else null

    Raises
    ------
    GoldwireError
        When there is no such round, or one of its files is damaged.
    """
    found = round_answers.read(study, name)
    known = references.read(study.rounds / name)
    votes = round_answers.votes(study, found)
    stories = round_answers.stories(study, found.units)
    apart = votes.filter(pc.invert(pc.is_in(votes["unit_id"], _texts({one.unit_id for one in known}))))
    is_retest = found.round.retest_of is not None
    return {
        **_progress(study, found),
        "threshold": found.round.threshold,
        "annotators": _annotators(found, votes, assignments.read(study.rounds / name), known),
        "agreement": None if is_retest else _agreement(study, votes, found.scheme, stories),
        "agreement_without_references": None
        if is_retest or not known
        else _agreement(study, apart, found.scheme, stories),
        "retest": _retest(study, found, votes, stories) if is_retest else None,
    }


def _progress(study: Study, found: RoundAnswers) -> dict[str, Any]:
    assigned = assignments.read(study.rounds / found.round.round)
    done: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found.given:
        done[one.unit][one.status] += 1
    stages: Counter[str] = Counter()
    remaining = 0
    for unit in (row["unit_id"] for row in found.units):
        due = len(assigned.get(unit, ())) or found.round.overlap
        stages[_stage(done[unit], due)] += 1
        remaining += max(0, due - done[unit]["submitted"] - done[unit]["skipped"])
    days = _days(found.given)
    until = _day_of(found.pulled) or max(days, default=_NOBODY)
    speed = rate(days, until)
    end = expected_end(remaining, speed, until)
    return {
        "round": found.round.round,
        "scheme": found.round.scheme,
        "retest_of": found.round.retest_of,
        "adjudicates": found.round.adjudicates,
        "pulled": found.pulled,
        "from_file": found.from_file,
        "units": len(found.units),
        **{stage: stages[stage] for stage in ("done", "begun", "skipped", "left")},
        "answers": sum(one.status == "submitted" for one in found.given),
        "skips": sum(one.status == "skipped" for one in found.given),
        "remaining": remaining,
        "rate": asdict(speed) if speed else None,
        "expected_end": {"earliest": _iso(end.earliest), "latest": _iso(end.latest), "why": end.why},
    }


def _stage(given: Mapping[str, int], due: int) -> str:
    if given["submitted"] >= due:
        return "done"
    if given["submitted"] + given["skipped"] >= due:
        return "skipped"
    return "begun" if sum(given.values()) else "left"


def _annotators(
    found: RoundAnswers, votes: pa.Table, assigned: Assignment, known: Sequence[Reference]
) -> list[dict[str, Any]]:
    team = found.round.annotators
    given: dict[str, list[Given]] = defaultdict(list)
    for one in found.given:
        given[one.annotator].append(one)
    units: dict[str, set[str]] = defaultdict(set)
    for unit, several in assigned.items():
        for who in several:
            units[who].add(unit)
    everybody = [*team, *sorted((given.keys() | units.keys()) - set(team))]
    scores = reference_scores(votes, known, found.scheme, everybody, assigned)
    return [
        {
            "annotator": who,
            "active": not team or who in team,
            **_work(given.get(who, []), units[who] if assigned else None),
            "calibration": _calibration(scores.get("calibration", {}).get(who), found.round.threshold),
            "control": _score(scores, "control", who),
        }
        for who in everybody
    ]


def _work(given: Sequence[Given], units: set[str] | None) -> dict[str, Any]:
    submitted = [one for one in given if one.status == "submitted"]
    skipped = [one for one in given if one.status == "skipped"]
    days = _days(given)
    speed = rate(days, max(days, default=_NOBODY))
    times = [one.lead_time_s for one in submitted if one.lead_time_s is not None]
    return {
        "assigned": None if units is None else len(units),
        "answered": len(submitted),
        "skipped": len(skipped),
        "left": None if units is None else len(units - {one.unit for one in [*submitted, *skipped]}),
        "lead_time_s": round(median(times), 3) if times else None,
        "per_day": speed.per_day if speed else None,
        "last_day": speed.last_day if speed else None,
        "first": _iso(min(days, default=None)),
        "last": _iso(max(days, default=None)),
    }


def _calibration(score: ReferenceScore | None, threshold: float | None) -> dict[str, Any] | None:
    return {**score.as_dict(), "passed": passed(score, threshold)} if score else None


def _score(
    scores: Mapping[Purpose, Mapping[str, ReferenceScore]], purpose: Purpose, who: str
) -> dict[str, Any] | None:
    score = scores.get(purpose, {}).get(who)
    return score.as_dict() if score else None


def _agreement(study: Study, votes: pa.Table, scheme: Scheme, stories: Mapping[str, str]) -> dict[str, Any] | None:
    """Return alpha of each question, as `goldwire labels agreement` has it for all rounds, without a recoding."""
    schemes = {scheme.name: scheme}
    asked = [answers for answers in of_votes(votes, schemes, {}) if answers.type != "text"]
    if not counted(votes).num_rows or not any(len(answers.unit) or answers.unsure for answers in asked):
        return None
    params = study.params()
    figures = agreement(
        votes,
        clusters=stories,
        schemes=schemes,
        resamples=params.eval.resamples,
        level=params.eval.level,
        seed=params.seed,
    )
    by_name = figures.get("questions", {asked[0].question: figures})
    kept = ("units", "units_with_two", "alpha")
    return {"questions": {name: {key: figure[key] for key in kept} for name, figure in by_name.items()}}


def _retest(study: Study, found: RoundAnswers, votes: pa.Table, stories: Mapping[str, str]) -> list[dict[str, Any]]:
    first = round_answers.read(study, str(found.round.retest_of))
    params = study.params()
    return retest_agreement(
        pa.concat_tables([round_answers.votes(study, first), votes]),
        found.round,
        found.scheme,
        clusters=stories,
        resamples=params.eval.resamples,
        level=params.eval.level,
        seed=params.seed,
    )


def _days(given: Iterable[Given]) -> list[date]:
    """Return the day of each answer, submitted or skipped."""
    return [one.day for one in given if one.status != "draft" and one.day is not None]


def _day_of(pulled: str | None) -> date | None:
    return datetime.fromisoformat(pulled).date() if pulled else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _texts(values: set[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())
