"""Short made-up articles with several labels, written for the tests: a label is told in one sentence among others."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from goldwire.eval.task import Answer, Task

TOLD = {
    "FIRE": ("Arsonists burned the old mill.", "Masked men burned two barns.", "A barn was burned near Lunde."),
    "THEFT": ("Thieves stole the parish silver.", "A van was stolen in Orrel.", "Someone stole nine bicycles."),
    "FLOOD": ("The river flooded the market.", "Heavy water flooded Calder Bay.", "Cellars were flooded in Lunde."),
}
OTHER = (
    *("The council met on Monday.", "Prices at the fair were steady.", "The choir sang in Karsund."),
    *("A new bridge was opened.", "The school has a new roof.", "Tickets cost four crowns.", "Snow is expected."),
)
TASK = Task(tuple(TOLD), "multiple")


def told(answer: Answer, rng: np.random.Generator, others: int = 4) -> str:
    """Return an article that tells each label in a sentence of its own, in any order, among others."""
    parts = [TOLD[label][rng.integers(len(TOLD[label]))] for label in answer]
    parts += [OTHER[at] for at in rng.integers(len(OTHER), size=others)]
    return " ".join(parts[at] for at in rng.permutation(len(parts)))


def articles(count: int, seed: int = 0, labels: Sequence[str] = tuple(TOLD)) -> pd.DataFrame:
    """Return rows with none, one or two of the labels."""
    rng = np.random.default_rng(seed)
    answers = [tuple(label for label in labels if rng.random() < 0.3) for _ in range(count)]
    return framed([told(answer, rng) for answer in answers], answers, prefix=f"s{seed}")


def framed(texts: Sequence[str], answers: Sequence[Answer] | None = None, prefix: str = "u") -> pd.DataFrame:
    """Return rows with the columns that models use, each a story of its own."""
    n = len(texts)
    rows = pd.DataFrame({"unit_id": [f"{prefix}-{at}" for at in range(n)], "text": list(texts)})
    rows = rows.assign(title="", target="", holder="", cluster=rows["unit_id"])
    given = [()] * n if answers is None else list(answers)
    return rows.assign(
        labels=pd.Series(given, rows.index, dtype=object),
        label=pd.Series([answer[0] if len(answer) == 1 else None for answer in given], rows.index, dtype=object),
    )
