"""Agreement by outlet, month, week of labelling, language, round, and by columns of a plain file."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import krippendorff
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.agreement.part import Figures
from goldwire.labels.agreement.slices import MOST, of_columns, of_study, slices_of
from goldwire.labels.answers import Answers
from goldwire.labels.ballots import of_frame, of_votes

Row = tuple[str, str, str]


def plain(rows: Iterable[Row]) -> Answers:
    return of_frame(pa.Table.from_pylist([dict(zip("uwl", row, strict=True)) for row in rows]), "u", "w", "l")


def sliced(answers: Answers, of: Mapping[str, str | None], **clusters: str) -> dict[str, Any]:
    """Slice by what a table says of each unit."""
    columns = pa.table({"u": list(of), "x": pa.array(of.values(), pa.string())})
    return slices_of(answers, of_columns(columns, "u", ["x"]), Figures(clusters, 100))


def test_figures_of_a_slice_by_hand() -> None:
    rows = [("1", "ann", "X"), ("1", "bob", "X"), ("2", "ann", "X"), ("2", "bob", "Y"), ("3", "ann", "Y")]
    rows += [("4", "ann", "X"), ("4", "bob", "X"), ("5", "eve", "X")]
    found = sliced(plain(rows), {"1": "Post", "2": "Post", "3": "Post", "4": "Star"})
    few = {"low": None, "high": None, "why": "2 clusters: an interval needs 10"}
    none = {"value": None, "low": None, "high": None, "why": "1 unit with two answers: a figure needs two"}
    # Post. Alpha: three X and one Y in pairs, one pair of two differs: 1 - 3 * 2 / (16 - 10) = 0. Kappa (Fleiss):
    # observed 1/2; shares of X are 1, 1/2, 0: chance 1/2.
    assert found == {
        "slices": {
            "x": {
                "Post": {
                    "units": 3,
                    "units_with_two": 2,
                    "votes": 5,
                    "observed": {"value": 0.5, **few},
                    "alpha": {"value": 0.0, **few},
                    "kappa": {"value": 0.0, **few},
                },
                "Star": {"units": 1, "units_with_two": 1, "votes": 2, "observed": none, "alpha": none, "kappa": none},
            }
        },
        "not_in_slices": {"x": {"not_known": 1, "values": 0, "units": 0}},
    }


ROWS = st.lists(
    st.tuples(st.integers(0, 15), st.integers(0, 3), st.sampled_from("XYZ")),
    min_size=1,
    max_size=60,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=60)
@given(ROWS, st.lists(st.sampled_from(["a", "b", None]), min_size=16, max_size=16))
def test_each_slice_has_the_figures_of_its_rows_alone(rows: list[Any], values: list[str | None]) -> None:
    named = [(f"u{unit:02}", f"w{who}", label) for unit, who, label in rows]
    found = sliced(plain(named), {f"u{i:02}": value for i, value in enumerate(values)})["slices"]["x"]
    for name, one in found.items():
        units = sorted({unit for unit, _, _ in rows if values[unit] == name})
        counts = np.zeros((len(units), 3), dtype=np.int64)
        for unit, _, label in rows:
            if values[unit] == name:
                counts[units.index(unit), "XYZ".index(label)] += 1
        assert (one["units"], one["votes"]) == (len(units), counts.sum())
        assert one["units_with_two"] == (counts.sum(axis=1) >= 2).sum()
        if one["units_with_two"] < 2:
            assert one["alpha"]["value"] is None
            continue
        size = counts.sum(axis=1)
        paired, n = counts[size >= 2], size[size >= 2]
        observed = ((paired * (paired - 1)).sum(axis=1) / (n * (n - 1))).mean()
        assert one["observed"]["value"] == pytest.approx(observed, abs=5e-7)
        if one["alpha"]["value"] is None:
            assert one["alpha"]["why"].startswith("all answers are the same")
        else:
            theirs = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
            assert one["alpha"]["value"] == pytest.approx(theirs, abs=5e-7)
        if one["kappa"]["value"] is not None:
            chance = ((counts / size[:, None]).mean(axis=0) ** 2).sum()
            assert one["kappa"]["value"] == pytest.approx((observed - chance) / (1 - chance), abs=5e-7)


def test_stories_are_drawn_for_the_intervals() -> None:
    rows = [(f"u{i:02}", who, "X" if (i + (who == "bob") * (i % 3 == 0)) % 2 else "Y")
            for i in range(30) for who in ("ann", "bob")]  # fmt: skip
    of: dict[str, str | None] = {f"u{i:02}": "all" for i in range(30)}
    alone = sliced(plain(rows), of)["slices"]["x"]["all"]["alpha"]
    together = sliced(plain(rows), of, **{f"u{i:02}": f"s{i // 4}" for i in range(30)})["slices"]["x"]["all"]["alpha"]
    assert alone["low"] < alone["value"] < alone["high"]
    assert together == {"value": alone["value"], "low": None, "high": None, "why": "8 clusters: an interval needs 10"}


def test_the_largest_values_have_figures_and_the_rest_are_counted() -> None:
    rows = [(f"u{i:03}", who, "X") for i in range(MOST + 5) for who in ("ann", "bob")]
    rows += [("u000", "eve", "X"), (f"u{MOST + 4:03}", "eve", "Y")]
    found = sliced(plain(rows), {f"u{i:03}": f"v{i:03}" for i in range(MOST + 5)})
    # two values have three answers, and of those with two the first by name are taken
    assert list(found["slices"]["x"]) == [*(f"v{i:03}" for i in range(MOST - 1)), f"v{MOST + 4:03}"]
    assert found["not_in_slices"] == {"x": {"not_known": 0, "values": 5, "units": 5}}


def test_sets_may_agree_in_part_but_not_to_kappa() -> None:
    table = pa.table({"u": ["1", "1", "2", "2"], "w": ["a", "b"] * 2, "l": [["x"], ["y", "x"], ["x"], ["x"]]})
    found = sliced(of_frame(table, "u", "w", "l"), {"1": "all", "2": "all"})["slices"]["x"]["all"]
    # MASI of {x} and {x, y}: 1 - 1/2 * 2/3 = 2/3
    assert found["observed"]["value"] == pytest.approx((1 / 3 + 1) / 2, abs=5e-7)
    # {x} 3/4 and {x, y} 1/4: chance 5/8, observed 1/2
    assert found["kappa"]["value"] == pytest.approx((1 / 2 - 5 / 8) / (3 / 8), abs=5e-7)


# the slices of a study


def vote(unit: str, who: str, label: str, given_: datetime | None, round_: str = "r1", **more: Any) -> dict[str, Any]:
    return {
        "scheme": "s",
        "unit_id": f"{unit}/document",
        "annotator": who,
        "question": "q",
        "labels": [label],
        "counts": True,
        "status": "submitted",
        "round": round_,
        "created": given_,
        **more,
    }


def values_of(votes: list[dict[str, Any]]) -> dict[str, dict[str, tuple[int, int]]]:
    """Return SLICING -> VALUE -> units and votes."""
    published = [datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC), None]
    articles = tables.build(
        "articles",
        [
            {"article_id": key, "outlet": outlet, "published_at": at, "language": language}
            for key, outlet, at, language in zip(
                "abc", ["Post", "Star", None], published, ["en", "de", "en"], strict=True
            )
        ],
    )
    units = tables.build("units", [{"unit_id": f"{key}/document", "article_id": key} for key in "abc"])
    table = tables.build("votes", votes)
    (answers,) = of_votes(table, {}, {})
    found = slices_of(answers, of_study(table, units, articles), Figures(resamples=100))
    counts = {name: {value: (one["units"], one["votes"]) for value, one in values.items()}
              for name, values in found["slices"].items()}  # fmt: skip
    unknown = {name: rest["not_known"] for name, rest in found["not_in_slices"].items() if rest["not_known"]}
    return {**counts, "not known": unknown}  # type: ignore[dict-item]


DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)  # a Monday, of week 10


def test_a_study_is_sliced_by_outlet_month_week_language_and_round() -> None:
    votes = [
        vote("a", "ann", "X", DAY),
        vote("a", "bob", "Y", DAY + timedelta(days=7), "r2"),
        vote("b", "ann", "X", DAY - timedelta(days=1)),
        vote("b", "bob", "X", None, updated=DAY - timedelta(days=2)),
        vote("c", "ann", "Y", None),
        vote("c", "bob", "Y", DAY + timedelta(days=50), counts=False),
    ]
    assert values_of(votes) == {
        "outlet": {"Post": (1, 2), "Star": (1, 2)},
        "month": {"2026-01": (1, 2), "2026-02": (1, 2)},
        "labelled": {"2026-W09": (1, 2), "2026-W11": (1, 2)},
        "language": {"de": (1, 2), "en": (2, 3)},
        "round": {"r1": (3, 4), "r2": (1, 1)},
        "not known": {"outlet": 1, "month": 1, "labelled": 1},
    }


def test_labelling_of_more_than_half_a_year_is_sliced_by_month() -> None:
    votes = [vote("a", "ann", "X", DAY), vote("b", "ann", "X", DAY + timedelta(days=26 * 7 + 1))]
    assert values_of(votes)["labelled"] == {"2026-03": (1, 1), "2026-09": (1, 1)}
    votes[1]["created"] = DAY + timedelta(days=26 * 7)
    assert values_of(votes)["labelled"] == {"2026-W10": (1, 1), "2026-W36": (1, 1)}


# columns of a plain file


def test_rows_that_disagree_about_their_unit_are_named() -> None:
    table = pa.table(
        {"u": ["1", "1", "2"], "day": ["mon", "tue", "mon"], "all": ["x", None, "x"], "n": [[1], [], []]}
    )
    with pytest.raises(GoldwireError, match=r'^the rows of unit "1" disagree on "day": "mon" and "tue"$') as error:
        of_columns(table, "u", ["all", "day"])
    assert error.value.hint == "Name a column that says the same in every row of a unit, or mend the rows."
    assert list(of_columns(table, "u", ["all"])) == ["all"]
    with pytest.raises(GoldwireError, match=r'^there is no column "week"$') as error:
        of_columns(table, "u", ["week"])
    assert error.value.hint == "The columns are: u, day, all, n"
    with pytest.raises(GoldwireError, match=r'^column "n" holds lists or structures, not text$'):
        of_columns(table, "u", ["n"])
