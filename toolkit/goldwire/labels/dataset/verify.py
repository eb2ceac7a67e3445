"""Whether a dataset folder is as it was built: the digest that its card states, beside that of its content."""

import re
from pathlib import Path

from goldwire.errors import GoldwireError
from goldwire.labels.dataset.digest import digest_of

_SIGNATURE = re.compile(r"^goldwire:[^|\s]+\|(?:[^|\n]+\|)*data:([0-9a-f]{16})(?:\||\s*$)", re.MULTILINE)


def stated_and_actual(folder: Path) -> tuple[str, str]:
    """Return the digest that the signature in README.md names, and the digest of the folder's content.

    They differ when somebody edited a file after the dataset was built.

    Raises
    ------
    GoldwireError
        When the folder has no card, the card has no signature or two that differ, there are no Parquet files, or one
        cannot be read.
    """
    return stated(folder), digest_of(folder)


def stated(folder: Path) -> str:
    """Return the digest that the signature in README.md names; see `stated_and_actual`."""
    card = folder / "README.md"
    hint = "Make the dataset with: goldwire labels dataset"
    try:
        text = card.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GoldwireError("the dataset has no card", where=str(card), hint=hint) from None
    except (UnicodeDecodeError, OSError) as error:
        raise GoldwireError(f"cannot be read: {error}", where=str(card), hint=hint) from None
    found: list[str] = sorted(set(_SIGNATURE.findall(text)))
    if len(found) != 1:
        said = f"two signatures, of data {' and '.join(found)}" if found else "no signature that names the data"
        raise GoldwireError(f"the card has {said}", where=str(card), hint=hint)
    return found[0]
