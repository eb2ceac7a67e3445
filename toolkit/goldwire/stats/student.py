"""Student's t, which an interval of few things needs."""

import numpy as np
from numpy.typing import ArrayLike

from goldwire.stats.draws import Array


def student(freedom: ArrayLike, level: float) -> Array:
    """Return how far from the middle `level` of the distribution lies, at these degrees of freedom."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(freedom, (1 + level) / 2))
