"""A released version is one data for ever."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goldwire.errors import GoldwireError
from goldwire.files import read_jsonl, write_json, write_jsonl, write_text
from goldwire.labels.dataset import releases as room
from goldwire.labels.dataset.build import Dataset
from goldwire.study import Params, Study
from small_dataset import build
from small_dataset import study as small


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = Study(tmp_path / "study")
    write_text(made.params_file, "version: 1.0.0\n")
    return made


def build_in(study: Study, version: str = "1.0.0", skip: int = 0) -> Dataset:
    params = Params.model_validate({"version": version})
    return build(study.dataset, params=params, votes=small()["votes"].slice(skip))


def test_a_release_is_a_line_and_the_same_again_is_none(study: Study) -> None:
    made = build_in(study)
    expected = room.Release("1.0.0", made.digest, made.signature)
    assert room.releases(study) == []
    assert room.release(study) == (expected, True)
    before = room.releases_file(study).read_bytes()
    assert room.release(study) == (expected, False)
    assert room.releases_file(study).read_bytes() == before
    assert [line for _, line in read_jsonl(room.releases_file(study))] == [
        {"version": "1.0.0", "digest": made.digest, "signature": made.signature}
    ]


def test_other_data_under_a_released_version_is_refused(study: Study) -> None:
    first = build_in(study)
    room.release(study)
    room.guard(study, "1.0.0", first.digest)
    room.guard(study, "1.0.1", "f" * 16)
    second = build_in(study, skip=1)
    for refused in (lambda: room.guard(study, "1.0.0", second.digest), lambda: room.release(study)):
        with pytest.raises(GoldwireError) as caught:
            refused()
        assert caught.value.message == (
            f"version 1.0.0 was released with data {first.digest}, and this would be {second.digest}"
        )
        assert caught.value.hint == "Raise version in params.yaml: what was released is never changed under its name."
    write_text(study.params_file, "version: 1.1.0\n")
    third = build_in(study, "1.1.0", skip=1)
    assert room.release(study)[1] is True
    assert [(one.version, one.digest) for one in room.releases(study)] == [
        ("1.0.0", first.digest), ("1.1.0", third.digest),
    ]  # fmt: skip


def test_the_card_of_a_release_may_be_corrected(study: Study) -> None:
    made = build_in(study)
    room.release(study)
    card = study.dataset / "README.md"
    write_text(card, card.read_text(encoding="utf-8") + "\nAn author's name was corrected.\n")
    assert room.release(study) == (room.Release("1.0.0", made.digest, made.signature), False)


def test_a_dataset_edited_by_hand_or_of_another_version_is_not_released(study: Study) -> None:
    made = build_in(study)
    write_text(study.params_file, "version: 1.1.0\n")
    with pytest.raises(GoldwireError, match=r"the dataset is version 1\.0\.0, and params\.yaml says 1\.1\.0"):
        room.release(study)
    path = study.dataset / "votes" / "test.parquet"
    pq.write_table(pq.read_table(path, partitioning=None).slice(1), path)
    with pytest.raises(GoldwireError, match=f"its card says data {made.digest}, and it is"):
        room.release(study)
    assert not room.releases_file(study).exists()


def test_without_a_dataset_it_says_how_to_make_one(study: Study) -> None:
    with pytest.raises(GoldwireError) as caught:
        room.release(study)
    assert caught.value.hint == "Make the dataset with: goldwire labels dataset"


@pytest.mark.parametrize(
    "line", ['{"version": "1.0.0"}', '["1.0.0"]', '{"version": 1, "digest": "", "signature": ""}']
)
def test_a_line_that_is_no_release_is_named(line: str, study: Study) -> None:
    good = '{"version": "0.1.0", "digest": "0123456789abcdef", "signature": "s"}\n'
    write_text(room.releases_file(study), good + line + "\n")
    with pytest.raises(GoldwireError, match="is no release: it needs version, digest, signature") as caught:
        room.releases(study)
    assert caught.value.where == f"{room.releases_file(study)}:2"


@pytest.mark.parametrize("version", ["1.0|x", "1.0\nx", "1/0", "1.0'; x", "-1", "1..0", "1.0.lock", "", "v 1"])
def test_a_version_that_cannot_name_a_tag_is_refused_before_anything_is_built(version: str, study: Study) -> None:
    write_json(study.params_file, {"version": version})
    with pytest.raises(GoldwireError) as caught:
        room.release(study)
    assert caught.value.message.startswith(
        f"version: Value error, {version!r} cannot name a tag; write it as 1.0.0: "
    )
    assert caught.value.where == str(study.params_file)
    assert not room.releases_file(study).exists()


def test_an_older_version_may_be_released_after_a_newer(study: Study) -> None:
    build_in(study)
    room.release(study)
    write_text(study.params_file, "version: 0.9.1-rc.1\n")
    build_in(study, "0.9.1-rc.1", skip=1)
    assert room.release(study)[1] is True
    assert [one.version for one in room.releases(study)] == ["1.0.0", "0.9.1-rc.1"]


def test_a_version_that_two_lines_give_other_data_can_be_neither(study: Study) -> None:
    made = build_in(study)
    lines = [{"version": "1.0.0", "digest": d, "signature": "s"} for d in (made.digest, "f" * 16)]
    write_jsonl(room.releases_file(study), lines)
    with pytest.raises(GoldwireError, match=r"version 1\.0\.0 was released with data ffffffffffffffff"):
        room.release(study)


def test_of_two_at_once_one_is_recorded(study: Study) -> None:
    made = build_in(study)
    code = "import sys, pathlib, goldwire.study as s, goldwire.labels.dataset.releases as r\n"
    code += "print(r.release(s.Study(pathlib.Path(sys.argv[1])))[1])"
    command = [sys.executable, "-c", code, str(study.root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sorted(one.communicate()[0] for one in both) == ["False\n", "True\n"]
    assert [one.digest for one in room.releases(study)] == [made.digest]
