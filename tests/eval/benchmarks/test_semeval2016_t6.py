"""SemEval-2016 task 6 A: both collections are joined, bad lines are named, and the known figures come out."""

from collections import Counter
from pathlib import Path

import pytest

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Shared
from goldwire.eval.baselines.registry import known
from goldwire.eval.benchmarks.run import run
from goldwire.eval.benchmarks.semeval2016_t6 import BENCHMARK, TASK, read

TOPICS = {"AT": "atheism", "CC": "climate", "FM": "feminist", "HC": "hillary", "LA": "abortion"}


def write(folder: Path, train: str = "1\tDams\tBuild them @Ada #yes\tFAVOR\n") -> Path:
    """Write the files of five targets, each with this train file, one trial tweet and two test tweets; made up."""
    for code, topic in TOPICS.items():
        own, other = folder / "original_format" / code, folder / "tweeteval" / topic
        own.mkdir(parents=True)
        other.mkdir(parents=True)
        rows = train.replace("1\t", f"{code}1\t", 1)
        (own / "train.txt").write_text(rows, encoding="utf-8")
        test = (
            f"ID\tTarget\tTweet\tStance\n{code}8\tDams\tNo more dams\tAGAINST\n{code}9\tDams\tbuild THEM, yes\tNONE\n"
        )
        (own / "test.txt").write_text(test, encoding="utf-8")
        (other / "train_text.txt").write_text("Build them @user #yes\n", encoding="utf-8")
        (other / "train_labels.txt").write_text("2\n", encoding="utf-8")
        (other / "val_text.txt").write_text(f"Dams by @user in {topic}\u2028again\n", encoding="utf-8")
        (other / "val_labels.txt").write_text("0\n", encoding="utf-8")
    return folder


def test_the_trial_tweets_come_from_tweeteval_and_equal_tweets_are_one_cluster(tmp_path: Path) -> None:
    data = read(write(tmp_path))
    columns = ["unit_id", "target", "text", "label", "cluster"]
    assert data.train[columns].head(2).to_dict("split")["data"] == [
        ["AT1", "Dams", "Build them @Ada #yes", "favor", "buildthemyes"],
        ["atheism-val-001", "Dams", "Dams by @user in atheism\u2028again", "none", "damsbyinatheismagain"],
    ]
    assert len(data.train) == 10
    assert list(data.test["label"]) == ["against", "none"] * 5
    assert data.warnings == ("5 test tweets stand in train too, but for names and signs.",)
    assert data.notes == ("5 of 10 training tweets, the trial data, come from TweetEval, with names masked.",)


@pytest.mark.parametrize(
    ("train", "message"),
    [
        ("1\tDams\tBuild them\n", "train.txt:1: has 3 fields, not 4"),
        ("1\tDams\tBuild them\tMAYBE\n", 'train.txt:1: "MAYBE" is no stance'),
        ("ID\tTarget\tTweet\tStance\n", "train.txt: has no rows"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, train: str, message: str) -> None:
    with pytest.raises(GoldwireError) as error:
        read(write(tmp_path, train))
    assert str(error.value) == f"{tmp_path / 'original_format' / 'AT'}/{message}"


def test_missing_files_and_lines_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path)
    labels = folder / "tweeteval" / "climate" / "val_labels.txt"
    labels.write_text("0\n1\n", encoding="utf-8")
    with pytest.raises(GoldwireError, match=r"val_text\.txt: 1 texts and 2 labels"):
        read(folder)
    labels.write_text("7\n", encoding="utf-8")
    with pytest.raises(GoldwireError, match=r'val_labels\.txt:1: "7" is no label'):
        read(folder)
    labels.unlink()
    with pytest.raises(GoldwireError, match=r"val_labels\.txt: the file is not there"):
        read(folder)


def test_the_official_split_and_the_majority_of_each_target_are_as_published(shared_data: Path) -> None:
    folder = shared_data / "semeval2016_t6"
    data = read(folder)
    assert (len(data.train), len(data.test)) == (2914, 1249)
    assert Counter(data.train["label"]) == {"against": 1395, "favor": 753, "none": 766}
    assert Counter(data.test["label"]) == {"against": 715, "favor": 304, "none": 230}
    assert data.warnings == ("2 test tweets stand in train too, but for names and signs.",)
    assert data.notes == ("100 of 2,914 training tweets, the trial data, come from TweetEval, with names masked.",)
    result = run(BENCHMARK, folder, baselines=["majority-per-target"], resamples=50)
    (model,) = result["models"]
    assert result["n"] == 1249
    assert round(100 * model["metrics"]["semeval-favg"]["value"], 2) == 65.22
    assert [round(100 * model["per_label"][label]["f1"], 2) for label in ("favor", "against")] == [52.01, 78.44]
    assert round(100 * model["metrics"]["semeval-favg-by-target"]["value"], 2) == 40.09


def test_a_quick_model_of_ngrams_tells_held_out_training_tweets_better_than_their_majority(shared_data: Path) -> None:
    data = read(shared_data / "semeval2016_t6")
    of_target = data.train[data.train["target"] == "Hillary Clinton"]
    rows, asked = of_target.iloc[::2].reset_index(drop=True), of_target.iloc[1::2].reset_index(drop=True)
    model = known()["tfidf-nb"].make(TASK, 0)
    model.fit(rows, Shared())
    answers = model.decide(model.shares(asked, Shared()))
    right = sum(a == b for a, b in zip(answers, asked["labels"], strict=True)) / len(asked)
    assert right > Counter(asked["label"])["against"] / len(asked)
