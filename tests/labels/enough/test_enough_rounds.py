"""From votes to the table, the words and the page: whole answers, too little to answer, bad input, a study."""

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import labels_enough
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.agreement.measure import agreement
from goldwire.labels.agreement.study import of_study as agreement_of
from goldwire.labels.enough import page
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options, numbers
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study

SMALL = Options(annotators=(2, 3, 4, 5), more=(0, 100), simulations=40)


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
            {"name": "size", "text": "?", "type": "ordinal", "labels": [label("small"), label("mid"), label("big")]},
            {"name": "topics", "text": "?", "type": "multiple", "labels": [label("a"), label("b"), label("c")]},
            {"name": "why", "text": "?", "type": "text"},
        ],
    }
)


def answered(units, annotators=("ann", "bob", "eve"), p=0.85, labels=("x", "y"), seed=0):
    """(unit, annotator, label): everybody answers everything, and is right with probability p."""
    generator = np.random.default_rng(seed)
    rows = []
    for unit in range(units):
        truth = generator.integers(len(labels))
        for name in annotators:
            other = (truth + generator.integers(1, max(len(labels), 2))) % len(labels)
            rows.append((f"u{unit:04}", name, labels[truth if generator.random() < p else other]))
    return rows


def plain(rows, names=("task", "worker", "label")):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def votes(question, rows):
    return [
        {
            "scheme": "little", "round": "one", "unit_id": unit, "annotator": annotator, "question": question,
            "labels": said if isinstance(said, list) else [said], "counts": True, "status": "submitted",
            "purpose": "vote",
        }
        for unit, annotator, said in rows
    ]  # fmt: skip


def test_every_row_says_what_it_costs_and_gives():
    rows = [*answered(60), ("u0060", "ann", "x")]  # one unit with one answer
    found = enough(plain(rows), SMALL)
    assert list(found) == [
        "question", "units", "units_with_two", "annotators", "answers", "design", "method", "alpha", "unanimous",
        "design_effect", "model", "rows", "measured", "words", "notes",
    ]  # fmt: skip
    assert (found["units"], found["units_with_two"], found["annotators"], found["answers"]) == (61, 60, 3, 181)
    assert found["design"] == "team"
    counted = [
        tuple(row[name] for name in ("annotators", "more", "units", "answers", "new_answers"))
        for row in found["rows"]
    ]
    assert counted == [
        (2, 0, 61, 122, 1), (2, 100, 161, 322, 201), (3, 0, 61, 183, 2), (3, 100, 161, 483, 302),
        (4, 0, 61, 244, 63), (4, 100, 161, 644, 463), (5, 0, 61, 305, 124), (5, 100, 161, 805, 624),
    ]  # fmt: skip
    for row in found["rows"]:
        assert set(row["alpha"]) == {"value", "low", "high", "half_width", "other_people"}
        assert set(row["accuracy"]) == {"value", "low", "high", "half_width", "decided"}
        assert row["alpha"]["other_people"] >= row["alpha"]["half_width"]
    halves = {(row["annotators"], row["more"]): row["alpha"]["half_width"] for row in found["rows"]}
    # the half-width goes with 1 / sqrt(n), and what there is has the interval that is measured
    assert halves[3, 100] == pytest.approx(halves[3, 0] * (61 / 161) ** 0.5, abs=2e-4)
    measured = (found["alpha"]["high"] - found["alpha"]["low"]) / 2
    assert halves[3, 0] == pytest.approx(measured, rel=0.25)
    assert found["model"]["alpha"] == pytest.approx(found["alpha"]["value"], abs=0.06)


def test_the_accuracy_is_that_of_the_votes_it_foretells():
    # nine equal annotators with an accuracy of 0.8: three are right together in 0.896 of the cases, five in 0.942
    found = enough(plain(answered(300, [f"a{i}" for i in range(9)], p=0.8)), SMALL)
    accuracy = {row["annotators"]: row["accuracy"]["value"] for row in found["rows"]}
    assert [accuracy[k] for k in (2, 3, 5)] == pytest.approx([0.8, 0.896, 0.942], abs=0.02)
    for row in found["measured"]:
        assert row["same_as_all"] == pytest.approx(row["expected_same_as_all"], abs=0.03)
        assert row["alpha"]["value"] == pytest.approx(found["alpha"]["value"], abs=0.03)


def test_order_and_names_of_columns_do_not_matter_and_the_seed_does():
    rows = answered(80, p=0.7)
    shuffled = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    one = enough(plain(rows), SMALL)
    assert one == enough(plain(shuffled), SMALL)
    assert one == enough(plain(rows, ("id", "who", "what")), SMALL, unit="id", annotator="who", label="what")
    other = enough(plain(rows), Options(annotators=(2, 3, 4, 5), more=(0, 100), simulations=40, seed=1))
    assert one["rows"] != other["rows"]


def test_stories_widen_the_intervals():
    generator = np.random.default_rng(4)
    rows, clusters = [], {}
    for story in range(40):
        hard = story % 2
        for part in range(5):
            unit, truth = f"{story}-{part}", int(generator.integers(2))
            clusters[unit] = str(story)
            rows += [
                (unit, name, "xy"[truth ^ int(generator.random() < (0.45 if hard else 0.02))])
                for name in ("ann", "bob", "eve")
            ]
    alone, together = (enough(plain(rows), SMALL, clusters=one) for one in ({}, clusters))
    assert alone["design_effect"] == 1
    assert together["design_effect"] > 1.3
    for a, b in zip(alone["rows"], together["rows"], strict=True):
        assert b["alpha"]["half_width"] == pytest.approx(
            a["alpha"]["half_width"] * together["design_effect"] ** 0.5, abs=3e-4
        )
    few = enough(plain(rows), SMALL, clusters={unit: str(int(story) % 5) for unit, story in clusters.items()})
    assert few["design_effect"] is None
    assert any(note.startswith("Fewer than 10 stories") for note in few["notes"])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (answered(20, ["ann"]), "one annotator only"),
        (answered(20, labels=["x"]), "all answers are the same"),
        (answered(9), "9 units have two answers: 10 are needed"),
        (
            [*answered(1), *[(f"v{i}", "ann", "xy"[i % 2]) for i in range(30)]],
            "1 unit has two answers: 10 are needed",
        ),
    ],
)
def test_too_little_is_said_so(rows, why):
    found = enough(plain(rows), SMALL)
    assert (found["rows"], found["why"], found["alpha"]) == (
        [], why, {"value": None, "low": None, "high": None, "why": why},
    )  # fmt: skip


def test_of_two_annotators_nobody_knows_who_is_right():
    found = enough(plain(answered(50, ["ann", "bob"])), SMALL)
    assert {row["accuracy"]["value"] for row in found["rows"]} == {None}
    assert found["rows"][0]["accuracy"]["why"].startswith("of two annotators who differ")
    assert None not in {row["alpha"]["value"] for row in found["rows"]}


def test_ten_thousand_labels_are_refused_with_a_reason():
    rows = [(f"u{i}", name, f"{name}{i}") for i in range(5000) for name in ("ann", "bob")]
    assert enough(plain(rows), SMALL)["why"].startswith("10,000 labels are too many")


def test_questions_of_a_scheme_each_as_it_is():
    ordinal = answered(40, labels=("small", "mid", "big"))
    several = [(unit, who, ["a", "b"] if said == "x" else ["b"]) for unit, who, said in answered(40)]
    unsure = [("u9999", "ann", "unsure"), ("u9999", "bob", "unsure")]
    table = tables.build(
        "votes",
        [
            *votes("stance", [*answered(40, labels=("for", "against")), *unsure]),
            *votes("size", ordinal),
            *votes("topics", several),
        ],
    )
    found = enough(table, SMALL, schemes={"little": SCHEME})["questions"]
    assert list(found) == ["stance", "size", "topics"]
    assert found["stance"]["units"] == 40
    assert found["size"]["alpha"]["value"] != enough(plain(ordinal), SMALL)["alpha"]["value"]  # ordinal, not nominal
    topics = found["topics"]["labels"]
    assert list(topics) == ["a", "b", "c"]
    assert topics["b"]["why"] == "all answers are the same"
    assert topics["c"] == {"rows": [], "why": "fewer than 10 answers have it"}
    yes_no = [(unit, who, "1" if "a" in said else "0") for unit, who, said in several]
    assert topics["a"]["alpha"] == enough(plain(yes_no), SMALL)["alpha"]
    assert enough(table, SMALL, schemes={"little": SCHEME}, question="little.size") == found["size"] | {
        "question": "size"
    }
    with pytest.raises(GoldwireError, match='there is no question "sizes"') as error:
        enough(table, SMALL, schemes={"little": SCHEME}, question="sizes")
    assert error.value.hint == "There are: stance, size, topics"


def test_dawid_skene_gold_is_simulated_by_fitting_it():
    options = Options(annotators=(3,), more=(0,), simulations=20, method="dawid-skene")
    found = enough(plain(answered(60, [f"a{i}" for i in range(5)])), options)
    assert found["method"] == "dawid-skene"
    assert 0.85 < found["rows"][0]["accuracy"]["value"] <= 1
    assert found["notes"][-1].startswith("Gold by Dawid-Skene is simulated")


def test_two_who_always_differ_are_no_fewer_stories():
    found = enough(plain([(f"u{i}", who, said) for i in range(20) for who, said in (("a", "x"), ("b", "y"))]), SMALL)
    assert found["design_effect"] == 1
    assert not any("stories" in note for note in found["notes"])


def test_a_draw_without_alpha_does_not_cost_the_others():
    # ten units with three answers, of which one differs: two draws in three have it, and all else are without alpha
    rows = [(f"u{i}", who, "x") for i in range(10) for who in "abc"]
    rows[0] = ("u0", "a", "y")
    found = enough(plain(rows), Options(annotators=(2, 3), more=(0,), simulations=20))
    (measured,) = found["measured"]
    assert measured["alpha"]["value"] == pytest.approx(0, abs=1e-4)
    assert measured["same_as_all"] == pytest.approx(1 - 1 / 30, abs=0.02)


def test_what_is_not_measured_says_why():
    # 20 units with four answers, all tied two to two; of another twelve all but one are the same
    rows = [(f"u{i}", who, said) for i in range(20) for who, said in zip("abcd", "xxyy", strict=True)]
    (row,) = enough(plain(rows), Options(annotators=(2,), more=(0,), simulations=20))["measured"]
    assert row["same_as_all"] is None
    assert row["why"]["same_as_all"] == "each of these units is tied with all its answers"
    rows = [(f"u{i:02}", f"{i}{who}", "x") for i in range(12) for who in "abcdefgh"]
    rows[0] = ("u00", "0a", "y")
    (row,) = enough(plain(rows), Options(annotators=(2,), more=(0,), simulations=20))["measured"]
    assert row["alpha"] == {
        "value": None, "low": None, "high": None, "half_width": None,
        "why": "not defined in most draws: their answers are all the same",
    }  # fmt: skip
    assert row["same_as_all"] > 0.9


def test_alpha_as_measured_is_that_of_labels_agreement():
    rows = [*answered(60), ("u0060", "ann", "x")]
    for resamples in (100, 1000):
        options = Options(annotators=(2,), more=(0,), simulations=20, resamples=resamples)
        ours, theirs = enough(plain(rows), options)["alpha"], agreement(plain(rows), resamples=resamples)["alpha"]
        assert ours == {name: round(value, 4) for name, value in theirs.items()}


def test_labels_of_a_plain_table_are_taken_as_nominal_and_that_is_said():
    said = "A plain table does not say whether its labels have an order: alpha takes them as nominal."
    assert enough(plain(answered(40, labels="123")), SMALL)["notes"][-1] == said
    assert said not in enough(plain(answered(40)), SMALL)["notes"]


def test_lists_of_numbers():
    assert numbers("2-5", "--annotators") == (2, 3, 4, 5)
    assert numbers("0, 500,100", "--more") == (0, 100, 500)
    for text in ("", "2-", "x", "5-2", "1-2-3", "-1", "1e3"):
        with pytest.raises(UsageError):
            numbers(text, "--more")
    for bad in ({"annotators": (1, 2)}, {"simulations": 5}, {"half_width": 0}, {"accuracy": 1.5}, {"more": ()}):
        with pytest.raises(UsageError):
            Options(**bad)


def command():
    app = typer.Typer()
    labels_enough.register(app)
    app.command()(lambda: None)  # a second one, so that the name is asked for
    return app


def run(*args):
    return CliRunner().invoke(command(), ["enough", *map(str, args)])


FEW = ("--annotators", "2-4", "--more", "0,100", "--simulations", "20")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "votes.csv"
    tables.write(plain(answered(50)), path)
    return path


def test_the_command_says_it_in_words_and_as_json(file):
    text = run(file, *FEW, "--half-width", "0.2")
    assert text.exit_code == 0, text.output
    lines = text.stdout.splitlines()
    assert re.fullmatch(
        r"With 3 annotators a unit, 100 more units bring alpha's interval from ±0\.\d{3} to ±0\.\d{3} "
        r"\(300 answers more\)\.",
        lines[0],
    )
    assert lines[1].startswith("A 4th annotator on the same 50 units brings it from ±0.")
    assert any(line.startswith("Enough: ") for line in lines)
    header = next(line for line in lines if line.startswith("annotators"))
    assert header.split() == ["annotators", "units", "answers", "new", "alpha", "half-width", "accuracy", "tied"]
    value = json.loads(run(file, *FEW, "--json").stdout)
    assert value["units"] == 50
    assert "recommended" not in value


def test_a_map_of_labels_and_a_policy_for_duplicates_are_taken(file, tmp_path):
    rows = answered(50)
    typed = [(unit, who, {"x": "Yes ", "y": "nope"}[said]) for unit, who, said in rows]
    again = [*typed, ("u0000", "ann", "nope"), ("u0001", "ann", "?"), ("u0002", "dan", "?")]
    tables.write(plain(again), tmp_path / "typed.csv")
    (tmp_path / "map.yaml").write_text("'Yes': x\nnope: y\n", encoding="utf-8")
    mapped = ("--recode", tmp_path / "map.yaml", "--json")
    found = run(tmp_path / "typed.csv", *FEW, "--duplicates", "first", *mapped)
    assert found.exception is None, found.exception
    value = json.loads(found.stdout)
    n = {said: sum(one[2] == said for one in rows) for said in "xy"}
    assert value.pop("recoded") == {"Yes": {"to": "x", "n": n["x"]}, "nope": {"to": "y", "n": n["y"] + 1}}
    assert value.pop("unknown") == {"?": 2}
    assert value == json.loads(run(file, *FEW, "--json").stdout)
    assert found.stderr.splitlines()[-1].split() == ["?", "not", "in", "the", "map:", "left", "out", "2"]
    for refused in ((), ("--duplicates", "error")):
        assert "twice" in str(run(tmp_path / "typed.csv", *FEW, *refused, *mapped).exception)


def test_votes_are_not_read_as_a_plain_table(tmp_path):
    tables.write(tables.build("votes", votes("stance", answered(20))), tmp_path / "votes.parquet")
    (tmp_path / "map.csv").write_text("old,new\nx,y\n", encoding="utf-8")
    for option in (("--duplicates", "last"), ("--recode", tmp_path / "map.csv")):
        error = run(tmp_path / "votes.parquet", *option).exception
        assert isinstance(error, UsageError)
        assert str(error) == f"{option[0]} goes with a plain table, and this is one of votes"


def test_a_page_and_a_picture_are_written(file, tmp_path):
    assert run(file, *FEW, "--accuracy", "0.8", "-o", tmp_path / "enough.html").exit_code == 0
    html = (tmp_path / "enough.html").read_text(encoding="utf-8")
    assert html.count("<svg") == html.count("</title><desc>") == 4  # two, wide and narrow
    assert "<script" not in html
    assert "default-src 'none'" in html
    assert html.count("<b>enough</b>") == 1
    assert run(file, *FEW, "-o", tmp_path / "enough.svg").exit_code == 0
    svg = (tmp_path / "enough.svg").read_text(encoding="utf-8")
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "<title>How much is enough</title><desc>Half-width of alpha" in svg
    assert "prefers-color-scheme: dark" in svg
    bad = run(file, *FEW, "-o", tmp_path / "enough.png")
    assert isinstance(bad.exception, UsageError)
    assert not (tmp_path / "enough.png").exists()


def test_names_in_a_page_are_escaped_and_a_picture_shows_one_question(tmp_path):
    several = [(unit, who, ["<b>a", "z"] if said == "x" else ["z"]) for unit, who, said in answered(40)]
    columns = list(zip(*several, strict=True))
    table = pa.table({"task": columns[0], "worker": columns[1], "label": list(columns[2])})
    found = enough(table, SMALL)
    page.write(tmp_path / "page.html", found, SMALL)
    html = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;a" in html
    assert "<b>a" not in html.replace("<b>alpha", "")
    page.write(tmp_path / "one.svg", found, SMALL)  # only one label has rows
    with pytest.raises(UsageError, match="a picture shows one question, and there are 2"):
        page.write(tmp_path / "two.svg", {"questions": {"p": found, "q": found}}, SMALL)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--annotators", "1-3"], "--annotators are numbers from 2 to 50"),
        (["--more", "many"], '--more: "many" is no list of numbers'),
        (["--label", "said"], 'there is no column "said"'),
        (["--question", "stance"], "a plain table has one question"),
    ],
)
def test_what_cannot_be_done_is_refused(file, args, message):
    found = run(file, *args)
    assert isinstance(found.exception, GoldwireError)
    assert str(found.exception) in (message, f"{file}: {message}")


def test_an_empty_file_and_no_study(tmp_path, monkeypatch):
    tables.write(plain([]), tmp_path / "none.csv")
    assert str(run(tmp_path / "none.csv").exception) == f"{tmp_path / 'none.csv'}: there are no votes"
    monkeypatch.chdir(tmp_path)
    assert "this is not a study" in str(run("round-1").exception)
    assert "goes with VOTES" in str(run("round-1", "--label", "x").exception)


@pytest.fixture
def study(tmp_path, monkeypatch) -> Study:
    """40 units in 20 stories, answered in round one."""
    (tmp_path / "params.yaml").write_text("seed: 0\neval: {resamples: 200}\n", encoding="utf-8")
    (tmp_path / "labels/tables").mkdir(parents=True)
    (tmp_path / "labels/schemes").mkdir()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "labels/schemes/little.yaml").write_text(
        json.dumps(SCHEME.model_dump(mode="json", by_alias=True)), encoding="utf-8"
    )
    rows = answered(40, labels=("for", "against"), p=0.7)
    table = tables.build("votes", votes("stance", rows))
    tables.write(table, tmp_path / "labels/tables/votes.parquet")
    names = sorted({unit for unit, _, _ in rows})
    articles = [{"article_id": f"a{i // 2}", "story_id": f"s{i // 2}"} for i in range(0, 40, 2)]
    tables.write(tables.build("articles", articles), tmp_path / "corpus/articles.parquet")
    units = [{"unit_id": unit, "article_id": f"a{i // 2}", "start": 0, "end": 9} for i, unit in enumerate(names)]
    tables.write(tables.build("units", units), tmp_path / "labels/tables/units.parquet")
    for relation in ("vote_mentions", "vote_relations"):
        tables.write(tables.build(relation, []), tmp_path / f"labels/tables/{relation}.parquet")
    made = Study(tmp_path)
    rounds.write(made.rounds / "one", ROUND)
    monkeypatch.chdir(tmp_path)
    return made


ROUND = Round(round="one", scheme="little", scheme_version="1.0.0", scheme_hash=SCHEME.hash, overlap=3)


def test_a_study_is_taken_by_story_and_by_round(study):
    table = study.read("votes")
    names = sorted(set(table["unit_id"].to_pylist()))
    found = run("one", *FEW, "--json")
    assert found.exception is None, found.exception
    value = json.loads(found.stdout)["questions"]["stance"]
    options = Options(annotators=(2, 3, 4), more=(0, 100), simulations=20, resamples=200)
    clusters = {unit: f"s{i // 2}" for i, unit in enumerate(names)}
    # without a scheme the labels are by name, so the two only differ in their order
    assert value == enough(table, options, schemes={"little": SCHEME}, clusters=clusters)["questions"]["stance"]
    assert value["design_effect"] >= 1
    measured = agreement_of(study, "one")["questions"]["stance"]["alpha"]
    assert value["alpha"] == {name: round(one, 4) for name, one in measured.items()}
    assert value["alpha"] == json.loads(run(*FEW, "--json").stdout)["questions"]["stance"]["alpha"]


def test_a_round_without_votes_that_count_is_refused_as_by_agreement(study):
    for name, fields, message in (
        ("empty", {}, "there are no votes of round empty"),
        ("again", {"retest_of": "one"}, "the answers of round again do not count: it asks those of one again"),
        ("ruled", {"adjudicates": ["one"]}, "the answers of round ruled do not count as votes: it settles one"),
    ):
        rounds.write(study.rounds / name, ROUND.model_copy(update={"round": name, "id": "1" * 16, **fields}))
        found = run(name, *FEW).exception
        with pytest.raises(GoldwireError) as theirs:
            agreement_of(study, name)
        assert (str(found), found.hint) == (message, theirs.value.hint)
    assert run("two", *FEW).exception.message == 'there is no round "two"'


def test_a_mistyped_recoding_is_an_error(study):
    for recode, message in (
        ("little: {stance: {four: against}}", '"four" is no label of stance'),
        ("little: {stanse: {for: against}}", 'scheme little has no "stanse"'),
    ):
        study.params_file.write_text(f"recode: {{{recode}}}\n", encoding="utf-8")
        for asked in ((), ("one",)):
            assert message in str(run(*asked, *FEW).exception)
    study.params_file.write_text("recode: {other: {stance: {for: against}}}\n", encoding="utf-8")
    assert 'there are no votes with the scheme "other"' in str(run(*FEW).exception)
    assert run("one", *FEW).exception is None  # a round has one scheme; the recoding may be of another
