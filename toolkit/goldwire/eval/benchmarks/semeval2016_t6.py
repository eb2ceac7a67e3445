"""SemEval-2016 task 6 A: is a tweet for or against a target, or neither? (Mohammad et al. 2016)"""

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from goldwire.errors import GoldwireError
from goldwire.eval.benchmarks.base import Benchmark, Data, Published, frame
from goldwire.eval.task import Task

if TYPE_CHECKING:
    import pandas as pd

TASK = Task(("favor", "against", "none"), negative="none")
_TARGETS = {"AT": "atheism", "CC": "climate", "FM": "feminist", "HC": "hillary", "LA": "abortion"}
_CODES = {"0": "none", "1": "against", "2": "favor"}  # TweetEval's
_HEADER = ["ID", "Target", "Tweet", "Stance"]

Tweet = tuple[str, str, str, str]  # id, target, text, label


def read(folder: Path) -> Data:
    """Read the organisers' files, and the training tweets that they lack from TweetEval's.

    ``original_format/<AT|CC|FM|HC|LA>/{train,test}.txt`` have an id, a target, a tweet and a stance, divided by tabs.
    The tweets that were the trial data are missing there; ``tweeteval/<topic>/{train,val}_{text,labels}.txt`` have
    them, without ids and with masked names. Clusters are tweets that are equal but for names, signs and capitals.

    Raises
    ------
    GoldwireError
        When a file is missing, a row has not four fields, a stance is unknown, or texts and labels differ in number.
    """
    train: list[Tweet] = []
    test: list[Tweet] = []
    added = 0
    for code, topic in _TARGETS.items():
        own = _tweets(folder / "original_format" / code / "train.txt")
        more = _lacking(own, folder / "tweeteval" / topic, topic)
        train += [*own, *more]
        added += len(more)
        test += _tweets(folder / "original_format" / code / "test.txt")
    sides = {"train": _frame(train), "test": _frame(test)}
    across = set(sides["train"]["cluster"])
    return Data(
        task=TASK,
        train=sides["train"],
        test=sides["test"],
        clustered="tweets",
        warnings=tuple(_warnings(sides["test"], across)),
        notes=tuple(_notes(sides["train"], added)),
    )


def _tweets(path: Path) -> list[Tweet]:
    found = []
    for line, text in enumerate(_lines(path), start=1):
        fields = text.split("\t")
        if fields == _HEADER:
            continue
        if len(fields) != len(_HEADER):
            raise GoldwireError(f"has {len(fields)} fields, not {len(_HEADER)}", where=f"{path}:{line}")
        label = fields[3].strip().lower()
        if label not in TASK.labels:
            raise GoldwireError(
                f'"{fields[3]}" is no stance', where=f"{path}:{line}", hint=f"Known: {', '.join(TASK.labels)}"
            )
        found.append((fields[0], fields[1], fields[2], label))
    if not found:
        raise GoldwireError("has no rows", where=str(path))
    return found


def _lacking(own: list[Tweet], folder: Path, topic: str) -> list[Tweet]:
    """Return the tweets of TweetEval's train and validation files that are not among the organisers'."""
    left = Counter((_plain(text), label) for _, _, text, label in own)
    found = []
    for part in ("train", "val"):
        texts, codes = _lines(folder / f"{part}_text.txt"), _lines(folder / f"{part}_labels.txt")
        if len(texts) != len(codes):
            raise GoldwireError(f"{len(texts)} texts and {len(codes)} labels", where=str(folder / f"{part}_text.txt"))
        for line, (text, code) in enumerate(zip(texts, codes, strict=True), start=1):
            if code not in _CODES:
                raise GoldwireError(f'"{code}" is no label', where=f"{folder / f'{part}_labels.txt'}:{line}")
            key = (_plain(text), _CODES[code])
            if left[key]:
                left[key] -= 1
            else:
                found.append((f"{topic}-{part}-{line:03d}", own[0][1], text, _CODES[code]))
    return found


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise GoldwireError(
            "the file is not there", where=str(path), hint="Get the data: https://alt.qcri.org/semeval2016/task6/"
        )
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GoldwireError(f"is not UTF-8: {error}", where=str(path)) from error
    # a tweet may hold a separator that str.splitlines would divide it at
    return [line.strip() for line in text.split("\n") if line.strip()]


def _plain(text: str) -> str:
    """A tweet without names, signs and capitals: what it shares with its masked copy."""
    return re.sub(r"[^a-z0-9]+", "", re.sub(r"@\S+", "", text.lower()))


def _frame(tweets: list[Tweet]) -> "pd.DataFrame":
    ids, targets, texts, labels = zip(*tweets, strict=True)
    return frame(
        {
            "unit_id": ids,
            "text": texts,
            "target": targets,
            "labels": [(label,) for label in labels],
            "cluster": [_plain(text) or unit for text, unit in zip(texts, ids, strict=True)],
            "kind": ["target"] * len(ids),
        },
        TASK,
    )


def _warnings(test: "pd.DataFrame", across: set[str]) -> list[str]:
    shared = int(test["cluster"].isin(across).sum())
    return [f"{shared} test tweets stand in train too, but for names and signs."] if shared else []


def _notes(train: "pd.DataFrame", added: int) -> list[str]:
    if not added:
        return []
    return [f"{added} of {len(train):,} training tweets, the trial data, come from TweetEval, with names masked."]


_TASK_PAPER = "Mohammad et al. 2016, SemEval-2016 Task 6: Detecting Stance in Tweets"
_FIGURE = "semeval-favg"
BENCHMARK = Benchmark(
    name="semeval2016-t6",
    title="SemEval-2016 task 6 A, stance in tweets",
    read=read,
    metrics=(_FIGURE, "semeval-favg-by-target", "macro-f1", "accuracy"),
    baselines=(
        "majority-per-target",
        "tfidf-logreg",
        "tfidf-svm",
        "tfidf-nb",
        "tfidf-per-target",
        "embeddings-per-target",
    ),
    published=(
        Published("majority per target", {_FIGURE: 0.6522}, _TASK_PAPER),
        Published("MITRE (best team)", {_FIGURE: 0.6782}, _TASK_PAPER),
        Published("SVM, n-grams, per target", {_FIGURE: 0.6898}, _TASK_PAPER),
        Published(
            "BERTweet", {_FIGURE: 0.712}, "Barbieri et al. 2020, TweetEval, table of results kept by its authors"
        ),
    ),
    notes=(
        "semeval-favg, the official metric, is pooled: F1 of favor and of against over the tweets of all targets. It "
        "rewards knowing the target: the majority of each target has .6522. semeval-favg-by-target is the mean over "
        "targets, another number. Neither counts the F1 of none.",
    ),
)
