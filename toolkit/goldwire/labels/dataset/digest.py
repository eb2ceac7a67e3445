"""The digest of a dataset folder: the name of its content, whatever library version or compression wrote it."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from goldwire.errors import GoldwireError

_BATCH = 10_000  # rows hashed at a time; part of the digest's definition


def digest_of(folder: Path) -> str:
    """Return the digest of a dataset folder's content: sixteen hexadecimal digits.

    It is taken over values in canonical form, config by config, split by split, column by column, with the names of
    label classes; so it does not depend on compression, on the version of a library, or on the card.

    Raises
    ------
    GoldwireError
        When the folder has no Parquet files, or one cannot be read.
    """
    import pyarrow.parquet as pq

    paths = sorted(folder.glob("*/*.parquet"), key=lambda path: (path.parent.name, path.stem))
    if not paths:
        raise GoldwireError("no dataset is here", where=str(folder), hint="Make it with: goldwire labels dataset")
    sha = hashlib.sha256()
    for path in paths:
        try:
            table = pq.read_table(path, partitioning=None)
        except (pa.ArrowInvalid, OSError) as error:
            raise GoldwireError(f"cannot be read: {error}", where=str(path)) from None
        classes = _class_names(table.schema)
        for name in table.column_names:
            _feed(sha, [path.parent.name, path.stem, name, table.num_rows, classes.get(name)])
            for start in range(0, table.num_rows, _BATCH):
                _feed(sha, table[name].slice(start, _BATCH).to_pylist())
    return sha.hexdigest()[:16]


def _feed(sha: Any, value: Any) -> None:
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=lambda time: time.isoformat())
    sha.update(text.encode("ascii") + b"\n")


def _class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Return the names of the label classes in the schema's Hugging Face metadata, by column."""
    metadata = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
    features = metadata.get("info", {}).get("features", {})
    inner = {name: feature.get("feature", feature) for name, feature in features.items()}
    return {name: feature["names"] for name, feature in inner.items() if "names" in feature}
