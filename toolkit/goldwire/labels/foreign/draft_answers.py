"""The answers of a scheme draft: what can be answered to a control of a Label Studio page, as a scheme has it."""

from collections.abc import Iterable
from typing import Any

from goldwire.labels.foreign.page import Asked, Given

UNDEFINED = "Not defined in the project."

_KEYS = {"TextArea": "text", "HyperTextLabels": "hypertextlabels"}  # the others: the tag in lower case
_OTHERS = ("u", " ")  # keys of the server's own page; longer ones are left out, too


def body(asked: Asked, name: str, keys: list[set[str]], remarks: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a question or an attribute, and the project's labels that have another name in it.

    `keys` are the hotkeys that are shown beside it, of which the first set is that of the whole page.
    """
    kind = kind_of(asked)
    required = asked.attributes.get("required", "").lower() == "true" and asked.only_if is None
    made = {"name": name, **words(asked, name, remarks), "type": kind, "required": required}
    renamed: dict[str, str] = {}
    if asked.tag == "Rating":
        stars = _stars(asked)
        made["labels"] = [{"name": str(x), "definition": f"{x} of {stars}"} for x in range(1, stars + 1)]
        remarks.append(f"{name}: a rating, taken as an ordinal question with the labels 1 to {stars}")
    elif asked.tag == "Number":
        remarks.append(f"{name}: a number, taken as text, so that no digit of it is lost")
    elif kind != "text":
        made["labels"] = _answers(asked.answers, kind == "tree", renamed, keys)
    return made, renamed


def _answers(
    answers: Iterable[Given], tree: bool, renamed: dict[str, str], keys: list[set[str]]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    taken: set[str] = set()
    for given in once(answers):
        name = renamed.get(given.value) or (given.value.replace("/", "|") if tree else given.value).strip()
        while name in taken:
            name += " (2)"
        taken.add(name)
        if name != given.value:
            renamed[given.value] = name
        made = label_of(given, name, keys)
        if below := _answers(given.children, tree, renamed, keys):
            made["children"] = below
        found.append(made)
    return found


def label_of(given: Given, name: str, keys: list[set[str]]) -> dict[str, Any]:
    """Return a label, with its hotkey where no other one has it; the key is taken in the last of the sets."""
    made = {"name": name, "definition": given.hint or UNDEFINED}
    key = (given.hotkey or "").lower()
    if len(key) == 1 and key not in _OTHERS and not any(key in taken for taken in keys):
        made["hotkey"] = key
        for taken in keys[-1:] if len(keys) == 1 else keys[1:]:
            taken.add(key)
    return made


def kind_of(asked: Asked) -> str:
    """Return the type of question that a control is."""
    if asked.tag in ("TextArea", "Number"):
        return "text"
    if asked.tag == "Rating":
        return "ordinal"
    if asked.tag == "Taxonomy" or any(given.children for given in asked.answers):
        return "tree"
    return "multiple" if asked.attributes.get("choice") == "multiple" else "single"


def key_of(asked: Asked) -> str:
    """Return where the answer stands in the value of a result."""
    return _KEYS.get(asked.tag, asked.tag.lower())


def _stars(asked: Asked) -> int:
    given = asked.attributes.get("maxRating", "5")
    return int(given) if given.isdecimal() and 1 <= int(given) <= 100 else 5


def layer_kind(name: str) -> str:
    """Guess what a layer's spans are from its name."""
    low = name.lower()
    if "event" in low or "trigger" in low:
        return "event"
    return "evidence" if "evidence" in low or "rationale" in low else "entity"


def words(asked: Asked, name: str, remarks: list[str]) -> dict[str, str]:
    """Return the question's text and hint: the headings before it on the page."""
    text, *notes = (*asked.headings,) or (name.replace("_", " ").capitalize(),)
    if asked.only_if:
        notes.append(asked.only_if)
        remarks.append(f"{name}: it is not always shown, so it is not required")
    return {"text": text, "hint": " ".join(notes)} if notes else {"text": text}


def once(answers: Iterable[Given]) -> list[Given]:
    """Return the answers, the first of each value."""
    return list({given.value: given for given in reversed(list(answers))}.values())[::-1]
