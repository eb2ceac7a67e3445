"""What stands beside the results: the learning curve and the suspects, read where their stages write them."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval.trust import caveat

CURVE, SUSPECTS = "curve.json", "suspects.json"


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)  # they may come to say more


class Point(_Model):
    """The metric with so many labelled training units, or expected with them."""

    n: int
    value: float
    low: float | None = None
    high: float | None = None


class Gain(_Model):
    """What so many more labels are expected to bring, in the metric."""

    labels: int
    value: float
    low: float | None = None
    high: float | None = None


class Curve(_Model):
    """The learning curve of a question; `why` says what is not known, and the reason.

    `now` is what the fitted curve says of all the labelled training units there are.
    """

    model: str | None = None
    metric: str | None = None
    points: list[Point] = Field(default_factory=list)
    now: Point | None = None
    forecast: list[Point] = Field(default_factory=list)
    gain: Gain | None = None
    why: str | None = None


class Suspect(_Model):
    """A unit whose gold is likely wrong; `share` is what the model gives to the gold."""

    unit_id: str
    title: str = ""
    text: str = ""
    outlet: str = ""
    gold: list[str]
    suggested: list[str]
    share: float | None = None
    votes: dict[str, float] = Field(default_factory=dict)


class Suspects(_Model):
    """The suspects of a question, the most likely first, out of so many units that were judged.

    `found` says how many there are with those that are not listed, `agrees` of how many of the judged the model gives
    the gold answer: one that does so seldom doubts right labels as well.
    """

    model: str | None = None
    judged: int = 0
    found: int = 0
    agrees: float | None = None
    listed: list[Suspect] = Field(default_factory=list)
    why: str | None = None

    @property
    def caveat(self) -> str | None:
        """What a reader must know of the model; None where no unit was judged."""
        return None if self.agrees is None else caveat(self.agrees)


Kind = TypeVar("Kind", Curve, Suspects)


def curves(folder: Path) -> dict[str, Curve]:
    """Read curve.json of eval/ by ``<scheme>.<question>``; empty when it is not there."""
    return _read(folder / CURVE, Curve, "goldwire eval curve")


def suspects(folder: Path) -> dict[str, Suspects]:
    """Read suspects.json of eval/ by ``<scheme>.<question>``; empty when it is not there."""
    return _read(folder / SUSPECTS, Suspects, "goldwire eval suspects")


def _read(path: Path, kind: type[Kind], command: str) -> dict[str, Kind]:
    """Read a file of such a kind by question.

    Raises
    ------
    GoldwireError
        When it holds something else.
    """
    if not path.is_file():
        return {}
    value = files.read_json(path)
    hint = f"Make it again: {command}"
    if not isinstance(value, Mapping):
        raise GoldwireError("not an object with a key for each question", where=str(path), hint=hint)
    found: dict[str, Kind] = {}
    for key, one in value.items():
        try:
            found[str(key)] = kind.model_validate(one)
        except ValidationError as error:
            raise GoldwireError(_said(str(key), error), where=str(path), hint=hint) from None
    return found


def _said(key: str, error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in (key, *first["loc"]))
    return f"not of this version of goldwire: {field}: {first['msg']}"
