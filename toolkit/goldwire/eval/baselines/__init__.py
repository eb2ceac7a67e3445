"""Baselines by name. Each is a model that learns from the units of the train split, and shares a small interface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from goldwire.errors import GoldwireError

if TYPE_CHECKING:
    import pandas as pd

    from goldwire.eval.metrics import Array


class Model(Protocol):
    """What a baseline trains. Rows are those of `inputs.Inputs.rows`."""

    parameters: dict[str, Any]
    """What was chosen in training, as JSON."""

    def fit(self, rows: "pd.DataFrame") -> None:
        """Learn from rows that all have a label."""

    def shares(self, rows: "pd.DataFrame") -> "Array":
        """Return the share of each label for each row, rows x labels; each row sums to 1."""


@dataclass(frozen=True)
class Baseline:
    """A baseline that can be named in params.yaml.

    Attributes
    ----------
    summary : str
        What it sees and does, in a few words for the report.
    make : callable
        From the labels, in scheme order, and a seed to an untrained model.
    needs_target : bool
        Whether it is for units that ask about a target only.
    probes : tuple of str
        Baselines that are trained beside it, where they apply, to show what it could do without looking.
    """

    name: str
    summary: str
    make: Callable[[list[str], int], Model]
    needs_target: bool = False
    probes: tuple[str, ...] = ()


def _majority(labels: list[str], _: int) -> Model:
    from goldwire.eval.baselines.majority import Majority

    return Majority(labels)


def _majority_per_target(labels: list[str], _: int) -> Model:
    from goldwire.eval.baselines.majority import MajorityPerTarget

    return MajorityPerTarget(labels)


def _tfidf(*fields: str) -> Callable[[list[str], int], Model]:
    def make(labels: list[str], seed: int) -> Model:
        from goldwire.eval.baselines.tfidf_logreg import TfidfLogreg

        return TfidfLogreg(labels, seed, fields)

    return make


BASELINES: dict[str, Baseline] = {
    baseline.name: baseline
    for baseline in (
        Baseline("majority", "the most frequent label of the train split", _majority),
        Baseline(
            "majority-per-target",
            "the target's most frequent label, or over all targets for one not seen",
            _majority_per_target,
            needs_target=True,
        ),
        Baseline(
            "tfidf-logreg",
            "TF-IDF of words and character n-grams, logistic regression",
            _tfidf("holder", "target", "text"),
            probes=("tfidf-logreg-text-only", "tfidf-logreg-target-only", "majority-per-target"),
        ),
        Baseline("tfidf-logreg-text-only", "the same, blind to holder and target", _tfidf("text"), needs_target=True),
        Baseline(
            "tfidf-logreg-target-only",
            "the same, holder and target without the text",
            _tfidf("holder", "target"),
            needs_target=True,
        ),
    )
}


def chosen(names: list[str], *, has_targets: bool) -> dict[str, Baseline]:
    """Return the baselines of these names and their probes, those that apply, in order.

    Raises
    ------
    GoldwireError
        When there is no baseline of a name.
    """
    if unknown := [name for name in names if name not in BASELINES]:
        raise GoldwireError(
            f'there is no baseline "{unknown[0]}"',
            where="params.yaml: eval.baselines",
            hint=f"There are: {', '.join(BASELINES)}",
        )
    probes = [probe for name in names for probe in BASELINES[name].probes]
    return {
        name: BASELINES[name]
        for name in dict.fromkeys([*names, *probes])
        if has_targets or not BASELINES[name].needs_target
    }
