"""The learning curve: its parts, its law, what it forecasts and when it says nothing."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from goldwire.cli import evaluate_curve
from goldwire.errors import GoldwireError, UsageError
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.baselines.registry import known
from goldwire.eval.curve import curve, forecast
from goldwire.eval.curve import points as curve_points
from goldwire.eval.curve.fit import EXPONENTIAL, LOGARITHMIC, fit, mixture
from goldwire.eval.curve.learner import learner
from goldwire.eval.curve.points import Learnt
from goldwire.eval.measure import Bootstrap
from goldwire.eval.task import Task
from goldwire.study import Params, Study
from growing import FLAT, KNOWN, TASK, TRAINING, accuracy, drawn, inputs_of

MakeStudy = Callable[..., Study]
SIZES = np.array([10.0, 20.0, 40.0, 80.0, 160.0])
FAST = Bootstrap(200, 0.95, 0)


def test_a_law_without_noise_is_found_and_goes_on() -> None:
    values = 0.9 - 1.5 * SIZES**-0.5
    laws = fit(SIZES, values[None, :], np.ones(5))
    assert laws.ceiling[0] == pytest.approx(0.9, abs=0.005)
    assert laws.at(320)[0] == pytest.approx(0.9 - 1.5 * 320**-0.5, abs=0.001)
    assert laws.reference == 160


def test_the_law_agrees_with_scipys_least_squares() -> None:
    from scipy.optimize import curve_fit

    values = 0.85 - 1.2 * SIZES**-0.6 + np.array([0.01, -0.01, 0.005, -0.003, 0.002])
    (ceiling, scale, exponent), _ = curve_fit(lambda n, c, s, e: c - s * n**-e, SIZES, values, [0.9, 1, 0.5])
    laws = fit(SIZES, values[None, :], np.ones(5))
    assert laws.at(320)[0] == pytest.approx(ceiling - scale * 320**-exponent, abs=0.001)


def test_a_curve_that_falls_becomes_a_flat_law_and_no_ceiling_is_above_one() -> None:
    laws = fit(SIZES, np.array([[0.7, 0.6, 0.6, 0.5, 0.5], [0.1, 0.3, 0.5, 0.7, 0.9]]), np.ones(5))
    assert laws.scale[0] == 0
    assert laws.at(1000)[0] == pytest.approx(0.58)
    assert laws.ceiling[1] == 1
    assert laws.at(1e9)[1] <= 1


def test_curves_that_level_off_and_that_do_not_have_laws_of_their_own() -> None:
    level = fit(SIZES, (0.8 - 0.4 * np.exp(-SIZES / 40))[None, :], np.ones(5), EXPONENTIAL)
    assert level.at(1000)[0] == pytest.approx(0.8, abs=0.002)
    assert level.exponent[0] == pytest.approx(160 / 40, rel=0.03)
    rising = fit(SIZES, (0.2 + 0.1 * np.log(SIZES))[None, :], np.ones(5), LOGARITHMIC)
    assert rising.at(320)[0] == pytest.approx(0.2 + 0.1 * np.log(320))
    assert rising.at(1e9)[0] == 1


def test_draws_keep_their_places_whichever_law_is_fitted_to_them() -> None:
    values = np.repeat(np.linspace(0.5, 0.9, 18), 5).reshape(18, 5)
    laws = mixture(SIZES, np.full(5, 0.7), values, np.ones(5))
    assert laws is not None
    assert len(laws.parts) == 8  # of three kinds, from three points on; of two points there is none
    assert laws.at(160) == pytest.approx(np.linspace(0.5, 0.9, 18))


def test_laws_that_do_not_fit_what_was_seen_forecast_nothing() -> None:
    seen = 0.8 - 0.4 * np.exp(-SIZES / 30)
    laws = mixture(SIZES, seen, np.tile(seen, (9, 1)), np.full(5, 1 / 0.002**2))
    assert laws is not None
    assert "logarithmic" not in {part.kind for _, part in laws.parts}
    assert mixture(SIZES, np.array([0.1, 0.9, 0.1, 0.9, 0.1]), np.tile(seen, (9, 1)), np.full(5, 1e8)) is None


TRUTHS: dict[str, Callable[[Any], Any]] = {
    "levels off at once": lambda n: 0.78 - 0.4 * np.exp(-n / 100),
    "levels off": lambda n: 0.78 - 0.35 * np.exp(-n / 200),
    "levels off late": lambda n: 0.80 - 0.45 * np.exp(-n / 400),
    "steep law": lambda n: 0.78 - 6 / n,
    "law": lambda n: 0.88 - 1.1 * n**-0.5,
    "flat law": lambda n: 1 - 1.25 * n**-0.25,
    "sigmoid": lambda n: 0.35 + 0.43 / (1 + (n / 120) ** -1.6),
    "logarithm": lambda n: 0.30 + 0.07 * np.log(n),
}


def _learnt(truth: Callable[[Any], Any], seed: int, total: int, judges: int = 250) -> Learnt:
    """Learn six times from growing parts of stories of two, each of which adds a little; judge on other stories."""
    from scipy.stats import norm

    generator = np.random.default_rng(seed)
    adds = generator.normal(size=total // 2) * TRAINING
    judged = np.repeat(generator.normal(size=judges), 2)
    easy = norm.cdf(np.sqrt(0.5) * (judged + generator.normal(size=2 * judges)))
    stories = np.unique(np.round(np.geomspace(total / 20, total // 2, 6)).astype(int))
    statistics: list[list[Any]] = [[] for _ in stories]
    for _ in range(6):
        order = generator.permutation(total // 2)
        for at, many in enumerate(stories):
            right = easy < truth(2.0 * many) + adds[order[:many]].mean()
            statistics[at].append(np.column_stack([right.reshape(-1, 2).sum(axis=1), np.full(judges, 2.0)]))
    function = lambda sums: sums[:, 0] / sums[:, 1]  # noqa: E731
    return Learnt(2.0 * stories, statistics, function, 1, total, "the validation split", 2 * judges, 1.0)


def test_the_gain_is_held_whether_the_curve_levels_off_or_goes_on_rising() -> None:
    """With the power law alone it was held in .61 of such runs, and in none of some truths."""
    held: dict[str, list[bool]] = {}
    for name, truth in TRUTHS.items():
        for seed in range(26):
            total = 600 if seed % 2 else 300
            value = forecast(_learnt(truth, seed, total), "m", "accuracy", bootstrap=Bootstrap(200, 0.95, seed))
            if gain := value["gain"]:
                true = truth(total + 500) - truth(total)
                held.setdefault(name, []).append(gain["low"] <= true <= gain["high"])
                assert gain["low"] < gain["value"] < gain["high"]
    assert min(len(hits) for hits in held.values()) > 20
    assert np.mean([hit for hits in held.values() for hit in hits]) >= 0.9
    assert min(np.mean(hits) for hits in held.values()) >= 0.7


def test_parts_are_nested_whole_stories_with_the_labels_in_proportion() -> None:
    rows = drawn(3, 200, 3)
    parts = list(curve_points._parts(rows, np.arange(600), np.random.default_rng(0)))
    overall = (rows["label"] == "b").mean()
    for smaller, larger in pairwise(parts):
        assert set(smaller) < set(larger)
    for part in parts:
        stories = rows["cluster"].iloc[part]
        assert (stories.value_counts() == 3).all()
    for part in parts[2:]:
        assert (rows["label"].iloc[part] == "b").mean() == pytest.approx(overall, abs=0.06)
    assert sorted(parts[-1]) == list(range(600))


@pytest.mark.parametrize(("judges", "on"), [(0, "folds of the train split"), (200, "the validation split")])
def test_few_trainings_are_made_and_the_test_split_is_not_looked_at(judges: int, on: str) -> None:
    train, validation, test = drawn(1, 60), drawn(2, judges, split="validation"), drawn(3, 30, split="test")
    value = curve(inputs_of(train, validation, test), KNOWN, metric="accuracy", bootstrap=FAST)
    other = test.assign(labels=pd.Series([("a",)] * len(test), dtype=object), label="a")
    assert value == curve(inputs_of(train, validation, other), KNOWN, metric="accuracy", bootstrap=FAST)
    assert value["on"] == on
    assert 9 < value["effort"] < 13
    assert value["judged"] == (2 * judges or 120)


def test_the_intervals_hold_a_known_curve_at_about_their_level() -> None:
    held: dict[str, list[bool]] = {"points": [], "forecast": [], "gain": []}
    for seed in range(14):
        inputs = inputs_of(drawn(100 + seed, 250), drawn(500 + seed, 250, split="validation"))
        value = curve(inputs, KNOWN, metric="accuracy", more=500, bootstrap=Bootstrap(200, 0.95, seed))
        for name in ("points", "forecast"):
            held[name] += [one["low"] <= accuracy(one["n"]) <= one["high"] for one in value[name]]
        if gain := value["gain"]:
            held["gain"].append(gain["low"] <= accuracy(1000) - accuracy(500) <= gain["high"])
    assert len(held["gain"]) >= 12
    for name, hits in held.items():
        assert np.mean(hits) >= 0.85, name


def test_a_gain_is_what_the_forecasts_differ_by() -> None:
    inputs = inputs_of(drawn(1, 400), drawn(2, 300, split="validation"))
    value = curve(inputs, KNOWN, metric="accuracy", more=400, bootstrap=FAST)
    assert [one["n"] for one in value["forecast"]] == [1000, 1200, 1600]
    assert value["why"] is None
    assert value["now"]["n"] == 800
    low, middle, high = (value["forecast"][1][name] - value["now"][name] for name in ("low", "value", "high"))
    assert value["gain"]["value"] == pytest.approx(middle, abs=0.01)
    assert value["gain"]["low"] < value["gain"]["value"] < value["gain"]["high"]
    assert max(low, high) < 0.1
    assert value["gain"]["labels"] == 400


def test_a_curve_that_does_not_rise_forecasts_nothing() -> None:
    inputs = inputs_of(drawn(1, 100), drawn(2, 250, split="validation"))
    value = curve(inputs, FLAT, metric="accuracy", bootstrap=FAST)
    assert "does not rise" in value["why"]
    assert (value["fit"], value["forecast"], value["gain"]) == (None, [], None)
    assert len(value["points"]) == 6


def test_a_gain_too_far_away_is_not_told_and_the_forecast_stays() -> None:
    inputs = inputs_of(drawn(1, 400), drawn(2, 300, split="validation"))
    value = curve(inputs, KNOWN, metric="accuracy", more=5000, bootstrap=FAST)
    assert value["gain"] is None
    assert value["why"].startswith("5000 more labels are too far")
    assert len(value["forecast"]) == 3


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (drawn(1, 30, split="test"), "no unit of the train split has a gold label"),
        (drawn(1, 20), "the train split has 40 labelled units in 20 stories: a curve needs 60 in 40"),
        (
            drawn(1, 50).assign(labels=pd.Series([("a",)] * 100, dtype=object)),
            "all labelled units of the train split have one answer: a",
        ),
    ],
)
def test_too_little_to_learn_from_is_said(rows: pd.DataFrame, why: str) -> None:
    value = curve(inputs_of(rows), KNOWN, bootstrap=FAST)
    assert value["why"] == why
    assert (value["points"], value["forecast"], value["fit"]) == ([], [], None)


def test_a_label_with_one_unit_does_not_stop_the_curve() -> None:
    rows = drawn(1, 60)
    rows.loc[1:, "label"] = "a"
    rows["labels"] = pd.Series([("b",)] + [("a",)] * 119, dtype=object)
    value = curve(inputs_of(rows), KNOWN, bootstrap=FAST)
    assert value["why"] == "smaller parts of the train split have one answer only"


def test_unknown_models_and_metrics_name_what_there_is() -> None:
    params = Params.model_validate({"eval": {"baselines": ["majority", "tfidf-logreg"]}})
    assert learner(None, params).name == "tfidf-logreg"
    with pytest.raises(GoldwireError, match='there is no baseline "bert"') as caught:
        learner("bert", params)
    assert "tfidf-logreg" in (caught.value.hint or "")
    with pytest.raises(GoldwireError, match="no baseline there reads the text"):
        learner(None, Params.model_validate({"eval": {"baselines": ["majority"]}}))
    inputs = inputs_of(drawn(1, 60))
    with pytest.raises(GoldwireError, match="bleu"):
        curve(inputs, KNOWN, metric="bleu", bootstrap=FAST)
    with pytest.raises(GoldwireError, match='there is no label "c"'):
        curve(inputs, KNOWN, metric="f1:c", bootstrap=FAST)


def test_a_baseline_for_other_questions_is_a_reason_and_one_that_cannot_be_made_an_error() -> None:
    inputs = inputs_of(drawn(1, 60))
    trees = Baseline("trees", "", KNOWN.make, types=("tree",))
    assert "does not answer questions like this one" in curve(inputs, trees, bootstrap=FAST)["why"]

    def lacks(task: Task, seed: int) -> Any:
        raise GoldwireError("needs the extra embeddings", hint="pip install goldwire[embeddings]")

    with pytest.raises(GoldwireError, match="needs the extra"):
        curve(inputs, Baseline("extra", "", lacks, extra="embeddings"), bootstrap=FAST)


def test_a_label_has_a_curve_of_its_own() -> None:
    inputs = inputs_of(drawn(1, 80), drawn(2, 200, split="validation"))
    learnt = curve_points.learn(TASK, inputs.labelled("train"), inputs.labelled("validation"), KNOWN, "f1:b", seed=0)
    assert np.all(np.diff(learnt.sizes) > 0)
    assert learnt.total == 160


def test_the_command_writes_the_file_and_says_why_there_is_no_forecast(
    make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = make_study()
    monkeypatch.chdir(study.root)
    app = typer.Typer()
    evaluate_curve.register(app)
    result = CliRunner().invoke(app, ["--json"])
    assert result.exit_code == 0, result.output
    value = json.loads(result.stdout)
    assert value == json.loads(Path(study.eval / "curve.json").read_text())
    assert "a curve needs 60 in 40" in value["events-small.main_event"]["why"]
    assert set(value) == {"events-small.main_event", "events-small.topics", "stance-small.stance"}
    assert known()["tfidf-logreg"].name == value["stance-small.stance"]["model"]
    shown = CliRunner().invoke(app, [])
    assert "stance-small.stance: macro-f1 of tfidf-logreg\nNo forecast, because the train split has" in shown.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [(["--model", "bert"], 'there is no baseline "bert"'), (["--metric", "nope"], 'there is no metric "nope"')],
)
def test_a_wrong_name_is_usage(
    make_study: MakeStudy, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(make_study().root)
    app = typer.Typer()
    evaluate_curve.register(app)
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == message
