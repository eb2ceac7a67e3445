"""Rounds: labels/rounds/ROUND with round.yaml, scheme.yaml and tasks.jsonl."""

import re
import secrets
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl, write_text
from goldwire.labels.adjudicate.reasons import with_reason
from goldwire.scheme import Scheme
from goldwire.scheme import read as read_scheme
from goldwire.study import Study

_FILE = "round.yaml"
_TASKS = "tasks.jsonl"
_SCHEME = "scheme.yaml"
PREDICTIONS = "predictions.parquet"
"""In the folder of a round whose units a model chose: what it says of them."""

_MARK = re.compile(r"goldwire-round:([0-9a-f]{16})(?:/([A-Za-z0-9][A-Za-z0-9._-]*))?")

VOTE, ADJUDICATION = "vote", "adjudication"

Pseudonym = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


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
    overlap_share: float = Field(1.0, gt=0, le=1, description="of the units that so many answer; the rest: one")
    blind: bool = Field(False, description="a project for each annotator, so that nobody sees another's answers")
    annotators: list[Pseudonym] = Field(default_factory=list, description="who answers, by pseudonym")
    threshold: float | None = Field(None, ge=0, le=1, description="share of calibration units to get right")
    retest_of: str | None = Field(None, description="the round that is asked again of the same annotators")
    adjudicates: list[str] = Field(default_factory=list, description="the rounds whose disputes it settles")
    chosen_by: list[str] = Field(default_factory=list, description="the models that chose its units: not drawn")
    project: int | None = Field(None, description="the project, when goldwire did not make it")
    sample: list[dict[str, Any]] = Field(
        default_factory=list, description="the designs by which its articles were drawn, first phase first"
    )
    seed: int = 0

    @property
    def purpose(self) -> str:
        """What its answers are for: votes count, a retest is compared with them, an adjudication outranks them."""
        if self.retest_of is not None:
            return "retest"
        return ADJUDICATION if self.adjudicates else VOTE

    def marker(self, annotator: str | None = None) -> str:
        """Return what stands in the description of its project; in a blind round, of the project of `annotator`."""
        return f"goldwire-round:{self.id}" + (f"/{annotator}" if annotator else "")


def marked(description: str) -> tuple[str, str | None] | None:
    """Return the round's id and, of a blind round, the annotator that a project's description names."""
    found = _MARK.search(description)
    return (found[1], found[2]) if found else None


def write(folder: Path, round_: Round) -> None:
    """Write round.yaml into the round's folder; fields that say nothing beyond their default are left out."""
    plain = {
        *("overlap_share", "annotators", "threshold", "retest_of"),
        *("adjudicates", "chosen_by", "project", "sample"),
    }
    fields = round_.model_dump(mode="json")
    default = {name: Round.model_fields[name].get_default(call_default_factory=True) for name in plain}
    kept = {name: value for name, value in fields.items() if name not in plain or value != default[name]}
    write_text(folder / _FILE, yaml.safe_dump(kept, sort_keys=False, allow_unicode=True))


def write_scheme(folder: Path, text: str) -> None:
    """Keep the scheme that the round asks, as it is now: the study's own may get another version."""
    write_text(folder / _SCHEME, text)


def scheme_of(study: Study, round_: Round) -> Scheme:
    """Return the scheme of a round, as it was when the round was made; of an adjudication, with the question why.

    Raises
    ------
    GoldwireError
        When its scheme.yaml was changed; or is not there, and the study's scheme of that name is another one.
    """
    kept = study.rounds / round_.round / _SCHEME
    path = kept if kept.is_file() else study.schemes / f"{round_.scheme}.yaml"
    scheme = read_scheme(path)
    if scheme.hash != round_.scheme_hash:
        raise GoldwireError(
            f"the scheme has changed since round {round_.round} was made "
            f"(hash {round_.scheme_hash} then, {scheme.hash} now)",
            where=str(path),
            hint="Bring the old file back, or ask the new questions in a new round.",
        )
    return with_reason(scheme) if round_.adjudicates else scheme


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
