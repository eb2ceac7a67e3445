"""Features and the linear models over them: made once, learnt from their rows alone, the same again."""

import pickle
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from goldwire.eval.baselines import folds as folding
from goldwire.eval.baselines.base import Model, Shared
from goldwire.eval.baselines.folds import folds, macro_f1, sampled
from goldwire.eval.baselines.linear import Linear
from goldwire.eval.baselines.per_target import COMMON, FEWEST, PerTarget
from goldwire.eval.baselines.registry import known
from goldwire.eval.baselines.tempered import softmax
from goldwire.eval.baselines.tfidf import Bag, Tfidf
from goldwire.eval.baselines.tfidf_logreg import LogReg
from goldwire.eval.baselines.tfidf_nb import ComplementBayes
from goldwire.eval.baselines.tfidf_svm import Svm
from goldwire.eval.task import Task

LABELS = ("favor", "against", "none")
TASK = Task(LABELS)
WORDS = {"favor": "welcomed praised", "against": "condemned rejected", "none": "said noted"}
KINDS: list[Callable[..., Linear]] = [LogReg, Svm, ComplementBayes]


def rows_of(n: int, *, noise: float = 0.2, seed: int = 0, targets: Sequence[str] = ("dam", "tax")) -> pd.DataFrame:
    """Made-up sentences, two a story, whose words tell the label except in a share of them."""
    generator = np.random.default_rng(seed)
    labels = [str(label) for label in generator.choice(LABELS, n)]
    shown = [str(generator.choice(LABELS)) if generator.random() < noise else label for label in labels]
    return pd.DataFrame(
        {
            "unit_id": [f"u{seed}-{i:03d}" for i in range(n)],
            "text": [f"Town {generator.integers(50)} {generator.choice(WORDS[label].split())} it" for label in shown],
            "target": [str(target) for target in generator.choice(targets, n)],
            "holder": [""] * n,
            "cluster": [f"s{i // 2}" for i in range(n)],
            "label": labels,
            "labels": pd.Series([(label,) for label in labels], dtype=object),
        }
    )


def asked(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.drop(columns=["label", "labels"])


def test_a_word_of_other_rows_is_in_no_vocabulary() -> None:
    rows = rows_of(120)
    held_out = rows_of(4, seed=1).assign(text="Zyxwv qqzz", target="Zyxwv")
    shared = Shared()
    features = Tfidf(("target", "text"))
    before = features.fit(rows, shared, len(rows)).vocabulary
    both = pd.concat([rows, held_out], ignore_index=True)
    model = known()["tfidf-logreg"].make(TASK, 0)
    model.fit(rows, shared)
    model.shares(asked(both), shared)
    features.fit(both, shared, len(both))
    after = features.fit(rows, shared, len(rows)).vocabulary
    assert before == after == {ngram for ngram in after if "zy" not in ngram and "qz" not in ngram}
    assert {"praised", "pra"} <= after


def test_in_folds_every_vocabulary_is_that_of_the_rows_that_are_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = rows_of(120)
    # one word of its own a story: held-out rows can have none of those that were learnt
    rows["text"] = [f"own{cluster}x {text}" for cluster, text in zip(rows["cluster"], rows["text"], strict=True)]
    seen: list[tuple[int, set[str]]] = []
    fit = Tfidf.fit

    def watched(self: Tfidf, some: pd.DataFrame, shared: Shared, size: int) -> object:
        fitted = fit(self, some, shared, size)
        stories = {word[3:-1] for word in fitted.vocabulary if word.startswith("owns") and word.endswith("x")}
        assert stories <= set(some["cluster"])
        seen.append((len(some), stories))
        return fitted

    monkeypatch.setattr(Tfidf, "fit", watched)
    LogReg(TASK, 0, Tfidf(("text",))).fit(rows, Shared())
    assert [n for n, _ in seen] == [80, 80, 80, 120]
    assert [len(stories) for _, stories in seen] == [40, 40, 40, 60]


def test_bags_are_made_once_for_all_models_that_see_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    learn = Bag.learn

    def counted(self: Bag, texts: Sequence[str], shared: Shared) -> tuple[object, object]:
        made.append(self.analyzer)
        return learn(self, texts, shared)

    monkeypatch.setattr(Bag, "learn", counted)
    rows, shared = rows_of(60), Shared()
    for name in ("tfidf-logreg", "tfidf-logreg-text-only", "tfidf-svm", "tfidf-nb", "tfidf-per-target"):
        known()[name].make(TASK, 0).fit(rows, shared)
    assert made == ["char_wb", "word", "char_wb"]  # the target, and the text twice


@pytest.mark.parametrize(
    ("kind", "peer"),
    [
        (LogReg, LogisticRegression(C=10, class_weight="balanced", tol=1e-8, max_iter=5000)),
        (Svm, LinearSVC(C=1, class_weight="balanced", max_iter=20_000, random_state=0)),
        (ComplementBayes, ComplementNB(alpha=0.1)),
    ],
)
def test_without_folds_the_answers_are_those_of_scikit_learn(kind: Callable[..., Linear], peer: object) -> None:
    rows, unseen = rows_of(90), rows_of(40, seed=1)
    model = kind(TASK, 0, Tfidf(("text",)))
    model.fit(rows, Shared())
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b")
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    train = np.hstack([v.fit_transform(rows["text"]).toarray() for v in (words, characters)])
    test = np.hstack([v.transform(unseen["text"]).toarray() for v in (words, characters)])
    shares = model.shares(asked(unseen), Shared())
    assert [label for (label,) in model.decide(shares)] == list(peer.fit(train, rows["label"]).predict(test))  # type: ignore[attr-defined]
    np.testing.assert_allclose(shares.sum(1), 1)
    assert (shares >= 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_two_labels_are_told_apart_and_one_that_is_not_in_training_gets_nothing(kind: Callable[..., Linear]) -> None:
    rows = rows_of(150, noise=0)
    rows = rows[rows["label"] != "none"].reset_index(drop=True)
    model = kind(TASK, 0, Tfidf(("text",)))
    model.fit(rows, Shared())
    shares = model.shares(asked(rows), Shared())
    assert [label for (label,) in model.decide(shares)] == list(rows["label"])
    assert (shares[:, 2] == 0).all()


@pytest.mark.parametrize("kind", [Svm, ComplementBayes])
def test_the_temperature_makes_held_out_shares_likely_and_leaves_the_answers(kind: Callable[..., Linear]) -> None:
    rows, unseen = rows_of(300, noise=0.4), rows_of(300, noise=0.4, seed=1)
    model = kind(TASK, 0, Tfidf(("text",)))
    model.fit(rows, Shared())
    tempered = model.shares(asked(unseen), Shared())
    raw = softmax(np.log(tempered) * model.parameters["temperature"])
    at = TASK.codes(list(unseen["labels"]))

    def log_loss(shares: np.ndarray) -> float:
        return float(-np.log(shares[np.arange(len(at)), at]).mean())

    assert log_loss(tempered) < log_loss(raw) - 0.005
    assert TASK.decide(tempered) == TASK.decide(raw)


@pytest.mark.parametrize("name", ["tfidf-logreg", "tfidf-svm", "tfidf-nb", "tfidf-per-target", "stratified"])
def test_the_same_rows_make_the_same_model_and_a_pickled_one_answers_the_same(name: str) -> None:
    rows, unseen = rows_of(150), asked(rows_of(30, seed=1))

    def trained() -> Model:
        model = known()[name].make(TASK, 0)
        model.fit(rows, Shared())
        return model

    first, second = trained(), trained()
    assert pickle.dumps(first) == pickle.dumps(second)
    expected = first.shares(unseen, Shared())
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(second)).shares(unseen, Shared()), expected)
    backwards = unseen.iloc[::-1].reset_index(drop=True)
    np.testing.assert_allclose(first.shares(backwards, Shared())[::-1], expected, atol=1e-12)


def test_stratified_draws_answers_at_their_share() -> None:
    task = Task(("a", "b", "none"), type="multiple", negative="none")
    rows = pd.DataFrame({"unit_id": [f"u{i}" for i in range(4)]})
    rows["labels"] = pd.Series([("a",), ("a", "b"), ("a", "b"), ("none",)], dtype=object)
    model = known()["stratified"].make(task, 0)
    model.fit(rows, Shared())
    many = pd.DataFrame({"unit_id": [f"v{i}" for i in range(4000)]})
    drawn = model.decide(model.shares(many, Shared()))
    shares = {answer: drawn.count(answer) / 4000 for answer in sorted(set(drawn))}
    assert set(shares) == {("a",), ("a", "b"), ("none",)}
    np.testing.assert_allclose(list(shares.values()), [0.25, 0.5, 0.25], atol=0.03)
    other = known()["stratified"].make(task, 1)
    other.fit(rows, Shared())
    assert other.decide(other.shares(many, Shared())) != drawn


def test_folds_keep_stories_whole_and_give_each_its_part_of_every_target() -> None:
    rows = rows_of(240, targets=("dam", "tax", "rare"))
    divided = folds(rows, 0)
    assert sorted(np.concatenate([held for _, held in divided])) == list(range(240))
    for learnt, held in divided:
        assert not set(rows["cluster"].iloc[learnt]) & set(rows["cluster"].iloc[held])
        for (_, _), group in rows.groupby(["target", "label"]):
            assert abs(np.isin(group.index, held).mean() - 1 / 3) < 0.2
    assert folds(rows.iloc[:99], 0) == []
    assert folds(rows.assign(cluster="s"), 0) == []


def test_of_many_rows_whole_stories_are_drawn_whatever_the_order_of_the_rows() -> None:
    rows = rows_of(240)
    rows["cluster"] = [f"s{at // 7}" for at in range(240)]
    assert sampled(rows, 0, most=240) is rows
    drawn = sampled(rows, 0, most=100)
    assert 94 <= len(drawn) <= 100
    sizes = rows["cluster"].value_counts()
    assert all(count == sizes[name] for name, count in drawn["cluster"].value_counts().items())
    assert list(drawn["unit_id"]) == [unit for unit in rows["unit_id"] if unit in set(drawn["unit_id"])]
    assert set(sampled(rows.iloc[::-1], 0, most=100)["unit_id"]) == set(drawn["unit_id"])
    assert set(sampled(rows, 1, most=100)["unit_id"]) != set(drawn["unit_id"])
    large = rows.assign(cluster=["large" if at < 150 else f"s{at}" for at in range(240)])
    assert set(sampled(large, 0, most=100)["unit_id"]) == set(rows["unit_id"][150:])


@pytest.mark.parametrize("name", ["tfidf-svm", "tfidf-nb", "tfidf-logreg"])
def test_with_more_rows_than_are_tuned_on_there_still_are_a_choice_and_a_temperature(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = rows_of(300, noise=0.4)
    monkeypatch.setattr(folding, "MOST", 240)
    model, part = (known()[name].make(TASK, 0) for _ in range(2))
    model.fit(rows, Shared())
    tuned_on = sampled(rows, 0)
    assert 200 <= len(tuned_on) <= 240
    assert model.parameters["tuned_on"] == len(tuned_on)
    part.fit(tuned_on, Shared())
    assert "tuned_on" not in part.parameters
    tried = next(key for key in part.parameters if key.startswith("macro_f1_by_"))
    assert model.parameters[tried] == part.parameters[tried]  # the same choice as of these rows alone
    assert model.parameters.get("temperature") == part.parameters.get("temperature")


def test_macro_f1_is_that_of_scikit_learn_over_labels_with_support() -> None:
    actual, predicted = ["a", "a", "b", "b"], ["a", "c", "b", "a"]
    assert macro_f1(actual, predicted) == f1_score(actual, predicted, labels=["a", "b"], average="macro")


def test_a_target_with_enough_rows_has_weights_of_its_own() -> None:
    words = {"dam": {"plus": "favor", "minus": "against"}, "tax": {"plus": "against", "minus": "favor"}}
    rows = rows_of(80)
    generator = np.random.default_rng(3)
    given = [str(word) for word in generator.choice(["plus", "minus"], 80)]
    labels = [words[target][word] for target, word in zip(rows["target"], given, strict=True)]
    rows = rows.assign(text=given, label=labels, labels=pd.Series([(label,) for label in labels], dtype=object))
    own, common = (known()[name].make(TASK, 0) for name in ("tfidf-per-target", "tfidf-logreg"))
    found = {}
    for name, model in (("own", own), ("common", common)):
        model.fit(rows, Shared())
        answers = model.decide(model.shares(asked(rows), Shared()))
        found[name] = float(np.mean([a == b for a, b in zip(answers, rows["labels"], strict=True)]))
    assert found["own"] == 1
    assert found["common"] < 0.8  # what a word says cannot be turned round by the target's name


def test_a_target_with_few_rows_or_unseen_has_the_common_weights_alone() -> None:
    rows = rows_of(60, targets=("dam",))
    rows.loc[: FEWEST - 2, "target"] = "small"
    features, shared = Tfidf(("text",)), Shared()
    plain = features.fit(rows, shared, 60)
    fitted = PerTarget(features).fit(rows, shared, 60)
    some = asked(rows_of(6, seed=1)).assign(target=["dam", "small", "new"] * 2)
    bags, matrix = plain.matrix(some, shared).toarray(), fitted.matrix(some, shared).toarray()
    width = bags.shape[1]
    np.testing.assert_allclose(matrix[:, :width], bags * COMMON)
    is_dam = (some["target"] == "dam").to_numpy()
    assert (matrix[~is_dam, width:] == 0).all()
    assert (matrix[:, -1] == is_dam).all()
    of_dam = plain.matrix(rows[rows["target"] == "dam"].reset_index(drop=True), shared).toarray().any(axis=0)
    np.testing.assert_allclose(matrix[is_dam, width:-1], bags[is_dam][:, of_dam])
