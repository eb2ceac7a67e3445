"""A round's assignments.csv (unit_id, annotator), and what `goldwire labels annotators assign` does in a study."""

import csv
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from goldwire.errors import GoldwireError
from goldwire.files import one_at_a_time, replacing
from goldwire.labels import rounds
from goldwire.labels.rounds import Round
from goldwire.labels.team import annotators, assign, references, round_answers
from goldwire.labels.team.assign import Assignment, Design, Unit
from goldwire.labels.team.references import Purpose, Reference
from goldwire.study import Study

FILE = "assignments.csv"
_HEADER = ["unit_id", "annotator"]


@dataclass(frozen=True)
class Work:
    """What an annotator of a round has to do. `answered` and `left` count assigned units; `active` is False of who
    left the round."""

    annotator: str
    assigned: int
    answered: int
    left: int
    active: bool


def read(folder: Path) -> Assignment:
    """Read assignments.csv of a round's folder: unit -> annotators. Without the file nobody is assigned anything.

    Raises
    ------
    GoldwireError
        When the columns are others, a field is empty, or a line stands twice; the message names the line.
    """
    path = folder / FILE
    found: dict[str, list[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            if next(rows, []) != _HEADER:
                raise GoldwireError(
                    f"the columns are not {', '.join(_HEADER)}",
                    where=f"{path}:1",
                    hint=f"The first line is: {','.join(_HEADER)}",
                )
            for row in rows:
                if row:
                    _add(found, row, f"{path}:{rows.line_num}")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint="Save it as UTF-8.") from None
    return {unit: tuple(who) for unit, who in found.items()}


def _add(found: dict[str, list[str]], row: list[str], where: str) -> None:
    if len(row) != len(_HEADER) or not all(value.strip() for value in row):
        raise GoldwireError(
            "the line is not a unit and an annotator",
            where=where,
            hint="Give it both, with a comma between, or remove it.",
        )
    unit, who = row
    if who in found.setdefault(unit, []):
        raise GoldwireError(f"{who} has the unit already", where=where, hint="Remove one of the lines.")
    found[unit].append(who)


def write(folder: Path, assignment: Mapping[str, Iterable[str]]) -> None:
    """Write assignments.csv, atomically, in the order of `assignment`."""
    with replacing(folder / FILE) as temporary, temporary.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(_HEADER)
        rows.writerows((unit, who) for unit, assigned in assignment.items() for who in assigned)


def answered(study: Study, name: str) -> dict[str, set[str]]:
    """Return who answered, skipped or began each unit of a round, by its pulled parts.

    Raises
    ------
    GoldwireError
        When there is no such round, or one of its files is damaged.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for one in round_answers.read(study, name).given:
        found[one.unit].add(one.annotator)
    return dict(found)


def plan(
    round_: Round,
    tasks: Iterable[Mapping[str, Any]],
    known: Collection[Reference] = (),
    before: Mapping[str, Sequence[str]] | None = None,
    answered: Mapping[str, Collection[str]] | None = None,
    joining: Collection[str] = (),
    everyone: Collection[Purpose] = ("calibration", "control"),
) -> Assignment:
    """Return the annotators of every unit of a round; see `goldwire.labels.team.assign.assign`.

    Parameters
    ----------
    round_ : Round
        Its annotators, overlap, overlap_share and seed are the design.
    tasks : iterable of mapping
        Those of tasks.jsonl, in order. Units of one article are spread over the annotators where that costs nothing.
    known : collection of Reference
    before, answered, joining
        See `goldwire.labels.team.assign.assign`.
    everyone : collection of {"calibration", "control"}
        References of these purposes go to all annotators, the others to as many as any unit.
    """
    units = [Unit(task["data"]["unit_id"], task["meta"].get("article_id") or "") for task in tasks]
    for_all = {reference.unit_id for reference in known if reference.purpose in everyone}
    design = Design(round_.annotators, round_.overlap, round_.overlap_share, for_all, round_.seed)
    try:
        return assign.assign(units, design, before, answered, joining)
    except GoldwireError as error:
        raise GoldwireError(error.message, where=error.where or f"round {round_.round}", hint=error.hint) from None


def work(round_: Round, assignment: Mapping[str, Iterable[str]], done: Mapping[str, Collection[str]]) -> list[Work]:
    """Return what everybody of the round has to do, in the round's order, then who left, by name."""
    total = Counter(who for assigned in assignment.values() for who in assigned)
    given = Counter(who for unit, assigned in assignment.items() for who in assigned if who in done.get(unit, ()))
    gone = sorted(total.keys() - set(round_.annotators))
    return [
        Work(who, total[who], given[who], total[who] - given[who], who in round_.annotators)
        for who in [*round_.annotators, *gone]
    ]


def assign_round(
    study: Study,
    name: str,
    *,
    named: Sequence[str] = (),
    join: Sequence[str] = (),
    leave: Sequence[str] = (),
    dry_run: bool = False,
) -> list[Work]:
    """Assign a round's units, write assignments.csv and the annotators in round.yaml, and return what each has to do.

    Parameters
    ----------
    named : sequence of str
        The annotators of the round, all of them; without any, those of round.yaml.
    join, leave : sequence of str
        Who comes to them and who goes.
    dry_run : bool
        Write nothing.

    Raises
    ------
    GoldwireError
        When a pseudonym is not in labels/annotators.csv, somebody leaves who is not in the round or joins who is, a
        file of the round is damaged, or the units cannot be dealt out; nothing is written then.
    """
    folder = study.rounds / name
    rounds.read(folder)
    with one_at_a_time(folder):
        round_ = rounds.read(folder)
        if round_.retest_of is not None:
            raise GoldwireError(
                f"round {name} asks everybody their own units of round {round_.retest_of} again",
                where=str(folder),
                hint="Its units go to nobody else. For more of them: goldwire labels retest",
            )
        changed = staffed(round_, _team(study, round_, list(named), list(join), list(leave)))
        tasks = rounds.tasks(folder)
        done = answered(study, name)
        assignment = plan(changed, tasks, references.read(folder), read(folder), done, join)
        if not dry_run:
            write(folder, assignment)
            rounds.write(folder, changed)
    return work(changed, assignment, done)


def staffed(round_: Round, team: Sequence[str]) -> Round:
    """Return the round with these annotators.

    Raises
    ------
    GoldwireError
        When a pseudonym has characters that a filter or a project's mark cannot have.
    """
    try:
        return Round.model_validate({**round_.model_dump(), "annotators": list(team)})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise GoldwireError(
            f'"{wrong["input"]}" cannot be the annotator of a round: a pseudonym is letters, digits, . _ and -',
            where=f"round {round_.round}",
            hint="Change it in labels/annotators.csv, before anything is pulled.",
        ) from None


def _team(study: Study, round_: Round, named: list[str], join: list[str], leave: list[str]) -> list[str]:
    known = list(annotators.read(study.annotators).known.values())
    for who in [*named, *join, *leave]:
        if who not in known and who not in round_.annotators:
            raise GoldwireError(
                f"{who} is not in {study.annotators.name}",
                where=str(study.annotators),
                hint=f"It has: {', '.join(known)}."
                if known
                else "It is empty. Fill it with: goldwire labels annotators add FILE",
            )
    team = named or list(round_.annotators)
    for who in leave:
        if who not in team:
            raise GoldwireError(
                f"{who} is not an annotator of the round",
                where=f"round {round_.round}",
                hint=f"They are: {', '.join(team) or 'nobody'}.",
            )
    for who in join:
        if who in team:
            raise GoldwireError(
                f"{who} is an annotator of the round already",
                where=f"round {round_.round}",
                hint="Leave out the --join.",
            )
    return [who for who in team if who not in leave] + list(dict.fromkeys(join))


def loads(study: Study) -> dict[str, dict[str, int]]:
    """Return how many units each annotator is assigned in each round that has some: pseudonym -> round -> units."""
    found: dict[str, dict[str, int]] = {}
    for folder in rounds.listing(study.rounds):
        counts = Counter(who for assigned in read(folder).values() for who in assigned)
        for who, number in sorted(counts.items()):
            found.setdefault(who, {})[folder.name] = number
    return found
