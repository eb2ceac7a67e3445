"""Models on disk: ``<stem>.joblib``, a compressed pickle, and beside it ``<stem>.json``, its recipe.

A pickle runs code when it is loaded, so a model of a stranger must not be loaded. The recipe holds the SHA-256 of the
model's file, and a file that was changed since is refused, as is a recipe that its own signature contradicts: that
finds accidents and mix-ups. It is no protection from somebody who can write both files.

skops, which loads without running code, was looked at and left: it names the parts of a file after their addresses in
memory, so the same rows never make the same file, and types that other packages bring would have to be trusted by
name, which is what trusting the file is.
"""

import hashlib
import pickle
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

from goldwire import __version__, files
from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Model
from goldwire.provenance import digest_json, signature
from goldwire.scheme import Question, Scheme

ENDING = ".joblib"
_PACKAGES = ("numpy", "scikit-learn", "scipy")
_ANY_VERSION = {"numpy", "scipy"}
"""What reads its own older pickles. With another version of the rest, a model may come back as something else."""
_ADDRESS = "_stop_words_id"
_PROTOCOL = 5
_TEXTS = ("model", "scheme", "scheme_version", "scheme_hash", "question", "type", "train", "signature")
_KEYS = {
    **dict.fromkeys(_TEXTS, str),
    **{"labels": list, "n": int, "seed": int, "parameters": dict, "versions": dict},
}


@dataclass(frozen=True)
class Stored:
    """A model that was read, with its recipe."""

    path: Path
    model: Model
    recipe: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the baseline."""
        return str(self.recipe["model"])


def save(model: Model, recipe: dict[str, Any], folder: Path, stem: str) -> None:
    """Write a model and its recipe; the same model makes the same bytes.

    Parameters
    ----------
    model : Model
        Trained.
    recipe : dict
        What it was made from, as JSON; `sha256` of the file is added to it.
    folder : Path
    stem : str
        ``<scheme>.<question>.<name>``.
    """
    path = folder / f"{stem}{ENDING}"
    with files.replacing(path) as temporary, temporary.open("wb") as stream:
        packed = zlib.compressobj(3)
        _Pickler(_Packing(lambda part: stream.write(packed.compress(part))), protocol=_PROTOCOL).dump(model)
        stream.write(packed.flush())
    files.write_json(folder / f"{stem}.json", {**recipe, "sha256": files.sha256(path)})


def load(path: Path) -> Stored:
    """Read a model that `save` wrote. It runs code that the file names: load only what you trained yourself.

    Raises
    ------
    GoldwireError
        When the model or its recipe is missing, the recipe is none, the model's file is not the one that the recipe
        was written for, it was made by another version of a package that matters, or the recipe was edited.
    """
    if not path.is_file():
        raise GoldwireError("the model is not there", where=str(path), hint="Train it: goldwire eval train")
    recipe = read_recipe(path.with_suffix(".json"))
    data = path.read_bytes()
    if recipe.get("sha256") != hashlib.sha256(data).hexdigest():
        raise GoldwireError(
            "the file was changed after the model was trained, or belongs to another recipe",
            where=str(path),
            hint="Train again: goldwire eval train",
        )
    made_with = recipe["versions"]
    now = versions(made_with)
    for package in sorted({"goldwire", "scikit-learn", *made_with} - _ANY_VERSION):
        if made_with.get(package) != now.get(package):
            raise GoldwireError(
                f"the model was trained with {package} {made_with.get(package, 'unknown')}, "
                f"and here it is {now.get(package, 'missing')}",
                where=str(path),
                hint="Train again: goldwire eval train",
            )
    if recipe["signature"] != signed(recipe):
        raise GoldwireError(
            "the recipe was changed after the model was trained: its signature says otherwise",
            where=str(path.with_suffix(".json")),
            hint="Train again: goldwire eval train",
        )
    try:
        model = pickle.loads(zlib.decompress(data))
    except Exception as error:
        raise GoldwireError(f"the model cannot be read: {error}", where=str(path)) from error
    if not isinstance(model, Model):
        raise GoldwireError("is no model of goldwire", where=str(path))
    if list(model.task.labels) != recipe["labels"]:
        raise GoldwireError("the recipe has other labels than the model", where=str(path.with_suffix(".json")))
    if model.task.type != recipe["type"]:
        raise GoldwireError("the recipe has another type than the model", where=str(path.with_suffix(".json")))
    return Stored(path, model, recipe)


def read_recipe(path: Path) -> dict[str, Any]:
    """Read the recipe of a model.

    Raises
    ------
    GoldwireError
        When it is missing or is none.
    """
    recipe = files.read_json(path)
    wrong = [
        key for key, kind in _KEYS.items() if not isinstance(recipe, dict) or not isinstance(recipe.get(key), kind)
    ]
    if wrong:
        raise GoldwireError(
            f"is no recipe of a model: it lacks {wrong[0]}", where=str(path), hint="Train again: goldwire eval train"
        )
    found: dict[str, Any] = recipe
    return found


def signed(recipe: dict[str, Any]) -> str:
    """Return the signature of a recipe: one line of what the model was made from, with digests of what is long."""
    return signature(
        {
            "model": recipe["model"],
            "scheme": f"{recipe['scheme']}@{recipe['scheme_version']}#{recipe['scheme_hash']}",
            "question": recipe["question"],
            "labels": digest_json(recipe["labels"]),
            "train": recipe["train"],
            "n": recipe["n"],
            "seed": recipe["seed"],
            "parameters": digest_json(recipe["parameters"]),
            "sklearn": recipe["versions"].get("scikit-learn", "missing"),
        }
    )


def versions(of: "dict[str, Any] | Model") -> dict[str, str]:
    """Return the versions of goldwire, Python, the packages that models are made of, and that which brings the model.

    Parameters
    ----------
    of : Model, or the versions in a recipe
        Whose packages are asked about.
    """
    brought: list[str] = []
    if not isinstance(of, Model):
        brought = [name for name in of if name != "goldwire"]
    elif (top := type(of).__module__.partition(".")[0]) != "goldwire":
        brought = packages_distributions().get(top, [])[:1]
    found = {"goldwire": __version__}
    for name in sorted({*_PACKAGES, *brought}):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


class _Packing:
    """What a pickler writes to: each part goes on to `write`, so that the pickle is never whole in memory."""

    def __init__(self, write: Callable[[bytes], Any]) -> None:
        self._write = write

    def write(self, part: Any) -> int:
        data = bytes(part)
        self._write(data)
        return len(data)


class _Pickler(pickle.Pickler):
    """Leaves out what is another in every process, so that the same model makes the same bytes.

    Codebooks go in as their content, since pydantic keeps a set beside it, and scikit-learn's vectorisers without the
    address in memory that they remember (a later check of stop words then runs once more).
    """

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Scheme | Question):
            return type(value).model_validate, (value.model_dump(mode="json", by_alias=True, exclude_defaults=True),)
        if _ADDRESS in getattr(value, "__dict__", ()):
            make, arguments, state = value.__reduce_ex__(_PROTOCOL)[:3]
            return make, arguments, {name: part for name, part in state.items() if name != _ADDRESS}
        return NotImplemented
