import krippendorff
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.clusters import clusters_of, stories_of
from goldwire.scheme import Scheme

TOO_FEW = "2 clusters: an interval needs 10"


def label(name, role="answer"):
    return {"name": name, "definition": "as it says", "role": role}


SCHEME = Scheme.model_validate(
    {
        "name": "little",
        "version": "1.0.0",
        "title": "Little",
        "description": "For tests.",
        "unit": "document",
        "questions": [
            {"name": "stance", "text": "?", "labels": [label("for"), label("against"), label("unsure", "unsure")]},
            {
                "name": "topics",
                "text": "?",
                "type": "multiple",
                "required": False,
                "labels": [label("a"), label("b")],
            },
            {"name": "size", "text": "?", "type": "ordinal", "labels": [label("small"), label("mid"), label("big")]},
            {"name": "why", "text": "?", "type": "text"},
        ],
    }
)


def votes(*rows, **more):
    """Rows are (unit, annotator, question, labels)."""
    return tables.build(
        "votes",
        [
            {
                "scheme": "little",
                "unit_id": unit,
                "annotator": annotator,
                "question": question,
                "labels": labels,
                "counts": True,
                "status": "submitted",
                **more,
            }
            for unit, annotator, question, labels in rows
        ],
    )


def plain(*rows, names=("task", "worker", "label")):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def test_everything_about_a_small_table_by_hand():
    rows = [("1", "ann", "X"), ("1", "bob", "X"), ("2", "ann", "X"), ("2", "bob", "Y"), ("3", "ann", "Y")]
    # Alpha: three X and one Y in pairs, one pair of two differs: 1 - 3 * 2 / (16 - 10) = 0.
    # Kappa (Cohen): observed 1/2, chance 1 * 1/2 + 0 * 1/2. AC1: shares of X 1, 1/2, 0: chance 2 * 1/4.
    # Positive agreement: X of one pair and of half of another, 2 * 1 / (2 * 1 + 1); Y of none.
    undecided = {"value": 0.0, "low": None, "high": None, "why": TOO_FEW}
    half, two_thirds = undecided | {"value": 0.5}, undecided | {"value": 0.666667}
    assert agreement(plain(*rows)) == {
        "units": 3,
        "units_with_two": 2,
        "annotators": 2,
        "votes": 5,
        "unsure": 0,
        "ties": 1,
        "clusters": 2,
        "distance": "nominal",
        "alpha": undecided,
        "alphas": {"nominal": undecided},
        "observed": 0.5,
        "kappa": 0.0,
        "ac1": 0.0,
        "ac2": 0.0,
        "intervals": {"observed": half, "kappa": undecided, "ac1": undecided, "ac2": undecided},
        "per_label": {
            "X": {"alpha": undecided, "positive_agreement": two_thirds, "votes": 3},
            "Y": {"alpha": undecided, "positive_agreement": undecided, "votes": 2},
        },
        "per_annotator": {
            "ann": {"agreement": 0.5, "interval": half, "n": 2, "votes": 3},
            "bob": {"agreement": 0.5, "interval": half, "n": 2, "votes": 2},
        },
        "pairs": [{"a": "ann", "b": "bob", "n": 2, "observed": half, "kappa": undecided}],
    }


def test_two_annotators_have_cohens_kappa_and_three_have_fleiss():
    two = [("1", "ann", "X"), ("1", "bob", "X"), ("2", "ann", "X"), ("2", "bob", "X"), ("3", "ann", "X")]
    two += [("3", "bob", "Y"), ("4", "ann", "Y"), ("4", "bob", "Z")]
    # Observed 1/2. Cohen: ann X 3/4, Y 1/4; bob X 1/2, Y 1/4, Z 1/4: chance 3/8 + 1/16 = 7/16.
    assert agreement(plain(*two))["kappa"] == pytest.approx((1 / 2 - 7 / 16) / (9 / 16), abs=5e-7)
    # With a third who gives one answer alone: shares X 5/10, Y 4/10 of five units, Z 1/10.
    three = [*two, ("5", "eve", "Y")]
    assert agreement(plain(*three))["kappa"] == pytest.approx((0.5 - 0.42) / 0.58, abs=5e-7)


def test_a_scheme_gives_labels_their_order_and_unsure_abstains():
    table = votes(
        ("u1", "ann", "stance", ["against"]),
        ("u1", "bob", "stance", ["against"]),
        ("u2", "ann", "stance", ["unsure"]),
        ("u2", "bob", "stance", ["for"]),
        ("u3", "ann", "stance", ["unsure"]),
        ("u4", "ann", "stance", ["for"]),
        ("u4", "bob", "stance", ["dunno"]),
    )
    found = agreement(table, schemes={"little": SCHEME})["questions"]["stance"]
    counted = ("units", "units_with_two", "annotators", "votes", "unsure", "ties", "outside_scheme")
    assert {name: found[name] for name in counted} == {
        "units": 3,
        "units_with_two": 2,
        "annotators": 2,
        "votes": 5,
        "unsure": 2,
        "ties": 1,
        "outside_scheme": ["dunno"],
    }
    assert [(name, one["votes"]) for name, one in found["per_label"].items()] == [
        ("for", 2),
        ("against", 2),
        ("dunno", 1),
    ]


def test_rows_that_do_not_count_are_not_there():
    counting = votes(("u1", "ann", "stance", ["for"]), ("u1", "bob", "stance", ["against"]))
    draft = votes(("u1", "bob", "stance", ["for"]), counts=False, status="draft")
    unknown = votes(("u1", "eve", "stance", ["for"]), counts=None)
    assert agreement(pa.concat_tables([counting, draft, unknown])) == agreement(counting)


def test_an_optional_question_left_empty_is_the_empty_set():
    table = votes(
        *((unit, who, "stance", ["for"]) for unit in ("u1", "u2", "u3") for who in ("ann", "bob")),
        ("u1", "ann", "topics", ["b", "a"]),
        ("u1", "bob", "topics", ["a", "b"]),
        ("u2", "ann", "topics", ["a"]),
    )
    topics = agreement(table, schemes={"little": SCHEME})["questions"]["topics"]
    # {a,b} twice, {a} once, {} three times; u2 differs by 1: observed 2.
    # Expected 2 * (2 * 1 * (1 - 1/2 * 2/3) + 2 * 3 * 1 + 1 * 3 * 1) = 62/3.
    assert topics["alpha"]["value"] == pytest.approx(1 - 5 * 2 / (62 / 3), abs=5e-7)
    assert (topics["distance"], topics["votes"], topics["ties"]) == ("masi", 6, 1)
    assert topics["observed"] == pytest.approx(2 / 3, abs=5e-7)
    # A set is one category. Cohen: ann {a,b} {a} {}, bob {a,b} {} {}: chance 1/9 + 2/9.
    assert topics["kappa"] == pytest.approx((2 / 3 - 1 / 3) / (2 / 3), abs=5e-7)
    # Gwet: shares 1/3, 1/6, 1/2 of three sets: chance (2/9 + 5/36 + 1/4) / 2 = 11/36.
    assert topics["ac1"] == pytest.approx((2 / 3 - 11 / 36) / (25 / 36), abs=5e-7)
    bob = topics["per_annotator"]["bob"]
    assert (bob["agreement"], bob["n"], bob["votes"]) == (0.666667, 3, 3)
    assert list(topics["alphas"]) == ["nominal", "masi"]
    # b: marked by both of u1, by nobody else.
    assert topics["per_label"]["b"] == {
        "alpha": {"value": 1.0, "low": None, "high": None, "why": "3 clusters: an interval needs 10"},
        "positive_agreement": {"value": 1.0, "low": None, "high": None, "why": "3 clusters: an interval needs 10"},
        "votes": 2,
    }


def test_an_ordinal_question_has_ordinal_alpha_in_the_order_of_the_scheme():
    answers = {"u1": ("small", "mid"), "u2": ("big", "big"), "u3": ("mid", "mid"), "u4": ("small", "big")}
    table = votes(*((u, who, "size", [a]) for u, both in answers.items() for who, a in zip("pq", both, strict=True)))
    found = agreement(table, schemes={"little": SCHEME})["questions"]["size"]
    counts = [[1, 1, 0], [0, 0, 2], [0, 2, 0], [1, 0, 1]]
    theirs = krippendorff.alpha(value_counts=np.array(counts), level_of_measurement="ordinal")
    assert found["alpha"]["value"] == pytest.approx(theirs, abs=5e-7)
    assert (found["distance"], list(found["alphas"])) == ("ordinal", ["nominal", "ordinal"])
    weighted = cohen_kappa_score([0, 2, 1, 0], [1, 2, 1, 2], weights="quadratic")
    assert found["pairs"][0]["weighted_kappa"]["value"] == pytest.approx(weighted, abs=5e-7)
    assert found["ac2"] != found["ac1"]


def test_text_questions_are_not_among_the_figures():
    table = votes(("u1", "ann", "stance", ["for"]), ("u1", "ann", "why", []))
    assert list(agreement(table, schemes={"little": SCHEME})["questions"]) == ["stance", "topics", "size"]


def test_recode_merges_labels_first():
    table = votes(("u1", "ann", "stance", ["for"]), ("u1", "bob", "stance", ["against"]))
    recode = {"little": {"stance": {"for": "any", "against": "any"}}}
    found = agreement(table, schemes={"little": SCHEME}, recode=recode)["questions"]["stance"]
    assert (found["observed"], found["ties"], found["per_label"]["any"]["votes"]) == (1.0, 0, 2)
    assert "outside_scheme" not in found


def test_questions_of_several_schemes_are_told_apart():
    table = pa.concat_tables(
        [
            votes(("u1", "ann", "stance", ["for"]), ("u1", "bob", "stance", ["for"])),
            votes(("u1", "ann", "stance", ["x"]), ("u1", "bob", "stance", ["y"]), scheme="other"),
        ]
    )
    found = agreement(table)["questions"]
    assert {name: one["observed"] for name, one in found.items()} == {"little.stance": 1.0, "other.stance": 0.0}


def test_intervals_are_over_stories():
    rows = [(f"u{i}", who, "X" if (i // 4 + (who == "bob") * (i // 4 % 3 == 0)) % 2 else "Y")
            for i in range(80) for who in ("ann", "bob")]  # fmt: skip
    story = {f"u{i}": f"s{i // 4}" for i in range(80)}
    by_unit, by_story = agreement(plain(*rows)), agreement(plain(*rows), clusters=story)
    assert (by_unit["clusters"], by_story["clusters"]) == (80, 20)
    assert by_unit["alpha"]["value"] == by_story["alpha"]["value"]

    def width(found):
        return found["alpha"]["high"] - found["alpha"]["low"]

    assert width(by_story) > 1.5 * width(by_unit)
    without = agreement(plain(*rows), clusters={"u0": "s0", "u1": "s0"})
    assert without["clusters"] == 79


def test_clusters_are_stories_or_else_articles():
    units = pa.table({"unit_id": ["a/1", "a/2", "b/1", "c/1"], "article_id": ["a", "a", "b", "c"]})
    articles = pa.table({"article_id": ["a", "b"], "story_id": pa.array(["s", None], pa.string())})
    assert clusters_of(units, articles) == {"a/1": "s", "a/2": "s", "b/1": "b", "c/1": "c"}


def test_a_unit_without_a_story_is_its_own_also_when_a_story_has_its_name():
    found = stories_of(["u", "v", "w", "x"], {"v": "s", "w": "u", "x": "s"})
    assert found.tolist() == [0, 1, 2, 1]
    assert stories_of(["u", "v"], {}).tolist() == [0, 1]
    assert (stories_of([], {}).tolist(), stories_of([], {}).dtype) == ([], "int64")


ROWS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 4), st.sampled_from("XYZ")),
    min_size=1,
    max_size=50,
    unique_by=lambda row: row[:2],
)


@settings(deadline=None, max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_annotators_change_nothing(rows, random):
    names = list("abcde")
    random.shuffle(names)
    shuffled = [(f"u{u:02}", names[a], x) for u, a, x in rows]
    random.shuffle(shuffled)
    one = agreement(plain(*((f"u{u:02}", "abcde"[a], x) for u, a, x in rows)), resamples=40)
    other = agreement(plain(*shuffled), resamples=40)
    for found, who in ((one, "abcde"), (other, names)):
        met = {frozenset((who.index(pair.pop("a")), who.index(pair.pop("b")))): pair for pair in found["pairs"]}
        found["pairs"] = {tuple(sorted(two)): pair["observed"] for two, pair in met.items()}
    renamed = {name: one["per_annotator"].pop(name) for name in list(one["per_annotator"])}
    theirs = other.pop("per_annotator")
    assert one.pop("per_annotator") == {}
    assert other == one
    assert {names["abcde".index(name)]: figures for name, figures in renamed.items()} == theirs


def test_one_annotator_has_counts_and_a_reason():
    found = agreement(plain(("1", "ann", "X"), ("2", "ann", "Y")))
    why = "one annotator only: agreement needs two"
    nothing = {"value": None, "low": None, "high": None, "why": why}
    assert (found["units"], found["votes"], found["alpha"]) == (2, 2, nothing)
    assert found["why"] == dict.fromkeys(("observed", "kappa", "ac1", "ac2"), why)
    assert found["intervals"] == dict.fromkeys(("observed", "kappa", "ac1", "ac2"), nothing)
    alone = nothing | {"why": "nobody else answered what this annotator answered"}
    assert found["per_annotator"] == {"ann": {"agreement": None, "interval": alone, "n": 0, "votes": 2}}
    assert found["per_label"]["X"] == {"alpha": nothing, "positive_agreement": nothing, "votes": 1}
    assert found["pairs"] == []


def test_annotators_who_share_no_unit_have_a_reason():
    found = agreement(plain(("1", "ann", "X"), ("2", "bob", "Y")))
    assert found["alpha"]["why"] == found["why"]["kappa"] == "no unit has answers of two annotators"


def test_one_label_everywhere_has_a_reason():
    found = agreement(plain(*((str(u), who, "X") for u in range(12) for who in ("ann", "bob", "eve"))))
    assert (found["alpha"]["value"], found["kappa"], found["ac1"], found["observed"]) == (None, None, None, 1.0)
    assert found["alpha"]["why"] == "all answers are the same: there is nothing to agree on beyond chance"
    assert found["per_label"]["X"]["alpha"]["why"] == "every answer has it"


def test_only_unsure_answers_have_a_reason():
    table = votes(("u1", "ann", "stance", ["unsure"]), ("u1", "bob", "stance", ["unsure"]))
    found = agreement(table, schemes={"little": SCHEME})["questions"]["stance"]
    assert (found["units"], found["votes"], found["unsure"]) == (0, 0, 2)
    assert found["alpha"]["why"] == found["why"]["observed"] == "every answer is unsure"


def test_the_same_annotator_twice_is_refused_unless_a_policy_is_named():
    rows = plain(("1", "ann", "X"), ("1", "bob", "X"), ("2", "bob", "Y"), ("1", "ann", "Y"), ("2", "ann", "Y"))
    with pytest.raises(GoldwireError, match=r"^ann answered 1 twice \(1 such rows\)$") as error:
        agreement(rows)
    assert error.value.hint == "Say which answer counts: --duplicates last, or --duplicates first"
    with pytest.raises(GoldwireError, match="ann answered 1 twice"):
        agreement(rows, duplicates="error")
    assert agreement(rows, duplicates="first")["observed"] == 1.0
    assert agreement(rows, duplicates="last")["observed"] == 0.5
    once = plain(("1", "bob", "X"), ("2", "bob", "Y"), ("1", "ann", "Y"), ("2", "ann", "Y"))
    assert agreement(rows, duplicates="last") == agreement(once)


def test_two_answers_that_count_in_the_votes_are_refused():
    table = votes(("u1", "ann", "stance", ["for"]), ("u1", "ann", "stance", ["against"]))
    with pytest.raises(GoldwireError, match="ann answered u1 twice") as error:
        agreement(table)
    assert error.value.hint == "Fold the pulls again with: goldwire labels build"


def test_several_labels_where_one_is_taken_are_refused():
    table = votes(("u1", "ann", "stance", ["for", "against"]))
    with pytest.raises(GoldwireError, match='question "stance" takes one label, and ann gave u1 several'):
        agreement(table, schemes={"little": SCHEME})


@pytest.mark.parametrize("table", [plain(), votes()])
def test_an_empty_table_is_an_error(table):
    with pytest.raises(GoldwireError, match=r"^there are no votes$"):
        agreement(table)


def test_all_labels_missing_is_an_error():
    with pytest.raises(GoldwireError, match=r"^there is no answer in these 2 rows$"):
        agreement(plain(("1", "ann", None), ("1", "bob", "")))


def test_missing_labels_are_no_answers():
    rows = [("1", "ann", "X"), ("1", "bob", "X"), ("2", "ann", "Y")]
    assert agreement(plain(*rows, ("2", "bob", None), ("3", "eve", ""))) == agreement(plain(*rows))


def test_a_row_without_unit_or_annotator_is_named():
    with pytest.raises(GoldwireError, match=r'^row 2: "worker" is empty$'):
        agreement(plain(("1", "ann", "X"), ("1", None, "X")))


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(GoldwireError, match=r'^there is no column "judge"$') as error:
        agreement(plain(("1", "ann", "X")), annotator="judge")
    assert error.value.hint == "The columns are: task, worker, label"


def test_columns_of_any_name_and_type():
    typed = pa.table({"item": [7, 7, 9, 9], "who": pa.array(["a", "b", "a", "b"]).dictionary_encode(),
                      "says": [True, True, False, True]})  # fmt: skip
    texts = plain(("7", "a", "true"), ("7", "b", "true"), ("9", "a", "false"), ("9", "b", "true"))
    assert agreement(typed, unit="item", annotator="who", label="says") == agreement(texts)
    ours = plain(("1", "ann", "X"), ("1", "bob", "Y"), names=("unit_id", "annotator", "label"))
    assert agreement(ours) == agreement(plain(("1", "ann", "X"), ("1", "bob", "Y")))


def test_a_plain_column_of_lists_is_compared_as_sets():
    table = pa.table(
        {"task": ["1", "1", "2", "2"], "worker": ["a", "b"] * 2, "label": [["x"], ["y", "x"], ["x"], ["x"]]}
    )
    found = agreement(table)
    assert (found["distance"], found["votes"]) == ("masi", 4)
    assert found["observed"] == pytest.approx((1 / 3 + 1) / 2, abs=5e-7)


def test_the_votes_table_gives_the_same_from_every_file_that_holds_lists(tmp_path):
    table = votes(("u1", "ann", "stance", ["for"]), ("u1", "bob", "stance", ["against"]))
    for ending in ("parquet", "jsonl"):
        tables.write(table, path := tmp_path / f"votes.{ending}")
        assert agreement(tables.read(path)) == agreement(table)
    tables.write(table, path := tmp_path / "votes.csv")
    with pytest.raises(GoldwireError, match="this is not a votes table") as error:
        agreement(tables.read(path))
    assert error.value.hint == "CSV does not hold lists: use the votes as .parquet or .jsonl."


def test_a_plain_file_may_have_a_column_called_question():
    table = plain(("1", "ann", "X"), ("1", "bob", "Y"))
    assert agreement(table.append_column("question", pa.array(["q", "q"]))) == agreement(table)
