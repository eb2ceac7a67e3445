"""Rounds: labels/rounds/ROUND with round.yaml and tasks.jsonl."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl, write_text

_FILE = "round.yaml"
_TASKS = "tasks.jsonl"


class Round(BaseModel):
    """One wave of labelling with one scheme, as it stands in round.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    round: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] = Field(
        description="its name, which is its folder's"
    )
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] = Field(
        default_factory=lambda: secrets.token_hex(8), description="the mark by which its project is recognised"
    )
    scheme: str
    scheme_version: str
    scheme_hash: str
    overlap: int = Field(1, ge=1, description="annotators per unit")
    blind: bool = Field(False, description="a project for each annotator, so that nobody sees another's answers")
    seed: int = 0

    @property
    def marker(self) -> str:
        """What stands in the description of its Label Studio project."""
        return f"goldwire-round:{self.id}"


def write(folder: Path, round_: Round) -> None:
    """Write round.yaml into the round's folder."""
    text = yaml.safe_dump(round_.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
    write_text(folder / _FILE, text)


def read(folder: Path) -> Round:
    """Read round.yaml.

    Raises
    ------
    GoldwireError
        When there is no such round, a field is missing, unknown or wrong, or it is the copy of another round;
        the message names the field.
    """
    path = folder / _FILE
    try:
        found = Round.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        there = ", ".join(found.name for found in listing(folder.parent)) or "none yet"
        raise GoldwireError(
            f'there is no round "{folder.name}"',
            where=str(path),
            hint=f"Rounds: {there}. Make one with: goldwire labels tasks ROUND --scheme NAME",
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GoldwireError(f"not valid YAML: {error}", where=str(path)) from None
    except ValidationError as error:
        items = [f"{'.'.join(map(str, item['loc'])) or 'round'}: {item['msg']}" for item in error.errors()]
        raise GoldwireError("\n".join(items), where=str(path), hint="Mend these fields.") from None
    if found.round != folder.name:
        raise GoldwireError(
            f'the round is called "{found.round}", and its folder "{folder.name}"',
            where=f"{path}: round",
            hint="Never copy a round: its project is found by its id. Make one with: goldwire labels tasks",
        )
    return found


def listing(rounds: Path) -> list[Path]:
    """Return the folders of all rounds of a study, by name; `rounds` is labels/rounds."""
    return sorted(found.parent for found in rounds.glob(f"*/{_FILE}"))


def tasks(folder: Path) -> list[dict[str, Any]]:
    """Read tasks.jsonl: one Label Studio task a line, with `data` (whose `unit_id` is unique) and `meta`.

    Raises
    ------
    GoldwireError
        When the file is missing, or a line is no task or repeats a unit; the message names the line.
    """
    path = folder / _TASKS
    found: list[dict[str, Any]] = []
    lines: dict[str, int] = {}
    for number, task in read_jsonl(path):
        data = task.get("data") if isinstance(task, dict) else None
        unit = data.get("unit_id") if isinstance(data, dict) else None
        if not isinstance(unit, str):
            raise GoldwireError("the task has no data.unit_id", where=f"{path}:{number}: data.unit_id")
        if unit in lines:
            raise GoldwireError(f"unit {unit} stands in line {lines[unit]} already", where=f"{path}:{number}")
        lines[unit] = number
        found.append(task)
    return found
