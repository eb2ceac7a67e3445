"""`goldwire labels enough`: of a file, of a study, and what it writes."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from crowd import SCHEME, SMALL, answered, plain, votes
from goldwire import tables
from goldwire.cli import labels_enough
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.agreement.study import of_study as agreement_of
from goldwire.labels.enough import page
from goldwire.labels.enough.measure import enough
from goldwire.labels.enough.options import Options
from goldwire.labels.rounds import Round
from goldwire.study import Study


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
