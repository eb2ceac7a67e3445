"""P-values adjusted for how many there are."""

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p-values adjusted for their number; None stays None and is not counted.

    Holm, 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6(2),
    65-70 (step-down). Who calls what is below .05 a finding errs in one or more of them with at most that chance.
    """
    order = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, i) in enumerate(order):
        highest = max(highest, min(1.0, p * (len(order) - rank)))
        adjusted[i] = highest
    return adjusted
