"""A corpus of generated articles: words of no language, 2 kB each, 15 in 100 of them near-duplicates of another.

Run as a script: COUNT FILE.
"""

import json
import sys
from pathlib import Path

import numpy as np

WORDS = 330  # in a body: about 2 kB
SHARE = 0.15
_SOURCES = 50_000  # articles that others may be near-duplicates of

_SYLLABLES = "ba ce di fo gu ha le mi no pu ra se ti vo wu".split()
_VOCABULARY = [a + b + c for a in _SYLLABLES for b in _SYLLABLES for c in ("", *"nrs", *_SYLLABLES, "ment", "ting")]
# Zipf's law with Mandelbrot's shift: the commonest word is 1 in 60.
_UP_TO = np.cumsum(1 / (np.arange(len(_VOCABULARY)) + 8))
_TOGETHER = 1000  # bodies that are drawn at once


def write(path: Path, count: int, seed: int = 0) -> Path:
    """Write `count` articles as JSON Lines with id, title, text, outlet and date; the same arguments, the same bytes.

    A near-duplicate has the first half or more of another body, and then nothing, or words of its own.
    """
    draw = np.random.default_rng(seed)
    earlier: list[list[str]] = []
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            if number % _TOGETHER == 0:
                ranks = np.searchsorted(_UP_TO, draw.random((_TOGETHER, WORDS)) * _UP_TO[-1]).tolist()
            body = [_VOCABULARY[rank] for rank in ranks[number % _TOGETHER]]
            if earlier and draw.random() < SHARE:
                kept = earlier[draw.integers(len(earlier))][: draw.integers(WORDS // 2, WORDS)]
                body = kept + body[len(kept) :] if draw.random() < 0.5 else kept
            elif len(earlier) < _SOURCES:
                earlier.append(body)
            article = {
                "id": f"g{number:07d}",
                "title": " ".join(body[:6]),
                "text": " ".join(body),
                "outlet": f"outlet {number % 20}",
                "date": f"2020-{1 + number % 12:02d}-{1 + number % 28:02d}",
            }
            stream.write(json.dumps(article) + "\n")
    return path


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
