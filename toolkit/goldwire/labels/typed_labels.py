"""A plain file's labels under an explicit map: nothing is guessed, and what the map does not know is left out."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from goldwire.errors import GoldwireError

_HINT = "It holds a map: YAML, such as  unrelatedn: unrelated ; or CSV or TSV with the columns old and new."

Pairs = list[tuple[int, str, str]]
"""Line, old label, new label."""


@dataclass(frozen=True)
class Recoded:
    """A table under a map of labels.

    Parameters
    ----------
    table : pa.Table
        With the new labels; null, which is no answer, where a label is unknown.
    applied : dict
        Old label -> ``{"to": new label, "n": how often it was given}``, by old label: the whole map.
    unknown : dict
        Label -> how often it was given, by label: those that are neither an old nor a new label of the map.
    """

    table: pa.Table
    applied: dict[str, dict[str, Any]]
    unknown: dict[str, int]


def recoded(table: pa.Table, column: str, labels: Mapping[str, Any]) -> Recoded:
    """Replace old labels by new ones; an answer of several labels is left out when one of them is unknown.

    Parameters
    ----------
    table : pa.Table
        With text, or lists of text, in the column; see `goldwire.labels.plain_table.as_text`.
    column : str
    labels : mapping
        Old label -> new label. A new label is known too, and stays, unless it is an old label as well: then it is
        replaced like any other.

    Raises
    ------
    GoldwireError
        When the map is not one from label to label.
    """
    if wrong := [old for old, new in labels.items() if not (isinstance(new, str) and new)]:
        raise GoldwireError(
            f'"{wrong[0]}" is not mapped to a label', hint="A plain file's map has a new label for each old."
        )
    known = {**{new: new for new in labels.values()}, **labels}
    lists = pa.types.is_list(table[column].type)
    counts: Counter[str] = Counter()
    replaced: list[list[str] | str | None] = []
    for value in table[column].to_pylist():
        said = value if lists else [value]
        said = [label for label in said or [] if label is not None]
        counts.update(said)
        new = [known[label] for label in said if label in known]
        whole = bool(said) and len(new) == len(said)
        replaced.append((new if lists else new[0]) if whole else None)
    place = table.column_names.index(column)
    return Recoded(
        table.set_column(place, column, pa.array(replaced, table[column].type)),
        {old: {"to": labels[old], "n": counts[old]} for old in sorted(labels)},
        {label: counts[label] for label in sorted(set(counts) - set(known))},
    )


def read_map(path: Path) -> dict[str, str]:
    """Read a map of labels as typed to labels: YAML (.yaml, .yml), or CSV or TSV with the columns old and new.

    Labels are text, as they stand in the file, without the blanks around them; in YAML, 1 and "1" are the same.

    Raises
    ------
    GoldwireError
        When the file is missing, is none of these, has no pair, or has a label twice with different meanings.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise GoldwireError("the file is not there", where=str(path), hint=_HINT) from None
    except IsADirectoryError:
        raise GoldwireError("this is a folder", where=str(path), hint=_HINT) from None
    except UnicodeDecodeError:
        raise GoldwireError("the file is not UTF-8", where=str(path), hint=_HINT) from None
    ending = path.suffix.lower()
    pairs = _of_yaml(text, path) if ending in (".yaml", ".yml") else _of_csv(text, path, ending == ".tsv")
    found: dict[str, str] = {}
    for line, old, new in pairs:
        if not old or not new:
            raise GoldwireError("a pair needs an old and a new label", where=f"{path}:{line}", hint=_HINT)
        if found.setdefault(old, new) != new:
            raise GoldwireError(
                f'"{old}" is to mean both "{found[old]}" and "{new}"',
                where=f"{path}:{line}",
                hint="Remove one of the two.",
            )
    if not found:
        raise GoldwireError("the map is empty", where=str(path), hint=_HINT)
    return found


def _of_yaml(text: str, path: Path) -> Pairs:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = str(path) if mark is None else f"{path}:{mark.line + 1}"
        raise GoldwireError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}", where=where, hint=_HINT
        ) from None
    if node is None:
        return []
    if not isinstance(node, yaml.MappingNode) or not all(
        isinstance(one, yaml.ScalarNode) for pair in node.value for one in pair
    ):
        raise GoldwireError("this is not a map of labels to labels", where=str(path), hint=_HINT)
    return [(old.start_mark.line + 1, old.value.strip(), new.value.strip()) for old, new in node.value]


def _of_csv(text: str, path: Path, tabs: bool) -> Pairs:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if tabs else ",")
    if not {"old", "new"} <= set(rows.fieldnames or ()):
        raise GoldwireError("the columns old and new are not there", where=f"{path}:1", hint=_HINT)
    pairs: Pairs = []
    for row in rows:
        if None in row:
            raise GoldwireError(
                "there are more fields than columns",
                where=f"{path}:{rows.line_num}",
                hint='Put a label with a comma in it in quotes: "war, civil".',
            )
        pairs.append((rows.line_num, (row["old"] or "").strip(), (row["new"] or "").strip()))
    return pairs
