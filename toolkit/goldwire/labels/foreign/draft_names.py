"""Names for a scheme draft, from what people call things in Label Studio."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Names:
    """Names that are taken, and how to find one that is not."""

    taken: set[str]

    def take(self, given: str) -> str:
        """Return a name of letters, digits and "_" that is near the given one, and was not taken; take it."""
        ascii_only = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode()
        name = re.sub(r"[^A-Za-z0-9]+", "_", ascii_only).strip("_") if not _fits(given) else given
        name = name if _fits(name) else f"q_{name}".rstrip("_")
        found = self.free(name, lambda free: free not in self.taken)
        self.taken.add(found)
        return found

    def take_label(self, given: str, ending: str) -> str:
        """Return a label, with `ending` where the name is taken already; take it."""
        label = given.strip()
        while label in self.taken:
            label += ending
        self.taken.add(label)
        return label

    @staticmethod
    def free(name: str, is_free: Callable[[str], bool]) -> str:
        """Return the name, or the first of name_2, name_3, ... that is free."""
        found, number = name, 1
        while not is_free(found):
            number += 1
            found = f"{name}_{number}"
        return found


def plain(text: str) -> str:
    """Return text on one line, without characters that do not print."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def slug(title: str) -> str:
    """Return a scheme's name made from a title: ``news-stance``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_only)
    name = "-".join(words)[:40].rstrip("-")
    return name if name[:1].isalpha() else f"project-{name}".rstrip("-")


def _fits(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) is not None
