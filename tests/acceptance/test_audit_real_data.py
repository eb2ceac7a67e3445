"""The audit on real data: a random split of FNC-1's pairs, the official split of MUC-4, the halves of FNC-1."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from goldwire.text.words import words

pytestmark = pytest.mark.shared

Run = Callable[..., "subprocess.CompletedProcess[str]"]
SPLITS = ["train", "validation", "test"]


def fnc(folder: Path) -> pd.DataFrame:
    """All pairs of FNC-1, divided row by row."""
    parts = []
    for kind, bodies, stances in (
        ("train", "train_bodies.csv", "train_stances.csv"),
        ("test", "competition_test_bodies.csv", "competition_test_stances.csv"),
    ):
        pairs = pd.read_csv(folder / stances).merge(pd.read_csv(folder / bodies), on="Body ID")
        parts.append(pairs.assign(body=kind + "-" + pairs["Body ID"].astype(str)))
    pairs = pd.concat(parts, ignore_index=True)
    pairs = pairs.rename(columns={"Headline": "headline", "articleBody": "text", "Stance": "stance"})
    split = np.random.default_rng(0).choice(SPLITS, len(pairs), p=[0.6, 0.15, 0.25])
    return pairs.assign(id=[f"pair-{number:05}" for number in range(len(pairs))], split=split)


def shared(pairs: pd.DataFrame, field: str) -> tuple[int, int, int]:
    """Values in several splits, values, and units with a value in several splits."""
    splits = pairs.groupby(field)["split"].transform("nunique")
    return int(pairs.loc[splits > 1, field].nunique()), int(pairs[field].nunique()), int((splits > 1).sum())


def runs_of_five(text: str) -> set[tuple[str, ...]]:
    said = words(text)
    return {tuple(said[at : at + 5]) for at in range(len(said) - 4)}


def near(texts: dict[str, set[str]]) -> set[tuple[str, str]]:
    """The pairs of texts of which one has half of the other's runs of five words, and that lie in two splits."""
    names = sorted(texts)
    rows = [(at, " ".join(run)) for at, text in enumerate(names) for run in runs_of_five(text)]
    runs = pd.DataFrame(rows, columns=["text", "run"])
    sizes = runs.groupby("text").size()
    several = runs[runs["run"].duplicated(keep=False)]
    met = several.merge(several, on="run")
    both = met[met["text_x"] < met["text_y"]].groupby(["text_x", "text_y"]).size()
    first, second = (both.index.get_level_values(level) for level in (0, 1))
    smaller = np.minimum(sizes.reindex(first).to_numpy(), sizes.reindex(second).to_numpy())
    enough = both.to_numpy() >= 0.5 * smaller
    pairs = [(names[a], names[b]) for a, b in zip(first[enough], second[enough], strict=True)]
    return {(a, b) for a, b in pairs if len(texts[a] | texts[b]) > 1}


def by_code(ended: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    return {finding["code"]: finding for finding in json.loads(ended.stdout)["checks"]}


def test_on_a_random_split_of_fnc_the_leaks_are_counted(shared_data: Path, goldwire: Run, tmp_path: Path) -> None:
    pairs = fnc(shared_data / "fnc1")
    assert len(pairs) == 75_385
    pairs[["id", "headline", "body", "text", "stance", "split"]].to_parquet(tmp_path / "pairs.parquet")
    columns = ["--id", "id", "--label", "stance", "--target", "headline", "--shared", "body", "--shared", "headline"]
    asked = [word for code in ("GW101", "GW102", "GW201") for word in ("--check", code)]
    found = by_code(goldwire(tmp_path, "eval", "audit", "pairs.parquet", *columns, *asked, "--json", code=3))

    said, values = [], 0
    for field in ("body", "headline"):
        several, known, units = shared(pairs, field)
        values += several
        said.append(
            f"{field}: {several:,} of {known:,} ({several / known:.1%}) values stand in more than one split, "
            f"with {units:,} of 75,385 ({units / 75_385:.1%}) units."
        )
    assert (found["GW101"]["state"], found["GW101"]["text"]) == ("fired", " ".join(said))
    assert found["GW101"]["count"] == values > 4_000

    splits = {str(text): set(where) for text, where in pairs.groupby("text")["split"].unique().items()}
    long = {text: where for text, where in splits.items() if len(words(text)) >= 5}
    same = sum(len(where) > 1 for where in long.values())
    like = near(long)
    texts = found["GW102"]["text"]
    assert (found["GW102"]["state"], found["GW102"]["count"]) == ("fired", same + len(like))
    assert texts.startswith(f"{len(like):,} pairs of different texts and {same:,} texts word for word in two splits")
    partners: dict[str, set[str]] = {text: set(where) for text, where in long.items()}
    for a, b in like:
        partners[a] |= long[b]
        partners[b] |= long[a]
    for split in SPLITS:
        inside = pairs.loc[(pairs["split"] == split) & pairs["text"].isin(long), "text"]
        touched = int(inside.map(lambda text: len(partners[text]) > 1).sum())
        assert f"{split} {touched:,} of {int((pairs['split'] == split).sum()):,} (" in texts
    assert (found["GW201"]["state"], found["GW201"]["question"]) == ("fired", "stance")


def test_on_muc_the_copy_and_the_conflict_are_named(shared_data: Path, goldwire: Run, tmp_path: Path) -> None:
    path = shared_data / "muc4" / "muc4_docs.jsonl"
    ended = goldwire(
        tmp_path, "eval", "audit", str(path), "--id", "doc_id", "--label", "incident_types", "--json", code=3
    )
    found = by_code(ended)
    assert found["GW102"]["cases"] == ["DEV-MUC3-1133 (train) and TST3-MUC4-0087 (test): containment 0.98"]
    assert found["GW102"]["count"] == 1
    assert found["GW201"]["cases"] == ["DEV-MUC3-0096 (no label) and DEV-MUC3-0161 (ATTACK): containment 0.89"]


def test_the_two_halves_of_fnc_overlap(shared_data: Path, goldwire: Run, tmp_path: Path) -> None:
    ours, theirs = (shared_data / "fnc1" / name for name in ("competition_test_bodies.csv", "train_bodies.csv"))
    columns = ["--id", "Body ID", "--text", "articleBody"]
    ended = goldwire(tmp_path, "eval", "audit", str(ours), *columns, "--against", str(theirs), "--check", "GW104")
    sides = {str(path): set(pd.read_csv(path)["articleBody"]) for path in (ours, theirs)}
    texts = {
        text: {side for side, inside in sides.items() if text in inside} for text in set().union(*sides.values())
    }
    like = near({text: where for text, where in texts.items() if len(words(text)) >= 5})
    found = {text for pair in like for text in pair} | {text for text, where in texts.items() if len(where) > 1}
    mine = len(found & sides[str(ours)])
    assert mine >= 10
    assert f"{mine} of {len(sides[str(ours)])} (" in ended.stdout
