"""A retest: after weeks, annotators are asked again about units that they answered, in a blind round of its own.

The sample is the same for everybody as far as it can be: units come in one order drawn from the seed, and each
annotator gets the first ones of it among their own. So it is a simple random sample of what each answered, a larger
one holds the smaller one, and few tasks are needed. Calibration units and control items are left out: their answer
may have been discussed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import ValidationError

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import one_at_a_time, write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.rounds import Round
from goldwire.labels.team import assignments, references, round_answers
from goldwire.labels.team.assign import Assignment
from goldwire.labels.team.round_answers import RoundAnswers
from goldwire.provenance import digest
from goldwire.study import Study

SHARE = 0.1
AFTER = 21

_Days = dict[str, dict[str, date]]


@dataclass(frozen=True)
class Asked:
    """What an annotator gets. `old` are the units that they answered long enough ago, `asked` those of them that are
    in the retest now, `new` those that came this time."""

    annotator: str
    old: int
    asked: int
    new: int


@dataclass(frozen=True)
class Retest:
    """A retest round. `units` is how many it has, `added` how many of them came this time."""

    round: str
    of: str
    units: int
    added: int
    annotators: list[Asked]


def make_retest(
    study: Study,
    name: str,
    of: str,
    *,
    units: int | None = None,
    share: float | None = None,
    after: int = AFTER,
    annotators: Sequence[str] = (),
    seed: int | None = None,
    as_of: date | None = None,
) -> Retest:
    """Make a retest round, or add to one: labels/rounds/NAME with round.yaml, tasks, assignments and scheme.

    The round is blind, so nobody sees the first answers, nor others'. Tasks are those of the first round, letter for
    letter, in an order drawn from the seed. Its answers never count as votes. What is in the round stays; who has
    fewer units than their sample asks for gets more.

    Parameters
    ----------
    study : Study
    name, of : str
        The new round, and the round whose units are asked again.
    units : int, optional
        Units for each annotator, 1 or more; fewer where there are not so many.
    share : float, optional
        Or the share of each annotator's units, above 0 and at most 1, at least one unit; 0.1 without either.
    after : int
        Days that must lie between the first answer, as it was last changed, and `as_of`.
    annotators : sequence of str
        Who is asked; by default all who answered and have not left the round.
    seed : int, optional
        Of the draw; that of params.yaml by default. A round that is there keeps its own.
    as_of : date, optional
        The day of reference (UTC); today by default.

    Raises
    ------
    UsageError
        When units, share and after do not go together or are out of range.
    GoldwireError
        When the first round is a retest, the new one is there and is not a retest of it, an annotator did not answer,
        or no answer is old enough; the message says how many days are missing. Nothing is written then.
    """
    _check(units, share, after)
    first = round_answers.read(study, of)
    if first.round.retest_of is not None:
        raise GoldwireError(
            f"round {of} is a retest itself, of {first.round.retest_of}",
            hint=f"Ask again with: goldwire labels retest {name} --of {first.round.retest_of}",
        )
    if first.round.adjudicates:
        raise GoldwireError(
            f"round {of} is an adjudication: its answers began from others'",
            hint=f"Ask a round of votes again, such as {first.round.adjudicates[0]}.",
        )
    today = as_of or datetime.now(UTC).date()
    answered = _answered(first, {one.unit_id for one in references.read(study.rounds / of)}, annotators)
    old = {who: [unit for unit, day in days.items() if (today - day).days >= after] for who, days in answered.items()}
    if not any(old.values()):
        raise _too_young(of, answered, after, today)
    fresh = _new(name, first.round, study.params().seed if seed is None else seed)
    folder = study.rounds / name
    with one_at_a_time(folder):
        is_there = (folder / "round.yaml").is_file()
        made = rounds.read(folder) if is_there else fresh
        _check_same(made, first.round, seed)
        tasks, before = (rounds.tasks(folder), assignments.read(folder)) if is_there else ([], {})
        drawn = _draw(old, before, made.seed, units, share)
        wanted = {unit for chosen in drawn.values() for unit in chosen}
        kept = {task["data"]["unit_id"] for task in tasks}
        new = [task for task in rounds.tasks(study.rounds / of) if task["data"]["unit_id"] in wanted - kept]
        new.sort(key=lambda task: digest(str(made.seed), "retest order", task["data"]["unit_id"]))
        tasks = [*tasks, *new]
        assigned = _assigned(tasks, drawn, before)
        if any(drawn.values()):
            _write(study, made, first.round, tasks, assigned)
    return Retest(name, of, len(tasks), len(new), _told(old, assigned, drawn))


def _check(units: int | None, share: float | None, after: int) -> None:
    if units is not None and share is not None:
        raise UsageError("--units and --share do not go together", hint="Give one of them.")
    if (units is not None and units < 1) or (share is not None and not 0 < share <= 1) or after < 0:
        raise UsageError("--units is 1 or more, --share above 0 and at most 1, --after 0 or more")


def _answered(first: RoundAnswers, known: set[str], named: Sequence[str]) -> _Days:
    """Return who answered which units on which day, in the order of the round's annotators, then by name."""
    answered: _Days = defaultdict(dict)
    for one in first.given:
        if one.status == "submitted" and one.seen is not None and one.unit not in known:
            answered[one.annotator][one.unit] = one.seen.date()
    for who in named:
        if who not in answered:
            there = ", ".join(sorted(answered)) or "nobody"
            raise GoldwireError(
                f"{who} answered no unit of round {first.round.round}", hint=f"These did: {there}. Pull, if more did."
            )
    team = first.round.annotators
    asked = named or [who for who in answered if who in team or not team]
    return {
        who: answered[who]
        for who in sorted(asked, key=lambda who: (team.index(who) if who in team else len(team), who))
    }


def _too_young(of: str, answered: _Days, after: int, today: date) -> GoldwireError:
    days = [day for found in answered.values() for day in found.values()]
    if not days:
        return GoldwireError(
            f"nobody who is in round {of} has answered a unit of it",
            hint=f"Pull first: goldwire labels pull {of}",
        )
    missing = after - (today - min(days)).days
    return GoldwireError(
        f"no answer in round {of} is {after} days old: the oldest is of {min(days)}, "
        f"{missing} day{'' if missing == 1 else 's'} too young",
        hint="Wait, so that nobody remembers what they said, or ask for fewer days: --after DAYS",
    )


def _new(name: str, first: Round, seed: int) -> Round:
    try:
        return Round(
            round=name,
            scheme=first.scheme,
            scheme_version=first.scheme_version,
            scheme_hash=first.scheme_hash,
            blind=True,
            retest_of=first.round,
            seed=seed,
        )
    except ValidationError:
        raise UsageError(
            f'"{name}" cannot be the name of a round', hint="A name is letters, digits, . _ and -"
        ) from None


def _check_same(made: Round, first: Round, seed: int | None) -> None:
    if made.retest_of != first.round or made.scheme_hash != first.scheme_hash:
        what = f"is a retest of {made.retest_of}" if made.retest_of else "is no retest"
        raise GoldwireError(f"round {made.round} is there, and {what}", hint="Give the retest another name.")
    if seed not in (None, made.seed):
        raise GoldwireError(
            f"round {made.round} was drawn with the seed {made.seed}", hint="Leave out --seed, or name another round."
        )


def _draw(
    old: Mapping[str, Sequence[str]], before: Assignment, seed: int, units: int | None, share: float | None
) -> dict[str, list[str]]:
    """Return the units that each annotator gets now, beside those of `before`."""
    drawn = {}
    for who, answered in old.items():
        had = {unit for unit, assigned in before.items() if who in assigned}
        size = units if units is not None else max(1, int((share or SHARE) * len(answered) + 0.5))
        order = sorted(answered, key=lambda unit: digest(str(seed), "retest", unit))
        drawn[who] = [unit for unit in order if unit not in had][: max(0, size - len(had))]
    return drawn


def _assigned(
    tasks: Sequence[Mapping[str, Any]], drawn: Mapping[str, Sequence[str]], before: Assignment
) -> Assignment:
    of_unit: dict[str, list[str]] = {unit: list(who) for unit, who in before.items()}
    for who, units in drawn.items():
        for unit in units:
            of_unit.setdefault(unit, []).append(who)
    return {unit: tuple(of_unit[unit]) for task in tasks if (unit := task["data"]["unit_id"]) in of_unit}


def _write(study: Study, made: Round, first: Round, tasks: Sequence[Mapping[str, Any]], assigned: Assignment) -> None:
    """Write the round. What is cut short is done again by the next call: only what is assigned was drawn."""
    folder = study.rounds / made.round
    kept = study.rounds / first.round / "scheme.yaml"
    source = kept if kept.is_file() else study.schemes / f"{first.scheme}.yaml"
    everybody = {who for several in assigned.values() for who in several}
    team = [*made.annotators, *sorted(everybody - set(made.annotators))]
    write_text(folder / "scheme.yaml", source.read_text(encoding="utf-8"))
    write_jsonl(folder / "tasks.jsonl", tasks)
    rounds.write(
        folder, assignments.staffed(made.model_copy(update={"overlap": max(map(len, assigned.values()))}), team)
    )
    assignments.write(folder, assigned)


def _told(old: Mapping[str, Sequence[str]], assigned: Assignment, drawn: Mapping[str, Sequence[str]]) -> list[Asked]:
    return [
        Asked(who, len(units), sum(who in several for several in assigned.values()), len(drawn[who]))
        for who, units in old.items()
    ]
