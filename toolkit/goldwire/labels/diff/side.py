"""One of the two states that are compared: its tables, schemes, parameters and figures."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import read_json
from goldwire.labels.diff.place import Place
from goldwire.labels.diff.rows import looked_up
from goldwire.scheme import Scheme
from goldwire.scheme import read as read_scheme
from goldwire.study import Study

UNITS = ("unit_id", "article_id", "content_hash")
VOTES = ("scheme", "scheme_hash", "question", "unit_id", "annotator", "labels", "value", "counts")
GOLD = ("scheme", "scheme_hash", "question", "unit_id", "labels", "value", "decided_by", "adjudicator")
MENTIONS = ("scheme", "question", "unit_id", "mention_id", "start", "end", "text", "label", "entity", "attributes")
RELATIONS = ("scheme", "unit_id", "from", "to", "label", "attributes")
_KEYS = ("unit_id", "article_id", "scheme", "question", "annotator", "start", "end", "label", "from", "to")
_VERSION = re.compile(r"\|dataset:([^|\s]+)\|")


@dataclass(frozen=True)
class Side:
    """A state of a study or of a dataset.

    Attributes
    ----------
    place : Place
    version : str or None
        Of the dataset, as params.yaml or the card says.
    units : pa.Table
        unit_id, article_id, content_hash (of what was shown; of a dataset: of the article), split.
    votes, gold, mentions, relations : pa.Table
        The columns of the constants of this module; votes are those that count.
    divided : bool
        Whether there are splits.
    schemes : mapping
        Name -> scheme; of a dataset, none.
    hashes : mapping
        Name -> the hashes that the answers name.
    params : mapping or None
        Of params.yaml, by dotted name; None for a dataset.
    agreement : mapping or None
        Of agreement.json.
    """

    place: Place
    version: str | None
    units: pa.Table
    votes: pa.Table
    gold: pa.Table
    mentions: pa.Table
    relations: pa.Table
    divided: bool
    schemes: Mapping[str, Scheme] = field(default_factory=dict)
    hashes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    params: Mapping[str, Any] | None = None
    agreement: Mapping[str, Any] | None = None


def read_side(place: Place) -> Side:
    """Read a state. A table that is missing is not made yet, and empty.

    Raises
    ------
    GoldwireError
        When a file is damaged, or lacks a column without which nothing can be compared.
    """
    try:
        return _dataset(place) if place.is_dataset else _study(place)
    except GoldwireError as error:
        if place.commit is None or error.where is None:
            raise
        where = error.where.replace(f"{place.root}/", f"{place.name}:")
        message = error.message.replace(f"{place.root}/", f"{place.name}:")
        raise type(error)(message, where=where, hint="Compare with a revision in which it is whole.") from None


def _study(place: Place) -> Side:
    study = Study(place.root)
    units = _read([study.table("units")], "units", UNITS)
    splits = _read([study.table("splits")], "splits", ("unit_id", "split"))
    params = _params(study.params_file)
    gold = _decided(_read([study.table("gold")], "gold", GOLD))
    votes = _counting(_read([study.table("votes")], "votes", VOTES))
    mentions = _read([study.table("gold_mentions")], "gold_mentions", MENTIONS)
    measured = study.table("votes").with_name("agreement.json")
    schemes = [read_scheme(path) for path in sorted(study.schemes.glob("*.yaml"))]
    version = params.get("version")
    return Side(
        place=place,
        version=None if version is None else str(version),
        units=units.append_column("split", looked_up(units["unit_id"], splits["unit_id"], splits["split"])),
        votes=votes.drop_columns("scheme_hash"),
        gold=gold.drop_columns("scheme_hash"),
        mentions=mentions,
        relations=_read([study.table("gold_relations")], "gold_relations", RELATIONS),
        divided=study.table("splits").is_file(),
        schemes={scheme.name: scheme for scheme in schemes},
        hashes=_hashes(gold, votes),
        params=params,
        agreement=read_json(measured) if measured.is_file() else None,
    )


def _dataset(place: Place) -> Side:
    def files(config: str) -> list[Path]:
        return sorted((place.root / config).glob("*.parquet"))

    gold = _decided(_read(files("gold"), "gold", (*GOLD, "article_id", "split")))
    votes = _read(files("votes"), "votes", (*VOTES, "article_id", "split"))
    articles = _read(files("articles"), "articles", ("article_id", "content_hash"))
    mentions = _read(files("mentions"), "gold_mentions", MENTIONS)
    asked = pa.concat_tables([table.select(["unit_id", "article_id", "split"]) for table in (gold, votes)])
    units = asked.group_by(["unit_id", "article_id", "split"]).aggregate([])
    votes = _counting(votes.select(VOTES))
    card = place.root / "README.md"
    said = _VERSION.search(card.read_text(encoding="utf-8")) if card.is_file() else None
    hashes = looked_up(units["article_id"], articles["article_id"], articles["content_hash"])
    return Side(
        place=place,
        version=said.group(1) if said else None,
        units=units.append_column("content_hash", hashes).select([*UNITS, "split"]),
        votes=votes.drop_columns("scheme_hash"),
        gold=gold.select(GOLD).drop_columns("scheme_hash"),
        mentions=mentions,
        relations=_read(files("relations"), "gold_relations", RELATIONS),
        divided=True,
        hashes=_hashes(gold, votes),
    )


def _read(files: Sequence[Path], name: str, columns: Sequence[str]) -> pa.Table:
    """Read columns of the parts of a table; one that an older version did not have is null."""
    import pyarrow.parquet as pq

    schema = tables.SCHEMAS[name]
    fields = [schema.field(column) if column in schema.names else pa.field(column, pa.string()) for column in columns]
    wanted = pa.schema(fields).remove_metadata()
    parts = []
    for file in files:
        if not file.is_file():
            continue
        try:
            there = pq.read_schema(file).names
            part = pq.read_table(file, columns=[column for column in columns if column in there], partitioning=None)
            if lost := [column for column in columns if column not in there and column in _KEYS]:
                raise GoldwireError(f"is not a table of {name}: it lacks {', '.join(lost)}", where=str(file))
            for column in columns:
                if column not in there:
                    stem = pa.scalar(file.stem.partition("-")[0] if column == "split" else None, pa.string())
                    part = part.append_column(column, pa.repeat(stem, part.num_rows))
            parts.append(part.select(list(columns)).cast(wanted))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OSError, ValueError) as error:
            raise GoldwireError(f"cannot be read: {error}", where=str(file), hint="Make it again.") from None
    return pa.concat_tables(parts) if parts else wanted.empty_table()


def _counting(votes: pa.Table) -> pa.Table:
    import pyarrow.compute as pc

    return votes.filter(pc.fill_null(votes["counts"], False)).drop_columns("counts")


def _decided(gold: pa.Table) -> pa.Table:
    """Return gold with labels null where nothing was decided: they are empty there, as where no label fits."""
    import pyarrow.compute as pc

    undecided = pc.equal(pc.fill_null(gold["decided_by"], ""), "unresolved")
    labels = pc.if_else(undecided, pa.scalar(None, gold["labels"].type), gold["labels"])
    return gold.set_column(gold.column_names.index("labels"), "labels", labels)


def _hashes(gold: pa.Table, votes: pa.Table) -> dict[str, list[str]]:
    named = pa.concat_tables([table.select(["scheme", "scheme_hash"]) for table in (gold, votes)])
    found: dict[str, list[str]] = {}
    for row in named.group_by(["scheme", "scheme_hash"]).aggregate([]).to_pylist():
        found.setdefault(row["scheme"], []).append(str(row["scheme_hash"]))
    return {name: sorted(hashes) for name, hashes in sorted(found.items())}


def _params(path: Path) -> dict[str, Any]:
    """Return params.yaml as it stands, by dotted name: one of another version of goldwire may have other fields."""
    import yaml

    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise GoldwireError(f"not valid YAML: {error}", where=str(path), hint="Mend it.") from None
    if value is not None and not isinstance(value, dict):
        raise GoldwireError("not a YAML mapping", where=str(path), hint="Mend it.")
    plain = json.loads(json.dumps(value or {}, default=str), parse_constant=str)  # YAML also has dates and .nan
    return dict(_leaves(plain, ""))


def _leaves(value: Mapping[str, Any], before: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, inner in value.items():
        name = f"{before}{key}"
        found += _leaves(inner, f"{name}.") if isinstance(inner, dict) else [(name, inner)]
    return found
