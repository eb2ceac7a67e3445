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
    try:
        for number, (prefix, event, value) in enumerate(ijson.parse(io.BytesIO(head))):
            if number == 0:
                listed = event == "start_array"
            own = "item" if listed else ""
            if event == "map_key" and prefix in (own, f"{own}.annotations.item".lstrip(".")):
                keys.add(str(value))
            elif event == "start_map" and prefix == f"{own}.data".lstrip("."):
                has_data = True
            elif event == "end_map" and prefix == own:
                break
    except ijson.JSONError:
        pass  # the head ends before the object does, or it is no JSON
    return keys, listed, has_data


READER = Reader("label-studio", (), read, recognises)
