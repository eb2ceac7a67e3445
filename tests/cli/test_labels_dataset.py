"""`goldwire labels dataset`: divides, checks, writes, releases; and what stops it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from commanding import Command, in_empty_folder
from goldwire import tables
from goldwire.files import write_text
from goldwire.study import Study
from small_dataset import EVENTS, STANCE
from small_dataset import study as small


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = Study(tmp_path)
    write_text(made.params_file, "seed: 0\neval: {resamples: 100}\n")
    write_text(made.schemes / "event-small.yaml", EVENTS)
    write_text(made.schemes / "stance-small.yaml", STANCE)
    for name, table in small().items():
        if name != "splits":
            tables.write(table, made.articles if name == "articles" else made.table(name))
    return made


@pytest.fixture
def dataset(study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    with in_empty_folder(["labels", "dataset"], study.root, monkeypatch, capsys) as run:
        yield run


def card(study: Study) -> str:
    return (study.dataset / "README.md").read_text(encoding="utf-8")


def states(value: dict[str, Any]) -> dict[str, str]:
    return {one["code"]: one["state"] for one in value["checks"] if one["question"] is None}


def spoil(study: Study) -> None:
    """Let a mention lie: an error that a check finds."""
    rows = study.read("gold_mentions").to_pylist()
    tables.write(
        tables.build("gold_mentions", [{**rows[0], "text": "other"}, *rows[1:]]), study.table("gold_mentions")
    )


def test_what_is_written_was_checked_and_says_so(dataset: Command, study: Study) -> None:
    done = dataset("--json")
    assert done.code == 0
    value = json.loads(done.out)
    assert value["rows"]["articles"].keys() >= {"train", "validation", "test"}
    assert (value["kept"], value["dropped"], value["left_out"], value["pushed"]) == (0, 0, [], None)
    assert states(value) == {
        "GW101": "silent",
        "GW102": "silent",
        "GW103": "fired",
        "GW104": "not applicable",
        "GW401": "silent",
        "GW501": "silent",
        "GW502": "fired",
        "GW503": "silent",
        "GW504": "not applicable",
    }
    assert "Warning GW502: " in done.err
    assert json.loads((study.eval / "audit.json").read_text(encoding="utf-8")) == value["checks"]
    assert "| warning | GW502 " in card(study)
    assert value["signature"] in card(study)


def test_again_it_is_the_same_and_every_unit_keeps_its_split(dataset: Command, study: Study) -> None:
    first = json.loads(dataset("--json").out)
    again = json.loads(dataset("--json").out)
    assert again["signature"] == first["signature"]
    assert again["kept"] == study.read("splits")["split"].drop_null().length() == 12


def test_without_checks_the_card_says_that_there_were_none(dataset: Command, study: Study) -> None:
    done = dataset("--no-audit", "--json")
    assert json.loads(done.out)["checks"] is None
    assert not (study.eval / "audit.json").exists()
    assert "The checks were not run." in card(study)


def test_the_gate_leaves_the_old_dataset_and_splits(dataset: Command, study: Study) -> None:
    assert dataset("--audit").code == 0
    before, splits = card(study), study.table("splits").read_bytes()
    spoil(study)
    done = dataset("--audit")
    assert (done.code, done.out) == (3, "")
    assert "GW503 offsets" in done.err
    assert "The dataset was not written." in done.err
    assert "goldwire eval audit --explain GW503" in done.err
    assert (card(study), study.table("splits").read_bytes()) == (before, splits)


def test_a_gate_may_be_for_warnings_and_what_is_accepted_passes(dataset: Command, study: Study) -> None:
    done = dataset("--audit", "--fail-on", "warning", "--json")
    assert done.code == 3
    codes = {line.split()[1].rstrip(":") for line in done.err.splitlines() if line.startswith("Warning GW")}
    accept = ", ".join(f"{code}: it is a test" for code in sorted(codes))
    write_text(study.params_file, f"audit: {{accept: {{{accept}}}}}\n")
    assert dataset("--audit", "--fail-on", "warning").code == 0
    assert "it is a test" in card(study)


def test_an_option_that_params_does_not_say_is_said(dataset: Command, study: Study) -> None:
    done = dataset("--by", "time", "--folds", "2", "--no-audit")
    assert done.code == 0
    assert (
        "Warning: params.yaml does not say splits.by: time, and dvc repro goes by it. To keep it, write it there.\n"
        "Warning: params.yaml does not say splits.folds: 2, and dvc repro goes by it. To keep it, write it there.\n"
    ) in done.err
    assert "published" in card(study)
    split = {row["unit_id"]: row["split"] for row in study.read("splits").to_pylist()}
    assert (split["a0/document"], split["a6/document"]) == ("train", "test")
    dataset("--no-audit")
    assert "splits.by was time and is random" in card(study)


def test_texts_can_be_left_out_and_masked(dataset: Command, study: Study) -> None:
    assert dataset("--no-text", "--no-audit").code == 0
    assert "text" not in pq.read_schema(study.dataset / "articles" / "train.parquet").names
    rows = study.read("articles").to_pylist()
    rows[7]["text"] += " Write to desk@news.example."
    tables.write(tables.build("articles", rows), study.articles)
    done = dataset("--scrub", "--no-audit")
    assert "Warning: masked in 1 articles: e-mail 1" in done.err
    texts = [
        text
        for path in (study.dataset / "articles").glob("*.parquet")
        for text in pq.read_table(path)["text"].to_pylist()
    ]
    assert [text[-28:] for text in texts if "█" in text] == [" Write to ████@████.███████."]


def test_a_released_version_is_never_changed_under_its_name(
    dataset: Command, study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset("--no-audit")
    with in_empty_folder(["labels", "release"], study.root, monkeypatch, capsys) as release:
        assert release().code == 0
    assert dataset("--no-audit").code == 0
    before = card(study)
    rows = study.read("gold").to_pylist()
    tables.write(tables.build("gold", [{**rows[0], "labels": ["HIT"]}, *rows[1:]]), study.table("gold"))
    done = dataset("--no-audit")
    assert done.code == 1
    assert "version 0.1.0 was released with data" in done.err
    assert card(study) == before
    write_text(study.params_file, "version: 0.2.0\n")
    assert dataset("--no-audit").code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-on", "error"], "--fail-on goes with --audit"),
        (["--public"], "--public goes with --push"),
        (["--group-by", "outlet"], "--group-by takes group, headline, target, not outlet"),
        (["--folds", "1"], "one fold is none"),
        (["--by", "story"], "story"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    dataset: Command, study: Study, arguments: list[str], message: str
) -> None:
    done = dataset(*arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert not study.dataset.exists()
