"""The round that asks units again under the new version of a scheme."""

import csv
import io
from pathlib import Path

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_jsonl, write_text
from goldwire.labels import rounds
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study


def new_round(study: Study, name: str, into: str, new: Scheme, text: str, units: list[str], *, dry_run: bool) -> int:
    """Make the round that asks units again, or add to it; return how many tasks it has."""
    before = rounds.read(study.rounds / name)
    folder = study.rounds / into
    made, there = _round(before, into, new), []
    if (folder / "round.yaml").is_file():
        kept = rounds.read(folder)
        if (kept.scheme, kept.scheme_hash) != (made.scheme, made.scheme_hash):
            raise GoldwireError(
                f"round {into} is there, and asks {kept.scheme} {kept.scheme_version} ({kept.scheme_hash})",
                where=str(folder),
                hint="Give the new round another name with --into.",
            )
        made, there = kept, rounds.tasks(folder)
    known = {task["data"]["unit_id"] for task in there}
    wanted = set(units) - known
    added = [task for task in rounds.tasks(study.rounds / name) if task["data"]["unit_id"] in wanted]
    if added and not dry_run:
        write_jsonl(folder / "tasks.jsonl", [*there, *added])
        rounds.write_scheme(folder, text)
        _assign_alike(study.rounds / name, folder, known | wanted)
        rounds.write(folder, made)
    return len(there) + len(added)


def _round(before: Round, into: str, new: Scheme) -> Round:
    """Return the new round: who answers, and how many, as before."""
    fields = before.model_dump(include={"overlap", "overlap_share", "blind", "annotators", "seed"})
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
