"""Label Studio: tasks, as they are imported and exported in JSON. What annotators answered is not read here."""

import io
from collections.abc import Iterator
from typing import Any

from goldwire.corpus.readers import jsonstream
from goldwire.corpus.readers.base import Reader, Record, Reject, Source

_SHAPE = jsonstream.Shape(lists=frozenset({"tasks"}), own=frozenset({"data"}))
_EXPORTED = frozenset(
    {"annotations", "completions", "drafts", "file_upload", "inner_id", "is_labeled", "predictions"}
    | {"total_annotations"}
)
_PLAIN = frozenset({"id", "data", "meta"})
_NEAR = 4  # steps to a key that tells: item, annotations, item, key


def read(source: Source) -> Iterator[Record | Reject]:
    """Yield a record for every task: the columns of its `data`, its `meta`, and its id as `label_studio_task`.

    Annotations, predictions and drafts are not imported. The flat export (JSON_MIN) is plain JSON.
    """
    for number, item in enumerate(jsonstream.records(source, _SHAPE), 1):
        if isinstance(item, Reject):
            yield item
        elif not isinstance(data := item.fields.get("data"), dict):
            yield Reject(item.file, None, f"item {number}: data: is not an object")
        else:
            fields: dict[str, Any] = dict(data)
            for name, key in (("label_studio_task", "id"), ("meta", "meta"), ("encoding", "encoding")):
                if item.fields.get(key) not in (None, {}):
                    fields.setdefault(name, item.fields[key])
            yield Record(fields, item.file)


def recognises(head: bytes) -> bool:
    """Say whether the first object of a file is a task: it has `data`, an object, and else what tasks have."""
    keys, listed, has_data = _first(head.removeprefix(b"\xef\xbb\xbf"))
    if has_data:
        return bool(keys & _EXPORTED) or (listed and keys <= _PLAIN)
    return {"annotations", "completed_by", "result"} <= keys


def _first(head: bytes) -> tuple[set[str], bool, bool]:
    """Return the keys of the first object, with those of its annotations; whether it stands in a list, has data."""
    import ijson

    keys: set[str] = set()
    listed = has_data = False
    # Not ijson.parse: the paths that it gives with every event take gigabytes where a file is nothing but brackets.
    path: list[str] = []  # to the object or list that we are in, and the place in it
    own: list[str] = []
    try:
        for number, (event, value) in enumerate(ijson.basic_parse(io.BytesIO(head))):
            near = len(path) <= _NEAR
            match event:
                case "start_array":
                    if number == 0:
                        listed, own = True, ["item"]
                    path.append("item")
                case "start_map":
                    has_data = has_data or (near and path == [*own, "data"])
                    path.append("")
                case "map_key":
                    if near and path[:-1] in (own, [*own, "annotations", "item"]):
                        keys.add(str(value))
                    path[-1] = str(value)
                case "end_map" | "end_array":
                    path.pop()
                    if event == "end_map" and path == own:
                        break
    except ijson.JSONError:
        pass  # the head ends before the object does, or it is no JSON
    return keys, listed, has_data


READER = Reader("label-studio", (), read, recognises)
