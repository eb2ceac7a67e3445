"""The Fake News Challenge, stage 1: what a body makes of a headline (Pomerleau and Rao 2017)."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goldwire.errors import GoldwireError
from goldwire.eval.audit.near import near_duplicates
from goldwire.eval.benchmarks.base import Benchmark, Data, Published, View, frame
from goldwire.eval.task import Answer, Task
from goldwire.text.neighbours import Joined

if TYPE_CHECKING:
    import pandas as pd

TASK = Task(("agree", "disagree", "discuss", "unrelated"), negative="unrelated")
RELATED = Task(("related", "unrelated"), negative="unrelated")
_FILES = {"train": ("train_stances.csv", "train_bodies.csv")}
_FILES["test"] = ("competition_test_stances.csv", "competition_test_bodies.csv")
_LONGEST = 16_000_000  # characters of a field


def related_or_not(answer: Answer) -> Answer:
    """Return whether an answer says that headline and body belong together."""
    return answer if answer == ("unrelated",) else ("related",)


def best(answers: Sequence[Answer]) -> float:
    """Return the points that can be had: 1 for a related row, 0.25 for another."""
    return sum(0.25 if answer == ("unrelated",) else 1.0 for answer in answers)


def read(folder: Path) -> Data:
    """Read the four files of the challenge.

    The text is the body, the target is the headline. Clusters are stories of the bodies of a side: bodies that say
    the same at whatever length. All rows of the test file are kept, also those whose pair of ids it repeats.

    Raises
    ------
    GoldwireError
        When a file or column is missing, a stance is unknown, or a body is not there.
    """
    sides = {side: _read(folder, *names) for side, names in _FILES.items()}
    bodies = {side: list(dict.fromkeys(rows["text"])) for side, rows in sides.items()}
    texts = list(dict.fromkeys([*bodies["train"], *bodies["test"]]))
    place = {text: at for at, text in enumerate(texts)}
    _, pairs, _ = near_duplicates(texts)
    in_train, in_test = set(bodies["train"]), set(bodies["test"])
    across = {
        text
        for pair in pairs
        for text, other in ((texts[pair.first], texts[pair.second]), (texts[pair.second], texts[pair.first]))
        if text in in_test - in_train and other in in_train
    }
    for side, rows in sides.items():
        joined = Joined(len(texts))
        own = {place[text] for text in bodies[side]}
        for pair in pairs:
            if pair.first in own and pair.second in own:
                joined.join(pair.first, pair.second)
        rows["cluster"] = [f"{side}-{joined.root(place[text]):04d}" for text in rows["text"]]
    warnings = _warnings(sides["train"], sides["test"], across)
    answers = list(sides["test"]["labels"])
    return Data(
        task=TASK,
        train=sides["train"],
        test=sides["test"],
        clustered="stories of the bodies",
        warnings=tuple(warnings),
        notes=(
            f"The best that can be reached on these test rows is {best(answers):,.2f} points; fnc is relative to it.",
        ),
    )


def _read(folder: Path, stances: str, bodies: str) -> "pd.DataFrame":
    texts = {}
    for line, row in _rows(folder / bodies, ("Body ID", "articleBody")):
        if row["Body ID"] in texts:
            raise GoldwireError(f'the body "{row["Body ID"]}" comes twice', where=f"{folder / bodies}:{line}")
        texts[row["Body ID"]] = row["articleBody"]
    found: dict[str, list[object]] = {name: [] for name in ("unit_id", "article_id", "text", "target", "labels")}
    side = "test" if stances.startswith("competition") else "train"
    for number, (line, row) in enumerate(_rows(folder / stances, ("Headline", "Body ID", "Stance"))):
        where = f"{folder / stances}:{line}"
        if row["Body ID"] not in texts:
            raise GoldwireError(f'there is no body "{row["Body ID"]}" in {bodies}', where=where)
        if row["Stance"] not in TASK.labels:
            raise GoldwireError(
                f'"{row["Stance"]}" is no stance', where=where, hint=f"Known: {', '.join(TASK.labels)}"
            )
        found["unit_id"].append(f"{side}-{number:05d}")
        found["article_id"].append(f"{side}-body-{row['Body ID']}")
        found["text"].append(texts[row["Body ID"]])
        found["target"].append(row["Headline"])
        found["labels"].append((row["Stance"],))
    if not found["unit_id"]:
        raise GoldwireError("has no rows", where=str(folder / stances))
    return frame({**found, "cluster": found["article_id"]}, TASK)


def _rows(path: Path, columns: Sequence[str]) -> list[tuple[int, Mapping[str, str]]]:
    if not path.is_file():
        raise GoldwireError(
            "the file is not there", where=str(path), hint="Get the data: https://github.com/FakeNewsChallenge/fnc-1"
        )
    before = csv.field_size_limit(_LONGEST)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            if lacking := [name for name in columns if name not in (reader.fieldnames or [])]:
                raise GoldwireError(f'there is no column "{lacking[0]}"', where=str(path))
            found: list[tuple[int, Mapping[str, str]]] = []
            for row in reader:
                if any(row[name] is None for name in columns):
                    raise GoldwireError("a field is missing", where=f"{path}:{reader.line_num}")
                found.append((reader.line_num, row))
            return found
    except (csv.Error, UnicodeDecodeError) as error:
        raise GoldwireError(f"cannot be read as CSV in UTF-8: {error}", where=str(path)) from error
    finally:
        csv.field_size_limit(before)


def _warnings(train: "pd.DataFrame", test: "pd.DataFrame", across: set[str]) -> list[str]:
    found = []
    texts, headlines = set(train["text"]) & set(test["text"]), set(train["target"]) & set(test["target"])
    if texts or headlines:
        rows = int((test["text"].isin(texts) | test["target"].isin(headlines)).sum())
        found.append(
            f"Train and test share {len(texts)} bodies and {len(headlines)} headlines; {rows:,} test rows have one."
        )
    if across:
        rows = int(test["text"].isin(across).sum())
        found.append(
            f"{len(across)} more test bodies are near-duplicates of train bodies (half of the shorter one's runs of "
            f"five words are in the other); {rows:,} test rows have one."
        )
    counts = Counter(zip(test["target"], test["article_id"], strict=True))
    if repeated := sum(count - 1 for count in counts.values()):
        found.append(f"The test file repeats {repeated} pairs of headline and body; all rows count.")
    return found


_SCORER = "https://github.com/FakeNewsChallenge/fnc-1-baseline"
_RETROSPECTIVE = "Hanselowski et al. 2018, A retrospective analysis of the Fake News Challenge stance detection task"
BENCHMARK = Benchmark(
    name="fnc1",
    title="Fake News Challenge, stage 1",
    read=read,
    metrics=("fnc", "macro-f1", "accuracy"),
    baselines=("majority", "pair-hgb", "two-step"),
    published=(
        Published("organisers' baseline", {"fnc": 0.7520}, _SCORER),
        Published("Talos (first)", {"fnc": 0.8202, "macro-f1": 0.578}, f"{_RETROSPECTIVE}; macro-F1 of its answers"),
        Published(
            "Athene (second)", {"fnc": 0.8197, "macro-f1": 0.600}, f"{_RETROSPECTIVE}; macro-F1 of its answers"
        ),
        Published("stackLSTM", {"macro-f1": 0.609}, _RETROSPECTIVE),
        Published("five people, 200 pairs", {"macro-f1": 0.754}, _RETROSPECTIVE),
    ),
    notes=(
        "The metric hides classes: telling related from unrelated without an error and always saying discuss scores "
        ".8326 with a macro-F1 of .444, above every system of the challenge.",
    ),
    views=(View("related", RELATED, related_or_not),),
)
