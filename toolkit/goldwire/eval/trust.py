"""How far suspects are to be trusted: a model that seldom gives the gold answer doubts right labels as well."""

USABLE = 0.6
"""Of the judged units, on which a model must say what gold says."""


def trusted(agrees: float | None) -> bool:
    """Whether the doubts of a model that gives the gold answer of this share of the judged are worth a look."""
    return agrees is None or agrees >= USABLE


def caveat(agrees: float) -> str:
    """Return what a reader of suspects must know, as a sentence."""
    return (
        f"The model gives the gold answer of {100 * agrees:.3g}% of the judged; one that does so seldom doubts right "
        "labels as well."
    )
