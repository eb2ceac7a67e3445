"""The keys of the labelling page that are not the scheme's: Label Studio's own, and two that a bookmark adds.

Label Studio marks a span when a mouse button is let go, relates two spans when the second is clicked, and shows the
labels of a relation to a pointer. No interface can change that. `bookmark` is what a browser can be told instead.
"""

import re
from importlib import resources
from typing import Final

# What the page does with them; the manual shows those that have words.
SERVER_KEYS: Final[dict[str, str]] = {
    "ctrl+enter": "submit, or update",
    "ctrl+space": "skip",
    "ctrl+z": "undo",
    "ctrl+shift+z": "redo",
    "alt+.": "select the next span",
    "esc": "unselect the span; give up a relation; close a tree",
    "u": "unselect the span",
    "alt+r": "draw a relation from the selected span",
    "backspace": "delete the selected span",
    "tab": "go to the next tree, text box or answer",
    "enter": "in a tree: open it, and give the answer that is lit; in a text box: keep what is written",
    "space": "give the answer to which Tab has gone",
    "escape": "",
    "return": "",
    "delete": "",
    "del": "",
    "ctrl+backspace": "",
    "ctrl+d": "",
    "ctrl+h": "",
    "alt+h": "",
    "alt+l": "",
    "alt+m": "",
    "shift+up": "",
    "shift+down": "",
    "shift+left": "",
    "shift+right": "",
}
BOOKMARK_KEYS: Final[dict[str, str]] = {
    "f8": "mark the selected words; where the caret stands in a marked span, click it",
    "f9": "name the relation that was drawn last",
}


def bookmark() -> str:
    """Return the address of a bookmark that gives the labelling page the keys of `BOOKMARK_KEYS`, in one line."""
    text = (resources.files("goldwire.labels") / "page_keys.js").read_text(encoding="utf-8")
    return "javascript:" + " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
