"""How often intervals of 95% hold the truth, on simulated predictions whose truth is known.

Rows are of stories of unequal size: "unequal" is geometric, with a mean of five rows; "a few large" has a long tail,
up to forty rows. A story has one label in
nearly all of its rows, and its own share of errors, so that its rows go wrong together. The truth is what the same
figures are on stories without number. Synthetic, and evidence of nothing but the intervals.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

LABELS = ("agree", "disagree", "discuss", "unrelated")
RATES = (0.25, 0.08, 0.27, 0.40)
FIGURES = ("accuracy", "macro-f1", "weighted-f1", "mcc", "fnc", "f1:disagree")
STORIES, RUNS, RESAMPLES = 200, 1000, 1000
_MANY = 400_000  # stories: the truth


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
    ]


def _answers(codes: np.ndarray) -> list[tuple[str, ...]]:
    each = [(label,) for label in LABELS]
    return [each[code] for code in codes.tolist()]
