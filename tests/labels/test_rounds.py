"""Rounds: round.yaml and tasks.jsonl."""

import json
from pathlib import Path
from typing import Any

import pytest

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.rounds import Round

FIELDS: dict[str, Any] = {"round": "pilot", "scheme": "s", "scheme_version": "1.0.0", "scheme_hash": "00ff"}


def test_a_round_is_read_as_written(tmp_path: Path) -> None:
    folder = tmp_path / "pilot"
    round_ = Round(**FIELDS, id="0123456789abcdef", overlap=3, seed=0)
    rounds.write(folder, round_)
    assert rounds.read(folder) == round_
    assert round_.marker() == "goldwire-round:0123456789abcdef"
    assert (folder / "round.yaml").read_text(encoding="utf-8") == (
        "round: pilot\nid: 0123456789abcdef\nscheme: s\nscheme_version: 1.0.0\nscheme_hash: 00ff\n"
        "overlap: 3\nblind: false\nseed: 0\n"
    )


def test_every_round_gets_a_mark_of_its_own() -> None:
    assert Round(**FIELDS).id != Round(**FIELDS).id


def test_marks_and_hashes_of_digits_survive_yaml(tmp_path: Path) -> None:
    round_ = Round(**{**FIELDS, "scheme_hash": "1234567890123456"}, id="0000000000000000")
    rounds.write(tmp_path / "pilot", round_)
    assert rounds.read(tmp_path / "pilot") == round_
    exponent = Round(**{**FIELDS, "scheme_hash": "12345678901234e5"}, id="123456789012e456")
    rounds.write(tmp_path / "pilot", exponent)
    assert rounds.read(tmp_path / "pilot") == exponent


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"overlap": 0}, "overlap: Input should be greater than or equal to 1"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
        ({"id": "xyz"}, "id: String should match pattern"),
        ({"round": "../up"}, "round: String should match pattern"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    folder = tmp_path / "pilot"
    folder.mkdir()
    (folder / "round.yaml").write_text(json.dumps({**FIELDS, **change}), encoding="utf-8")  # JSON is YAML
    with pytest.raises(GoldwireError, match=message) as caught:
        rounds.read(folder)
    assert caught.value.where == str(folder / "round.yaml")


@pytest.mark.parametrize("text", ["", "a: [", "- 1"])
def test_a_file_that_is_no_round_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "round.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(GoldwireError):
        rounds.read(tmp_path)


def test_a_copied_round_is_refused(tmp_path: Path) -> None:
    rounds.write(tmp_path / "copy", Round(**FIELDS))
    with pytest.raises(GoldwireError, match='the round is called "pilot", and its folder "copy"') as caught:
        rounds.read(tmp_path / "copy")
    assert caught.value.where == f"{tmp_path / 'copy' / 'round.yaml'}: round"


def test_a_missing_round_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    for name in ("b", "a"):
        rounds.write(tmp_path / name, Round(**{**FIELDS, "round": name}))
    (tmp_path / "no-round").mkdir()
    assert rounds.listing(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(GoldwireError, match='there is no round "c"') as caught:
        rounds.read(tmp_path / "c")
    assert str(caught.value.hint).startswith("Rounds: a, b.")


def test_tasks_are_read_in_order_and_mistakes_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    tasks = [{"data": {"unit_id": "b"}, "meta": {}}, {"data": {"unit_id": "a"}, "meta": {}}]
    path.write_text("\n".join(map(json.dumps, tasks)), encoding="utf-8")
    assert rounds.tasks(tmp_path) == tasks
    for line, message in [
        ({"data": {"unit_id": "b"}}, "unit b stands in line 1 already"),
        ({"data": {}}, "the task has no data.unit_id"),
        ({"data": None}, "the task has no data.unit_id"),
        ([], "the task has no data.unit_id"),
    ]:
        path.write_text("\n".join(map(json.dumps, [*tasks, line])), encoding="utf-8")
        with pytest.raises(GoldwireError, match=message) as caught:
            rounds.tasks(tmp_path)
        assert str(caught.value.where).startswith(f"{path}:3")
