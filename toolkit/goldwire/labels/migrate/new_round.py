"""The round that asks units again under the new version of a scheme."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.migrate.known_answers import brought
from goldwire.labels.migrate.rules import Migration
from goldwire.labels.rounds import Round
from goldwire.labels.team import references
from goldwire.labels.team.references import Reference
from goldwire.scheme import Scheme
from goldwire.study import Study


@dataclass(frozen=True)
class NewRound:
    """The round that asks again: how many tasks it has, and the known answers that are not brought along."""

    tasks: int
    left_out: list[Reference]


def new_round(
    study: Study, name: str, into: str, migration: Migration, text: str, units: list[str], *, dry_run: bool
) -> NewRound:
    """Make the round that asks units again, or add to it; `text` is the new scheme's YAML."""
    new = migration.new
    before = rounds.read(study.rounds / name)
    folder = study.rounds / into
    made, there = _round(before, into, new), []
    if (folder / "round.yaml").is_file():
        found = rounds.read(folder)
        if (found.scheme, found.scheme_hash) != (made.scheme, made.scheme_hash):
            raise GoldwireError(
                f"round {into} is there, and asks {found.scheme} {found.scheme_version} ({found.scheme_hash})",
                where=str(folder),
                hint="Give the new round another name with --into.",
            )
        if bool(found.chosen_by) != bool(made.chosen_by):
            raise GoldwireError(
                f"a model chose the units of round {into if found.chosen_by else name}, and not the other's",
                where=str(folder),
                hint="Give the new round another name with --into: only units that no model chose can test one.",
            )
        models = list(dict.fromkeys([*found.chosen_by, *made.chosen_by]))
        made, there = found.model_copy(update={"chosen_by": models}), rounds.tasks(folder)
    known = {task["data"]["unit_id"] for task in there}
    wanted = set(units) - known
    added = [task for task in rounds.tasks(study.rounds / name) if task["data"]["unit_id"] in wanted]
    kept, left_out = brought(references.read(study.rounds / name), known | wanted, migration)
    if added and not dry_run:
        if kept:
            references.write(folder, references.merged(kept, references.read(folder)))
        write_jsonl(folder / "tasks.jsonl", [*there, *added])
        rounds.write_scheme(folder, text)
        _assign_alike(study.rounds / name, folder, known | wanted)
        rounds.write(folder, made)
    return NewRound(len(there) + len(added), left_out)


def _round(before: Round, into: str, new: Scheme) -> Round:
    """Return the new round: who answers, how many, and who chose the units, as before."""
    kept = {"overlap", "overlap_share", "blind", "annotators", "threshold", "chosen_by", "seed"}
    fields = before.model_dump(include=kept)
    try:
        return Round(round=into, scheme=new.name, scheme_version=new.version, scheme_hash=new.hash, **fields)
    except ValueError:
        raise UsageError(f'"{into}" is no name of a round', hint="A name is letters, digits, . _ and -") from None


def _assign_alike(before: Path, folder: Path, units: set[str]) -> None:
    """Whoever was to answer a unit is to answer it again."""
    source = before / "assignments.csv"
    if source.is_file():
        with source.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([header, *(row for row in rows if row[0] in units)])
        write_text(folder / "assignments.csv", text.getvalue())
