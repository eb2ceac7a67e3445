"""FNC-1: its files are read as they are, and its constants come out exact."""

import csv
from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.benchmarks.base import Data
from goldwire.eval.benchmarks.fnc1 import BENCHMARK, best, read, related_or_not
from goldwire.eval.benchmarks.run import run
from goldwire.eval.measure import value


def written(folder: Path, **changed: str) -> Path:
    """Write the four files of a challenge of two stories, written for the test."""
    story = "Cows swam, a sailor said.\nAll are well."
    bodies = f'Body ID,articleBody\n0,The ferry of Lunde sank on Monday.\n7,"{story}"\n'
    stances = "Headline,Body ID,Stance\nFerry sinks,0,agree\nCows swim,7,discuss\nCows swim,0,unrelated\n"
    texts = {
        "train_bodies": bodies,
        "train_stances": stances,
        "competition_test_bodies": bodies.replace("Monday", "Friday"),
        "competition_test_stances": stances + "Cows swim,0,unrelated\n",
    }
    for name, text in (texts | changed).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_files_are_read_with_what_train_and_test_share(tmp_path: Path) -> None:
    data = read(written(tmp_path))
    assert data.train[["unit_id", "article_id", "text", "target", "label"]].to_numpy().tolist() == [
        ["train-00000", "train-body-0", "The ferry of Lunde sank on Monday.", "Ferry sinks", "agree"],
        ["train-00001", "train-body-7", "Cows swam, a sailor said.\nAll are well.", "Cows swim", "discuss"],
        ["train-00002", "train-body-0", "The ferry of Lunde sank on Monday.", "Cows swim", "unrelated"],
    ]
    assert data.test["label"].tolist() == ["agree", "discuss", "unrelated", "unrelated"]
    assert data.test["cluster"].nunique() == 2
    assert data.warnings == (
        "Train and test share 1 bodies and 2 headlines; 4 test rows have one.",
        "1 more test bodies are near-duplicates of train bodies (half of the shorter one's runs of five words are in "
        "the other); 3 test rows have one.",
        "The test file repeats 1 pairs of headline and body; all rows count.",
    )
    assert data.notes == ("The best that can be reached on these test rows is 2.50 points; fnc is relative to it.",)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"train_stances": "Headline,Body ID,Stance\nA,5,agree\n"}, 'there is no body "5" in train_bodies.csv'),
        ({"train_stances": "Headline,Body ID,Stance\nA,0,maybe\n"}, '"maybe" is no stance'),
        ({"train_stances": "Headline,Body ID\nA,0\n"}, 'there is no column "Stance"'),
        ({"train_stances": "Headline,Body ID,Stance\nA,0\n"}, "a field is missing"),
        ({"train_stances": "Headline,Body ID,Stance\n"}, "has no rows"),
        ({"train_bodies": "Body ID,articleBody\n0,a\n0,b\n"}, 'the body "0" comes twice'),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_an_error(
    tmp_path: Path, changed: dict[str, str], message: str
) -> None:
    with pytest.raises(GoldwireError) as caught:
        read(written(tmp_path, **changed))
    assert caught.value.message == message
    assert str(tmp_path) in (caught.value.where or "")


def test_a_missing_file_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        read(tmp_path)
    assert caught.value.message == "the file is not there"
    assert "github.com/FakeNewsChallenge/fnc-1" in (caught.value.hint or "")


def test_a_row_is_related_or_not() -> None:
    assert [related_or_not((name,)) for name in ("agree", "disagree", "discuss", "unrelated")] == [
        *[("related",)] * 3,
        ("unrelated",),
    ]


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Data:
    return read(shared_data / "fnc1")


def test_the_official_files_have_the_published_sizes(real: Data, shared_data: Path) -> None:
    assert (len(real.train), len(real.test)) == (49_972, 25_413)
    assert real.test["label"].value_counts().to_dict() == {
        "unrelated": 18_349,
        "discuss": 4_464,
        "agree": 1_903,
        "disagree": 697,
    }
    assert real.warnings[0].startswith("Train and test share 10 bodies and 10 headlines")
    assert real.warnings[-1] == "The test file repeats 242 pairs of headline and body; all rows count."
    with (shared_data / "fnc1" / "competition_test_stances.csv").open(encoding="utf-8", newline="") as stream:
        assert real.test["target"].tolist() == [row["Headline"] for row in csv.DictReader(stream)]


def test_the_constants_of_the_challenge_are_exact(real: Data) -> None:
    actual = list(real.test["labels"])
    assert best(actual) == 11_651.25
    unrelated = value(real.task, actual, [("unrelated",)] * len(actual), "fnc")
    assert unrelated == 18_349 * 0.25 / 11_651.25
    assert round(100 * unrelated, 2) == 39.37
    trap = [answer if answer == ("unrelated",) else ("discuss",) for answer in actual]
    assert round(value(real.task, actual, trap, "fnc"), 4) == 0.8326
    assert round(value(real.task, actual, trap), 3) == 0.444


def test_the_majority_is_all_unrelated(shared_data: Path) -> None:
    found = run(BENCHMARK, shared_data / "fnc1", baselines=["majority"], resamples=50)
    (model,) = found["models"]
    assert found["n"] == 25_413
    assert model["metrics"]["fnc"]["value"] == 0.393713
    assert model["views"]["related"]["metrics"]["accuracy"]["value"] == round(18_349 / 25_413, 6)
    assert list(found) == ["benchmark", "n", "models", "published", "warnings", "notes", "signature"]
