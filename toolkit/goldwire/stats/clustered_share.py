"""Shares of many groups at once, with intervals that know that things of one cluster move together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goldwire.stats.draws import Array
from goldwire.stats.proportion import score
from goldwire.stats.resample import MINIMUM_CLUSTERS, Interval, ratio, too_few
from goldwire.stats.student import student

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Shares:
    """Shares of groups; an element a group.

    Parameters
    ----------
    n, clusters : array of int
        How many things a group has, and from how many clusters they are.
    value, low, high : array
        The share with its bounds; NaN for a group without things.
    """

    n: Codes
    clusters: Codes
    value: Array
    low: Array
    high: Array

    def interval(self, group: int) -> Interval:
        """Return the share of a group; there are no bounds with fewer than `MINIMUM_CLUSTERS` clusters."""
        if not self.n[group]:
            return Interval(None, why="no answers")
        if (found := int(self.clusters[group])) < MINIMUM_CLUSTERS:
            return Interval(float(self.value[group]), why=too_few(found))
        return Interval(float(self.value[group]), float(self.low[group]), float(self.high[group]))


def shares(hit: Flags, group: Codes, cluster: Codes, groups: int, level: float = 0.95) -> Shares:
    """Return the share of hits of each group, with Wilson's score interval at the effective size of the sample.

    The effective size is the number of things divided by the design effect of their clusters, less what it costs
    that so few clusters tell that effect (the square of a ratio of Student's t), at most their number: Korn and
    Graubard, 1998, Confidence intervals for proportions with small expected number of positive counts estimated from
    survey data, Survey Methodology 24(2), 193-201; with Wilson's interval: Franco, Little, Louis and
    Slud, 2019, Comparative study of confidence intervals for proportions in complex sample surveys, Journal of Survey
    Statistics and Methodology 7(3), 334-364. Where everything is its own cluster this is Wilson's interval itself.

    Parameters
    ----------
    hit : array of bool
        One element a thing.
    group, cluster : array of int
        Of each thing. Clusters may cross groups.
    groups : int
        How many there are.
    level : float
        Coverage, between 0 and 1.
    """
    n = np.bincount(group, minlength=groups)
    p = ratio(np.bincount(group, weights=hit, minlength=groups), n)
    width = int(cluster.max(initial=0)) + 1
    parts, code = np.unique(group * width + cluster, return_inverse=True)
    of_part = parts // width
    size = np.bincount(code, minlength=len(parts)).astype(float)
    off = np.bincount(code, weights=hit, minlength=len(parts)) - p[of_part] * size
    spread = np.bincount(of_part, weights=off**2, minlength=groups)
    clusters = np.bincount(of_part, minlength=groups)
    several = np.maximum(clusters - 1, 1)
    alone = n * p * (1 - p) / np.maximum(n - 1, 1)  # what the spread would be with every thing its own cluster
    spread = spread / several * clusters / np.maximum(n, 1)
    kish = ratio(np.bincount(of_part, weights=size**2, minlength=groups), n)  # the most that clusters can cost
    known = ratio(student(several, level), student(np.maximum(n - 1, 1), level)) ** 2
    effect = np.where(alone > 0, ratio(spread, alone) * known, kish)
    return Shares(n, clusters, p, *score(p, n / np.maximum(effect, 1), level))
