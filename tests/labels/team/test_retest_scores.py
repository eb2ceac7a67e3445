"""How well annotators agree with themselves."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from goldwire import tables
from goldwire.labels.rounds import Round
from goldwire.labels.team.retest_scores import retest_agreement
from goldwire.scheme import Scheme, parse
from pulled import SCHEME, A, B, document


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return parse(SCHEME, "weather.yaml")


def rows(round_: str, who: str, said: list[str | None], falls: list[list[str]] | None = None) -> list[dict[str, Any]]:
    """The rows of an annotator's answers to units 0, 1, ...; None skips one."""
    return [
        {
            **{"scheme": "weather", "round": round_, "unit_id": document(unit), "annotator": who},
            **{"question": question, "labels": labels, "status": "submitted" if sky else "skipped"},
            **{"annotation_id": str(1 + unit + 100 * (round_ != "r")), "counts": round_ == "r"},
        }
        for unit, sky in enumerate(said)
        for question, labels in (("sky", [sky] if sky else []), ("falls", falls[unit] if falls else []), ("why", []))
    ]


def votes(*listed: list[dict[str, Any]]) -> pa.Table:
    return tables.build("votes", [row for found in listed for row in found])


def again(scheme: Scheme) -> Round:
    return Round(
        round="again", scheme="weather", scheme_version="1.0.0", scheme_hash=scheme.hash, retest_of="r", blind=True
    )


FEW = "4 clusters: an interval needs 10"


def figure(value: float, why: str = FEW) -> dict[str, Any]:
    return {"value": value, "low": None, "high": None, "why": why}


def test_agreement_with_oneself_is_the_one_worked_out_by_hand(scheme: Scheme) -> None:
    c, g, u = "clear", "grey", "unclear"
    found = retest_agreement(
        votes(
            rows("r", A, [c, c, g, g, u, c], [["rain"], ["rain", "hail"], [], [], [], []]),
            rows("again", A, [c, g, g, g, c, None], [["rain"], ["rain"], [], [], [], []]),
            rows("r", B, [c] * 6),  # was not asked again
        ),
        again(scheme),
        scheme,
    )
    # sky on units 0 to 3: cc, cg, gg, gg. Cohen: observed 3/4, by chance (2*1 + 2*3)/16 = 1/2. Alpha: n_c 3, n_g 5,
    # observed 2 differing of 8, expected 2*3*5/(8*7) = 15/28: 1 - (1/4)/(15/28)
    # falls on units 0 to 4: the second by MASI 1 - 1/2 * 2/3; distances {r}-{r,h} 2/3, {}-other 1; r 3, rh 1, {} 6
    # observed 2 * 2/3, expected 2 * (3*1*2/3 + 3*6 + 1*6) = 52: 1 - 9 * (4/3) / 52
    # Cohen, each set a category: observed 4/5, by chance (r 1*2 + rh 1*0 + {} 3*3)/25 = 11/25
    assert found == [
        {
            **{"annotator": A, "question": "sky", "units": 4, "unsure": 1, "same": 3},
            **{"agreement": figure(0.75), "alpha": figure(round(1 - 7 / 15, 6)), "kappa": 0.5},
        },
        {
            **{"annotator": A, "question": "falls", "units": 5, "unsure": 0, "same": 4},
            **{
                "agreement": figure(0.8, FEW.replace("4", "5")),
                "alpha": figure(round(1 - 12 / 52, 6), FEW.replace("4", "5")),
            },
            "kappa": round(9 / 14, 6),
        },
    ]


def test_all_together_pool_the_annotators_and_stories_are_drawn(scheme: Scheme) -> None:
    first, second = ["clear"] * 10 + ["grey"] * 10, ["clear"] * 8 + ["grey"] * 12
    table = votes(*(rows(name, who, said) for who in (A, B) for name, said in (("r", first), ("again", second))))
    stories = {document(unit): f"s{unit // 2}" for unit in range(20)}
    found = [
        row for row in retest_agreement(table, again(scheme), scheme, clusters=stories) if row["question"] == "sky"
    ]
    assert [(row["annotator"], row["units"], row["same"]) for row in found] == [
        (A, 20, 18),
        (B, 20, 18),
        (None, 40, 36),
    ]
    for row in found:
        assert row["kappa"] == pytest.approx(cohen_kappa_score(first, second), abs=1e-6)
        bounds = row["agreement"]
        assert 0.5 < bounds["low"] < bounds["value"] == 0.9 < bounds["high"] == 1.0
    assert found[0]["agreement"] == found[2]["agreement"]  # both say the same of the same ten stories


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["clear", "grey"]), st.sets(st.sampled_from(["rain", "hail"]))),
        min_size=1,
        max_size=12,
    )
)
def test_identical_answers_agree_fully(said: list[tuple[str, set[str]]]) -> None:
    scheme = parse(SCHEME, "weather.yaml")
    skies: list[str | None] = [sky for sky, _ in said]
    falls = [sorted(labels) for _, labels in said]
    table = votes(rows("r", A, skies, falls), rows("again", A, skies, falls))
    found = retest_agreement(table, again(scheme), scheme, resamples=100)
    assert [(row["question"], row["units"], row["same"]) for row in found] == [
        ("sky", len(said), len(said)),
        ("falls", len(said), len(said)),
    ]
    for row, answers in zip(found, (set(skies), {tuple(labels) for labels in falls}), strict=True):
        assert row["agreement"]["value"] == 1
        assert row["alpha"]["value"] == (1 if len(answers) > 1 else None)


def test_the_latest_answer_of_each_round_is_compared(scheme: Scheme) -> None:
    table = votes(
        rows("r", A, ["grey"]),
        [row | {"annotation_id": "50"} for row in rows("r", A, ["clear"])],
        rows("again", A, ["clear"]),
        [row | {"annotation_id": "9"} for row in rows("again", A, ["grey"])],
        rows("third", A, ["grey"]),
    )
    assert [row["same"] for row in retest_agreement(table, again(scheme), scheme)] == [1, 1]


def test_nothing_answered_twice_is_nothing_to_compare(scheme: Scheme) -> None:
    assert retest_agreement(votes(rows("r", A, ["grey"])), again(scheme), scheme) == []
    unsure = retest_agreement(votes(rows("r", A, ["grey"]), rows("again", A, ["unclear"])), again(scheme), scheme)
    nothing = figure(0, "no unit was answered both times") | {"value": None}
    assert (unsure[0]["units"], unsure[0]["unsure"]) == (0, 1)
    assert (unsure[0]["agreement"], unsure[0]["alpha"]) == (nothing, nothing)
