"""A study is found from anywhere in it, and its parameters are checked."""

from pathlib import Path

import pytest

from goldwire import study, template
from goldwire.errors import GoldwireError


def test_a_new_study_has_the_default_parameters_and_is_found_from_within(tmp_path: Path) -> None:
    made = template.create(tmp_path / "s")
    assert made.params() == study.Params()
    assert study.find(tmp_path / "s" / "labels" / "rounds") == made
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == [
        ".dvcignore",
        ".gitignore",
        "corpus",
        "dvc.yaml",
        "eval",
        "labels",
        "params.yaml",
    ]


def test_a_study_is_not_made_over_another(tmp_path: Path) -> None:
    template.create(tmp_path)
    (tmp_path / "params.yaml").write_text("seed: 7\n")
    (tmp_path / "dvc.yaml").unlink()
    with pytest.raises(
        GoldwireError, match=r"params.yaml, .gitignore, .dvcignore already there, nothing was written"
    ):
        template.create(tmp_path)
    assert (tmp_path / "params.yaml").read_text() == "seed: 7\n"
    assert not (tmp_path / "dvc.yaml").exists()


def test_no_study_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        study.find(tmp_path)
    assert caught.value.hint == "Make one with: goldwire init DIR, then cd DIR, or name one with: goldwire -C DIR ..."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sed: 1\n", "sed: Extra inputs are not permitted"),
        ("splits: {train: 0.9}\n", "splits: Value error, train, validation and test must sum to 1"),
        ("eval: {level: 1}\n", "eval.level: Input should be less than 1"),
        ("seed: [\n", "not valid YAML"),
        ("version: 2021-13-45\n", "not valid YAML: month must be in 1..12"),
        ("recode: {a: {}}\nrecode: {b: {}}\n", "2: recode: the key stands twice"),
    ],
)
def test_a_wrong_parameter_is_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "params.yaml").write_text(text)
    with pytest.raises(GoldwireError, match=message) as caught:
        study.read_params(tmp_path / "params.yaml")
    assert str(caught.value).startswith(str(tmp_path / "params.yaml"))


def test_parameters_that_are_not_utf8_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_bytes(b'version: "\xff"\n')
    with pytest.raises(GoldwireError, match=r"params.yaml is not UTF-8"):
        study.read_params(tmp_path / "params.yaml")


def test_a_finding_is_accepted_for_a_reason_only(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("audit: {accept: {GW103: ' '}}\n", encoding="utf-8")
    with pytest.raises(GoldwireError) as caught:
        study.read_params(path)
    assert caught.value.message == "audit: Value error, accept needs a reason for GW103"
