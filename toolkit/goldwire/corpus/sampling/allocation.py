"""Division of a sample among strata."""

import heapq

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def allocate(n: int, weights: Floats, least: Ints, most: Ints) -> Ints:
    """Divide n in proportion to the weights, each share between its least and its most.

    By Webster's method (Sainte-Laguë): seat after seat goes to the largest weight / (seats + 1/2). Unlike the method
    of largest remainders it takes no seat away when n grows, so that a larger sample can hold the smaller one.

    Parameters
    ----------
    n : int
        At least the sum of `least`, at most that of `most`.
    weights : array
        Above 0. Of equal claims the first wins.
    least, most : array of int

    Returns
    -------
    array of int
        Sums to n.
    """
    seats = least.astype(np.int64)
    claims = [(-w / (s + 0.5), i) for i, (w, s) in enumerate(zip(weights, seats, strict=True)) if s < most[i]]
    heapq.heapify(claims)
    for _ in range(n - int(seats.sum())):
        _, i = claims[0]
        seats[i] += 1
        if seats[i] < most[i]:
            heapq.heapreplace(claims, (-weights[i] / (seats[i] + 0.5), i))
        else:
            heapq.heappop(claims)
    return seats


def equally(n: int, strata: Ints, weights: Floats, sizes: Ints) -> Ints:
    """Divide n equally among strata as far as they have enough, then in each among its cells by weight.

    Parameters
    ----------
    strata, weights, sizes : array
        Of each cell: the stratum it lies in, its weight, how many it has. Each cell gets at least one.
    """
    _, stratum = np.unique(strata, return_inverse=True)
    cells = np.bincount(stratum)
    most = np.bincount(stratum, weights=sizes).astype(np.int64)
    seats = np.zeros_like(sizes)
    for number, share in enumerate(allocate(n, np.ones(len(cells)), cells, most)):
        inside = stratum == number
        seats[inside] = proportionally(int(share), weights[inside], sizes[inside])
    return seats


def proportionally(n: int, weights: Floats, sizes: Ints) -> Ints:
    """Divide n by weight among cells of these sizes; each gets at least one."""
    return allocate(n, weights, np.ones_like(sizes), sizes)
