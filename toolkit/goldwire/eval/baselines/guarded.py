"""Having a baseline learn and answer when it may be anybody's: whatever goes wrong, the error names it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline, Model, Shared
from goldwire.eval.task import Answer, Array, Task

if TYPE_CHECKING:
    import pandas as pd

LISTED = "params.yaml: eval.baselines"
"""Where a study names its baselines."""
_ABOVE = 1e-6  # 1, by which a share may be when it is a sum


def fitted(
    baseline: Baseline,
    task: Task,
    rows: "pd.DataFrame",
    shared: Shared,
    seed: int,
    *,
    where: str | None = None,
    in_params: bool = False,
) -> Model:
    """Return a trained model.

    Parameters
    ----------
    where : str, optional
        The question, for the error.
    in_params : bool
        Whether params.yaml names the baseline, for the error.

    Raises
    ------
    GoldwireError
        When the baseline fails, needs a package that is not here, or has parameters that are not JSON.
    """
    out = "Take it out of params.yaml (eval.baselines), or mend it." if in_params else "Leave it out, or mend it."
    with _named(baseline.name, where, out, baseline.extra, LISTED if in_params else None):
        model = baseline.make(task, seed)
        model.fit(rows, shared)
        _check_parameters(model.parameters)
    return model


def answered(name: str, model: Model, rows: "pd.DataFrame", shared: Shared) -> tuple[Array, list[Answer]]:
    """Return the shares of rows, rows x labels, and the answers that go with them.

    Raises
    ------
    GoldwireError
        When the model of the baseline `name` fails, or gives what are no shares from 0 to 1 of every row and label,
        or no answer of the question for every row.
    """
    with _named(name):
        shares = np.asarray(model.shares(rows, shared), dtype=np.float64)
        _check_shares(shares, (len(rows), len(model.task.labels)))
        answers = [tuple(answer) for answer in model.decide(shares)]
        _check_answers(answers, len(rows), model.task)
    return shares, answers


@contextmanager
def _named(
    name: str,
    where: str | None = None,
    out: str | None = None,
    extra: str | None = None,
    listed: str | None = None,
) -> Iterator[None]:
    named = f'baseline "{name}"'
    try:
        yield
    except _UnfitError as error:
        raise GoldwireError(f"{named} gave {error}", where=where) from error
    except GoldwireError as error:
        raise GoldwireError(f"{named}: {error.message}", where=error.where or where, hint=error.hint) from error
    except ImportError as error:
        raise GoldwireError(
            f"{named} needs a package that is not here: {error}",
            where=listed,
            hint=f'Install it with: pip install "goldwire[{extra}]"'
            if extra
            else "Install it, or take the baseline out.",
        ) from error
    except Exception as error:
        raise GoldwireError(f"{named} failed: {type(error).__name__}: {error}", where=where, hint=out) from error


class _UnfitError(Exception):
    """What a model gave, where it is not what it should be."""


def _check_parameters(parameters: Any) -> None:
    try:
        json.dumps(parameters, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _UnfitError(f"parameters that are not JSON: {error}") from error


def _check_shares(shares: Array, shape: tuple[int, int]) -> None:
    if shares.shape != shape:
        raise _UnfitError(f"shares of shape {shares.shape}, not {shape}")
    if not np.isfinite(shares).all() or (shares < 0).any() or (shares > 1 + _ABOVE).any():
        raise _UnfitError("shares that are not from 0 to 1")


def _check_answers(answers: list[Answer], n: int, task: Task) -> None:
    if len(answers) != n:
        raise _UnfitError(f"{len(answers)} answers for {n} units")
    known = set(task.labels)
    for answer in answers:
        if strange := [label for label in answer if label not in known]:
            raise _UnfitError(f'the label "{strange[0]}", which the question has not')
        if not task.several and len(answer) != 1:
            raise _UnfitError(f"an answer of {len(answer)} labels to a question that has one")
