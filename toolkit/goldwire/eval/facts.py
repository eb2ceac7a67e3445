"""Counts over the articles, beside the results: what the report says of the corpus.

They are one file, eval/results/corpus.json; a result has a dot in its name, so none can have this one. They depend on
the articles table alone, so that DVC knows when they change. What imports rejected is no part of them: that stands
beside the table, DVC does not follow it, and ``goldwire corpus stats`` shows it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goldwire import files
from goldwire.errors import GoldwireError

FILE = "corpus.json"


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)  # the corpus may come to count more


class Bin(_Model):
    """Texts with so many words, both ends inclusive; the last bin has no upper end."""

    from_: int = Field(alias="from")
    to: int | None
    articles: int


class Lengths(_Model):
    """Words of a text; the figures are null when there is no article."""

    min: float | None
    q1: float | None
    median: float | None
    q3: float | None
    max: float | None
    total: int
    histogram: list[Bin]


class StorySize(_Model):
    """Stories with so many articles, both ends inclusive; the last has no upper end."""

    from_: int = Field(alias="from")
    to: int | None
    stories: int


class NearDuplicates(_Model):
    """Articles that share their story with another one."""

    articles: int
    share: float | None


class CorpusFacts(_Model):
    """The counts that the report shows; `goldwire.corpus.stats` says what each is."""

    articles: int
    stories: int
    outlets: dict[str, int]
    months: dict[str, int]
    languages: dict[str, int]
    words: Lengths
    story_sizes: list[StorySize]
    near_duplicates: NearDuplicates
    mojibake: dict[str, int]
    without: dict[str, int]


def write(counts: Mapping[str, Any], folder: Path) -> Path:
    """Write the counts to their file in `folder` and return the path."""
    files.write_json(folder / FILE, dict(counts))
    return folder / FILE


def read(folder: Path) -> CorpusFacts | None:
    """Read the counts; None when the results have none.

    Raises
    ------
    GoldwireError
        When the file does not hold such counts.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    value = files.read_json(path)
    try:
        return CorpusFacts.model_validate(value)
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise GoldwireError(
            f"not counts of this version of goldwire: {field}: {problem['msg']}",
            where=str(path),
            hint="Score again: goldwire eval score",
        ) from None
