"""How often intervals of 95% hold the truth, on simulated predictions whose truth is known.

Rows are of stories of unequal size: "unequal" is geometric, with a mean of five rows; "a few large" has a long tail,
up to forty rows. A story has one label in
nearly all of its rows, and its own share of errors, so that its rows go wrong together. The truth is what the same
figures are on stories without number. Synthetic, and evidence of nothing but the intervals.

Averages over labels are looked at where one label is rare, too: what a draw of stories that has none of it should say
of it is a choice (`goldwire.eval.metrics.sums.Sums.of_supported`), and the choices stand side by side.
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from goldwire.stats.resample import Estimator

LABELS = ("agree", "disagree", "discuss", "unrelated")
RATES = (0.25, 0.08, 0.27, 0.40)
FIGURES = ("accuracy", "macro-f1", "weighted-f1", "mcc", "fnc", "f1:disagree")
STORIES, RUNS, RESAMPLES = 200, 1000, 1000
_MANY = 400_000  # stories: the truth

AVERAGES = ("macro-f1", "balanced-accuracy")
CHOICES = ("left out", "as 0", "as on the data")
RARE, RARE_STORIES, RARE_RUNS = (1, 2, 3, 5), 100, 400
_WRONG = (0.3, 0.5)  # mean share of errors of a story: of common labels, and of the rare one
_TO_RARE = 0.02  # stories whose errors are the rare label


def drawn(stories: int, seed: int, sizes: str = "unequal") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the story, the gold label and the predicted label of each row, as codes."""
    draw = np.random.default_rng(seed)
    if sizes == "unequal":
        size = draw.geometric(0.2, stories)
    else:
        size = np.minimum(np.ceil(draw.pareto(1.2, stories) * 1.5 + 0.5), 40).astype(np.int64)
    story = np.repeat(np.arange(stories), size)
    rates = np.array(RATES)
    main = draw.choice(len(LABELS), stories, p=rates)[story]
    other = draw.choice(len(LABELS), len(story), p=rates)
    actual = np.where(draw.random(len(story)) < 0.9, main, other)
    wrong = draw.random(len(story)) < draw.beta(0.6, 1.4, stories)[story]
    mistake = draw.integers(0, len(LABELS), stories)[story]  # the same wrong label all through a story
    return story, actual, np.where(wrong, mistake, actual)


@cache
def truth(sizes: str) -> tuple[float, ...]:
    """Return the figures on very many stories."""
    from goldwire.eval.measure import Gold
    from goldwire.eval.task import Task

    story, actual, predicted = drawn(_MANY, 2**32 - 1, sizes)
    gold = Gold.of(Task(LABELS), _answers(actual), np.zeros_like(story), metrics=FIGURES[:-1])
    values = gold.estimators([_answers(predicted)])[0].values()
    return tuple(float(values[gold.names.index(name)]) for name in FIGURES)


def held(
    stories: int, runs: Sequence[int], resamples: int = RESAMPLES, sizes: str = "unequal"
) -> dict[str, np.ndarray]:
    """Return in how many of the runs the interval of each figure held the truth: by story, and row by row."""
    from goldwire.eval.measure import Bootstrap, Gold, measure
    from goldwire.eval.task import Task

    found = {"by story": np.zeros(len(FIGURES)), "by row": np.zeros(len(FIGURES))}
    expected = truth(sizes)
    for run in runs:
        story, actual, predicted = drawn(stories, run, sizes)
        answers = _answers(actual), _answers(predicted)
        for name, clusters in (("by story", story), ("by row", np.arange(len(story)))):
            gold = Gold.of(Task(LABELS), answers[0], clusters, metrics=FIGURES[:-1])
            values, labels = measure(gold, answers[1], Bootstrap(resamples, seed=run))
            bounds = [(values[metric]["low"], values[metric]["high"]) for metric in FIGURES[:-1]]
            rare = labels[FIGURES[-1].removeprefix("f1:")]
            bounds.append((rare["f1_low"], rare["f1_high"]))
            found[name] += [
                low is not None and low <= value <= high for (low, high), value in zip(bounds, expected, strict=True)
            ]
    return found


def with_rare(stories: int, rare: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the same as `drawn`; of so many stories, and of no others, all rows have the last label."""
    draw = np.random.default_rng(seed)
    story = np.repeat(np.arange(stories), draw.geometric(0.2, stories))
    is_rare = np.arange(stories) < rare
    main = np.where(is_rare, 3, draw.integers(0, 3, stories))[story]
    other = np.where(is_rare[story], 3, draw.integers(0, 3, len(story)))
    actual = np.where(draw.random(len(story)) < 0.9, main, other)
    share = np.where(is_rare, _WRONG[1], _WRONG[0])
    wrong = draw.random(len(story)) < draw.beta(2 * share, 2 * (1 - share))[story]
    mistake = np.where(draw.random(stories) < _TO_RARE, 3, draw.integers(0, 3, stories))[story]
    return story, actual, np.where(wrong, mistake, actual)


def held_with_rare(rare: int, runs: Sequence[int], resamples: int = RESAMPLES) -> dict[str, np.ndarray]:
    """Return in how many of the runs the interval of each average held the truth, by what a draw without it says.

    Left out is what we do. An interval that there is none of holds nothing.
    """
    from goldwire.eval.measure import Bootstrap

    found = {choice: np.zeros(len(AVERAGES)) for choice in CHOICES}
    expected = _averages(*with_rare(_MANY, _MANY * rare // RARE_STORIES, 2**32 - 1))["left out"].values()
    for run in runs:
        for choice, estimator in _averages(*with_rare(RARE_STORIES, rare, run)).items():
            intervals = Bootstrap(resamples, seed=run).intervals(None, estimator.statistics, estimator.function)
            found[choice] += [
                one.low is not None and one.high is not None and one.low <= value <= one.high
                for one, value in zip(intervals, expected, strict=True)
            ]
    return found


def _averages(story: np.ndarray, actual: np.ndarray, predicted: np.ndarray) -> dict[str, "Estimator"]:
    """Return the averages of one model with each choice."""
    from goldwire.eval.measure import Gold
    from goldwire.eval.task import Task
    from goldwire.stats.resample import Estimator

    gold = Gold.of(Task(LABELS), _answers(actual), story, metrics=AVERAGES)
    counted = gold.counted([_answers(predicted)])
    (statistics,) = counted.of_models
    whole = gold.sums(_answers(predicted))
    there = whole.support[0] > 0

    def ours(sums: np.ndarray) -> np.ndarray:
        return np.column_stack([metric.function(counted.read(sums)) for metric in gold.metrics])

    def instead(given: tuple[np.ndarray, np.ndarray], sums: np.ndarray) -> np.ndarray:
        read = counted.read(sums)
        f1 = np.where(read.support + read.given > 0, read.f1, given[0])
        recall = np.where(read.support > 0, read.recall, given[1])
        return np.column_stack([f1[:, there].mean(axis=1), recall[:, there].mean(axis=1)])

    nothing = np.zeros(len(LABELS))
    functions = (ours, partial(instead, (nothing, nothing)), partial(instead, (whole.f1[0], whole.recall[0])))
    return {name: Estimator(statistics, function) for name, function in zip(CHOICES, functions, strict=True)}


def lines() -> list[str]:
    """Return what was found, as Markdown."""
    listed = []
    for stories, sizes in ((STORIES, "unequal"), (STORIES, "a few large"), (50, "unequal"), (50, "a few large")):
        found = held(stories, range(RUNS), sizes=sizes)
        for name in ("by story", "by row"):
            shares = " | ".join(f"{count / RUNS:.3f}" for count in found[name])
            listed.append(f"| {stories} stories, {sizes}, {name} | {shares} |")
    return [
        f"Share of {RUNS:,} simulated test sets whose interval of 95% held the true figure, {RESAMPLES:,} resamples",
        f"(target: .93 to .97 by story with {STORIES} stories, and visibly less row by row):",
        "",
        f"| | {' | '.join(FIGURES)} |",
        f"|---|{'---|' * len(FIGURES)}",
        *listed,
        "",
        f"The same of {RARE_RUNS:,} test sets of {RARE_STORIES} stories where so many have a label that no others",
        "have, by what a draw that has none of them says of it: it is left out of the average (ours), it counts as",
        "0, or it counts as on the data:",
        "",
        f"| stories | {' | '.join(f'{name}, {choice}' for name in AVERAGES for choice in CHOICES)} |",
        f"|---|{'---|' * len(AVERAGES) * len(CHOICES)}",
        *_rare_lines(),
    ]


def _rare_lines() -> list[str]:
    listed = []
    for rare in RARE:
        found = held_with_rare(rare, range(RARE_RUNS))
        shares = [f"{found[choice][at] / RARE_RUNS:.3f}" for at in range(len(AVERAGES)) for choice in CHOICES]
        listed.append(f"| {rare} | {' | '.join(shares)} |")
    return listed


def _answers(codes: np.ndarray) -> list[tuple[str, ...]]:
    each = [(label,) for label in LABELS]
    return [each[code] for code in codes.tolist()]
