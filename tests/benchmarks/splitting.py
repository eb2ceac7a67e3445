"""The sides of FNC-1's bodies and headlines, beside assigning each at random; and of generated units, for time."""

import csv
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

import numpy as np

SHARES = {"train": 0.6, "validation": 0.15, "test": 0.25}
UNITS, VALUES = 300_000, 100_000  # generated: units, and values of each of two fields
DRAWS = 10  # of the random assignment


def lines(data: Path | None) -> list[str]:
    """Return what was found, as Markdown; `data` is the folder of the real data, where they are."""
    rows = []
    if data is not None:
        rows.append(_row("FNC-1, train and test as one pool: 2,281 stories, 2,532 headlines", *pairs(data / "fnc1")))
    rows.append(_row(f"generated: two fields of {VALUES:,} values, drawn evenly", *generated()))
    return [
        "Units kept when every value of two fields gets a split, and how far shares and classes are off at most in",
        f"any split (points); at random is the mean of {DRAWS} draws with the same shares, its ratio the target's:",
        "",
        "| | units | kept | at random | ratio (target: above 1) | shares off | classes off | seconds (target: 60) |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        *([] if data is not None else ["", "The data of FNC-1 are not here."]),
    ]


def _row(name: str, fields: Mapping[str, Sequence[str]], labels: Sequence[str], before: float) -> str:
    from goldwire.labels.splits.sides import assign_sides

    begin = time.perf_counter()
    found = assign_sides(fields, [[label] for label in labels], SHARES, seed=0)
    seconds = before + time.perf_counter() - begin
    splits = list(SHARES)
    sides = [np.array([splits.index(found[name][value]) for value in values]) for name, values in fields.items()]
    kept = sides[0] == sides[1]
    _, classes = np.unique(labels, return_inverse=True)
    counts = np.zeros((len(splits), classes.max() + 1))
    np.add.at(counts, (sides[0][kept], classes[kept]), 1)
    sizes = counts.sum(axis=1)
    shares = np.abs(sizes / sizes.sum() - list(SHARES.values())).max()
    off = np.abs(counts / sizes[:, None] - np.bincount(classes) / len(labels)).max()
    random = mean(_at_random(fields, seed) for seed in range(DRAWS))
    return (
        f"| {name} | {len(labels):,} | {kept.sum():,} | {random:,.0f} | {kept.sum() / random:.2f} "
        f"| {100 * shares:.2f} | {100 * off:.2f} | {seconds:.1f} |"
    )


def _at_random(fields: Mapping[str, Sequence[str]], seed: int) -> int:
    draw = np.random.default_rng(seed)
    sides = []
    for values in fields.values():
        place = {value: index for index, value in enumerate(dict.fromkeys(values))}
        drawn = draw.choice(len(SHARES), len(place), p=list(SHARES.values()))
        sides.append(drawn[[place[value] for value in values]])
    return int((sides[0] == sides[1]).sum())


def pairs(folder: Path) -> tuple[dict[str, list[str]], list[str], float]:
    """Return the stories and headlines of FNC-1's pairs, their stances, and the seconds to read and find them."""
    import pyarrow as pa

    from goldwire.corpus.stories import duplicates
    from goldwire.text.neighbours import Joined

    begin = time.perf_counter()
    bodies, rows = {}, []
    for name in ("train", "competition_test"):
        with (folder / f"{name}_bodies.csv").open(encoding="utf-8", newline="") as stream:
            bodies |= {row["Body ID"]: row["articleBody"] for row in csv.DictReader(stream)}
        with (folder / f"{name}_stances.csv").open(encoding="utf-8", newline="") as stream:
            rows += [(row["Headline"], row["Body ID"], row["Stance"]) for row in csv.DictReader(stream)]
    place = {body: index for index, body in enumerate(bodies)}
    joined = Joined(len(bodies))
    for pair in duplicates(pa.table({"article_id": list(bodies), "text": list(bodies.values())})).pairs:
        joined.join(place[pair.a], place[pair.b])
    fields = {
        "story": [str(joined.root(place[body])) for _, body, _ in rows],
        "headline": [headline for headline, _, _ in rows],
    }
    return fields, [f"stance\0{stance}" for _, _, stance in rows], time.perf_counter() - begin


def generated() -> tuple[dict[str, list[str]], list[str], float]:
    """Return units whose two values are drawn evenly, which no assignment keeps well, with four classes."""
    draw = np.random.default_rng(0)
    fields = {name: [str(value) for value in draw.integers(0, VALUES, UNITS)] for name in ("story", "headline")}
    labels = ["q\0" + "abcd"[index] for index in draw.choice(4, UNITS, p=[0.7, 0.2, 0.08, 0.02])]
    return fields, labels, 0.0
