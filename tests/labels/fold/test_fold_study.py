"""The fold of a study: all rounds together, from their parts."""

from pathlib import Path

import pyarrow.compute as pc
import pytest

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import write_jsonl
from goldwire.labels import parts, rounds
from goldwire.labels.fold import Problem, build_tables
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import Scheme, parse
from goldwire.study import Study
from little import FULL, LITTLE, SCHEME, Json, annotation, articles, choice, picked, task


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return LITTLE


@pytest.fixture
def study(tmp_path: Path, scheme: Scheme) -> Study:
    """Two articles, and round r1 about the first with two pulled parts: ann's answer, then her second thought."""
    study = Study(tmp_path)
    study.params_file.write_text("seed: 0\n", encoding="utf-8")
    study.schemes.mkdir(parents=True)
    (study.schemes / "little.yaml").write_text(SCHEME, encoding="utf-8")
    tables.write(articles("a", "b"), study.articles)
    write_round(study, "r1", scheme, articles("a"), documents(articles("a")))
    write_round(study, "r2", scheme, articles("a", "b"), documents(articles("a", "b")))
    pulled(study, "r1", task(1, "a", annotation(1, "ann", *FULL, minute=1)))
    pulled(
        study,
        "r1",
        task(1, "a", annotation(1, "ann", *FULL, minute=1), annotation(2, "ann", choice("event", "FIGHT"), minute=2)),
    )
    return study


def pulled(study: Study, name: str, *state: Json) -> None:
    parts.append(study.rounds / name / "pulls", {"round": name}, state, [])


def test_a_study_is_folded_over_all_its_rounds(study: Study) -> None:
    pulled(
        study,
        "r2",
        task(
            2,
            "a",
            annotation(3, "ann", choice("event", "NONE"), minute=3),
            annotation(4, "bea", choice("event", "MEET")),
        ),
    )
    made, problems = build_tables(study)
    assert problems == []
    assert {name: table.num_rows for name, table in made.items()} == {
        "units": 2,
        "votes": 20,
        "vote_mentions": 2,
        "vote_relations": 1,
    }
    events = made["votes"].filter(pc.equal(made["votes"]["question"], "event"))
    assert picked(events, "round", "annotator", "annotation_id", "labels", "counts") == [
        ("r1", "ann", "1", ["MEET"], False),
        ("r1", "ann", "2", ["FIGHT"], False),
        ("r2", "ann", "3", ["NONE"], True),
        ("r2", "bea", "4", ["MEET"], True),
    ]
    assert made["units"].equals(documents(articles("a", "b")))
    for name, table in made.items():
        assert table.schema == tables.SCHEMAS[name]


def test_a_second_asking_does_not_displace_the_first_answer(study: Study) -> None:
    folder = study.rounds / "r2"
    rounds.write(folder, rounds.read(folder).model_copy(update={"retest_of": "r1"}))
    pulled(study, "r2", task(2, "a", annotation(3, "ann", choice("event", "NONE"), minute=3)))
    made, _ = build_tables(study)
    events = made["votes"].filter(pc.equal(made["votes"]["question"], "event"))
    assert picked(events, "round", "annotation_id", "counts") == [
        ("r1", "1", False),
        ("r1", "2", True),
        ("r2", "3", False),
    ]


def test_rounds_that_were_not_pulled_yet_give_units_only(study: Study) -> None:
    made, problems = build_tables(study)
    assert made["units"]["unit_id"].to_pylist() == ["a/document", "b/document"]
    assert set(made["votes"]["round"].to_pylist()) == {"r1"}
    assert problems == []


def test_ids_of_two_servers_are_not_mixed(study: Study) -> None:
    pulled(study, "r2", task(1, "a", annotation(1, "ann", *FULL)))
    with pytest.raises(GoldwireError, match="span 1/m2 is in two rounds, r1 and r2"):
        build_tables(study)


def test_a_unit_with_another_text_in_a_later_round_is_noted(study: Study) -> None:
    folder = study.rounds / "r2"
    changed = [{**one, "meta": {**one["meta"], "content_hash": "other"}} for one in rounds.tasks(folder)]
    (folder / "tasks.jsonl").unlink()
    write_jsonl(folder / "tasks.jsonl", changed)
    made, problems = build_tables(study)
    assert problems == [Problem("r2", 0, "", "it has unit a/document with another text than an earlier round")]
    assert str(problems[0]) == "round r2: it has unit a/document with another text than an earlier round"
    assert made["units"]["content_hash"].to_pylist()[0] == documents(articles("a"))["content_hash"].to_pylist()[0]


def drawn(study: Study, name: str, **probabilities: float | None) -> None:
    """Give these probabilities to the tasks of a round."""
    folder = study.rounds / name
    changed = [
        {**one, "meta": {**one["meta"], "probability": probabilities[one["meta"]["article_id"]]}}
        for one in rounds.tasks(folder)
    ]
    write_jsonl(folder / "tasks.jsonl", changed)


def chances(study: Study) -> tuple[dict[str, float | None], list[str]]:
    made, problems = build_tables(study)
    units = made["units"]
    found = dict(zip(units["article_id"].to_pylist(), units["probability"].to_pylist(), strict=True))
    return found, [str(problem) for problem in problems]


def test_a_unit_of_several_rounds_has_the_largest_of_its_probabilities(study: Study) -> None:
    drawn(study, "r1", a=0.25)
    drawn(study, "r2", a=0.5, b=0.75)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [])
    drawn(study, "r1", a=1.0)
    assert chances(study) == ({"a": 1.0, "b": 0.75}, [])
    drawn(study, "r1", a=None)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [])
    drawn(study, "r2", a=None, b=None)
    assert chances(study) == ({"a": None, "b": None}, [])


def test_units_that_another_scheme_has_with_a_larger_probability_are_noted(study: Study) -> None:
    text = SCHEME.replace("name: little", "name: other", 1)
    (study.schemes / "other.yaml").write_text(text, encoding="utf-8")
    write_round(study, "r3", parse(text, "other.yaml"), articles("a", "b"), documents(articles("a", "b")))
    drawn(study, "r1", a=0.25)
    drawn(study, "r2", a=0.5, b=0.75)
    drawn(study, "r3", a=0.5, b=1.0)
    more = (
        "of its units have a larger probability in a round of another scheme, and that one stands in the tables: "
        "shares in the corpus can be wrong for {}; a study for each would keep both"
    )
    assert chances(study) == ({"a": 0.5, "b": 1.0}, [f"round r2: 1 {more.format('little')}"])
    drawn(study, "r3", a=0.125, b=0.5)
    assert chances(study) == ({"a": 0.5, "b": 0.75}, [f"round r3: 2 {more.format('other')}"])


def test_a_study_without_rounds_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError) as caught:
        build_tables(Study(tmp_path))
    assert str(caught.value) == f"{tmp_path / 'labels' / 'rounds'}: there is no round to fold"
    assert caught.value.hint == "Make one with: goldwire labels tasks ROUND --scheme NAME"


def test_folding_twice_gives_the_same_bytes(study: Study, tmp_path: Path) -> None:
    for name in ("one", "two"):
        for table, rows in build_tables(study)[0].items():
            tables.write(rows, tmp_path / name / f"{table}.parquet")
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
