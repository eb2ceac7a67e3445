"""How the articles of rounds were drawn, in sentences for the card."""

from collections.abc import Mapping, Sequence
from typing import Any


def sampling(samples: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return a sentence for each round whose articles are a sample.

    Parameters
    ----------
    samples : mapping
        Round -> designs, first phase first; see `goldwire.labels.sampled.designs_of`.
    """
    return [
        f"Round {name}: {', then '.join(map(_said, designs))}."
        for name, designs in sorted(samples.items())
        if designs
    ]


def _said(design: Mapping[str, Any]) -> str:
    what = "stories" if design["one_per_story"] else "articles"
    parts = [f"{design['sampled']} of {design['population']} {what}"]
    if design["one_per_story"]:
        parts.append("one article of each")
    if design["by"]:
        share = "as many from each" if design["allocation"] == "equal" else "in proportion"
        parts.append(f"by {' and '.join(design['by'])}, {share}")
    if design["keywords"]:
        words = ", ".join(f'"{word}"' for word in design["keywords"])
        parts.append(f"those with {words} {design['boost']:g} times as often")
    return f"{'; '.join(parts)} (seed {design['seed']})"
