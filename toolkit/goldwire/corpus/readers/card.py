"""Dataset cards: which files a folder like a repository of the Hugging Face Hub has as data, told by its README.

See https://huggingface.co/docs/hub/datasets-manual-configuration. Only files in the folder are taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_CARD = 1_000_000  # bytes of a README that are read
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_ENDINGS = ((".parquet",), (".jsonl", ".ndjson"), (".csv",), (".tsv",), (".json",))
_SPLITS = {
    **{"train": "train", "training": "train", "validation": "validation", "valid": "validation", "val": "validation"},
    **{"dev": "validation", "test": "test", "testing": "test", "eval": "test", "evaluation": "test"},
}


class BrokenDatasetError(Exception):
    """A folder is not the dataset that it seems to be; the message says why."""


@dataclass(frozen=True)
class Part:
    """One split: its files, its configuration where there are several, and the known features of columns."""

    split: str
    config: str | None
    files: list[Path]
    features: Mapping[str, Any] = field(default_factory=dict)


def parts(folder: Path) -> list[Part]:
    """Return the splits of the configuration "articles" where there is one, else of the default one.

    Raises
    ------
    BrokenDatasetError
        When the README cannot be read, or there is no data file.
    """
    matter = front_matter(folder)
    configs = matter.get("configs")
    listed = [item for item in configs if isinstance(item, dict)] if isinstance(configs, list) else []
    chosen = _choose(listed)
    name = str(chosen.get("config_name", "default"))
    top = folder / inside(str(chosen.get("data_dir", ".")))
    data_files = chosen.get("data_files")
    found = _by_name(top) if data_files is None else _by_pattern(top, data_files)
    if not any(found.values()):
        raise BrokenDatasetError("has no data files" if data_files is None else f'has no data files of "{name}"')
    for split, files in found.items():
        if not files:
            raise BrokenDatasetError(f'has no data files of "{name}", split {split}')
    features = _features(matter.get("dataset_info"), name)
    return [Part(split, name if len(listed) > 1 else None, files, features) for split, files in found.items()]


def front_matter(folder: Path) -> dict[str, Any]:
    """Return the YAML at the beginning of a folder's README; it is empty where there is none.

    Raises
    ------
    BrokenDatasetError
        When it is not YAML.
    """
    import yaml

    try:
        with (folder / "README.md").open("rb") as stream:
            text = stream.read(_CARD).decode("utf-8", "replace")
    except OSError:
        return {}
    matter = _FRONT.match(text)
    try:
        value = yaml.safe_load(matter[1]) if matter else None
    except (yaml.YAMLError, RecursionError):
        raise BrokenDatasetError("the front matter of README.md is not YAML") from None
    return value if isinstance(value, dict) else {}


def inside(path: str) -> str:
    """Return a path of a dataset's description when it stays in the folder.

    Raises
    ------
    BrokenDatasetError
        When it does not.
    """
    if "://" in path or "\0" in path or Path(path).is_absolute() or ".." in Path(path).parts:
        raise BrokenDatasetError(f'names "{path}", which is not in the folder')
    return path


def _choose(configs: list[dict[str, Any]]) -> dict[str, Any]:
    return next(
        (
            config
            for wanted in ("articles", None, "default")
            for config in configs
            if (config.get("default") is True if wanted is None else config.get("config_name") == wanted)
        ),
        configs[0] if configs else {},
    )


def _by_pattern(top: Path, data_files: Any) -> dict[str, list[Path]]:
    """Return the files of every split from `data_files`, in any of its shapes."""
    items = data_files if isinstance(data_files, list) else [data_files]
    found: dict[str, list[Path]] = {}
    for item in items:
        split, paths = (item.get("split", "train"), item.get("path")) if isinstance(item, dict) else ("train", item)
        for pattern in paths if isinstance(paths, list) else [paths]:
            if not isinstance(pattern, str) or not pattern or pattern == ".":
                raise BrokenDatasetError("README.md has a data file without a path")
            try:
                matched = sorted(path for path in top.glob(inside(pattern)) if path.is_file())
            except (ValueError, NotImplementedError):
                raise BrokenDatasetError(f'names "{pattern}", which is not a path') from None
            found.setdefault(str(split), []).extend(matched)
    return found


def _by_name(top: Path) -> dict[str, list[Path]]:
    """Return the files of every split, told by their names; all are of one format, the first of `_ENDINGS`."""
    files = [path for path in sorted(top.rglob("*")) if not any(p[0] == "." for p in path.relative_to(top).parts)]
    for endings in _ENDINGS:
        found: dict[str, list[Path]] = {}
        for path in files:
            if path.suffix.lower() in endings and path.is_file():
                words = re.findall("[a-z]+", path.relative_to(top).as_posix().lower())
                split = next((_SPLITS[word] for word in reversed(words) if word in _SPLITS), "train")
                found.setdefault(split, []).append(path)
        if found:
            return found
    return {}


def _features(info: Any, config: str) -> dict[str, Any]:
    """Return the features in a card as `datasets` writes them in files, those of columns that need changing."""
    infos = info if isinstance(info, list) else [info]
    mine = next((i for i in infos if isinstance(i, dict) and i.get("config_name", config) == config), {})
    listed = mine.get("features")
    found: dict[str, Any] = {}
    for feature in listed if isinstance(listed, list) else []:
        match feature:
            case {"name": str(name), "dtype": {"class_label": {"names": dict(names)}}}:
                ordered = sorted(names, key=lambda key: int(key) if str(key).isdecimal() else 0)
                found[name] = {"_type": "ClassLabel", "names": [names[key] for key in ordered]}
            case {"name": str(name), "dtype": {"class_label": {"names": list(names)}}}:
                found[name] = {"_type": "ClassLabel", "names": names}
            case {"name": str(name), "dtype": "image" | "audio" | "video" | "pdf" as kind}:
                found[name] = {"_type": str(kind).title()}
    return found
