"""A round as of one of its parts, what came after it, and the agreement of a study and of one round."""

from pathlib import Path
from typing import Any

import pytest

import adopting
import migrating
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import parts, rounds, stages
from goldwire.labels.agreement.as_of import as_of
from goldwire.labels.agreement.study import Wanted, of_study
from goldwire.labels.counting import counting_round
from goldwire.labels.migrate.chain import kept_name
from goldwire.labels.migrate.command import migrate
from goldwire.scheme import load
from goldwire.study import Study
from pulled import A, Answer, B, C, a_study, pull

ONE, TWO, THREE = (f"2026-03-0{day}" for day in (1, 2, 3))


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Before the meeting A and B differ about two units of three; after it A changes one answer, and skips another.

    Two units are first answered after it.
    """
    made = a_study(tmp_path, 6, overlap=2)
    before = [
        Answer(0, A, ONE, "clear"), Answer(0, B, ONE, "clear"),
        Answer(1, A, ONE, "grey"), Answer(1, B, ONE, "clear"),
        Answer(2, A, ONE, "clear"), Answer(2, B, ONE, "grey"),
    ]  # fmt: skip
    pull(made, "r", before, "2026-03-01T12:00:00Z")
    changed = [Answer(1, A, TWO, "clear"), Answer(1, B, ONE, "clear")]
    pull(made, "r", changed, "2026-03-02T12:00:00Z", first=3)
    pull(made, "r", [Answer(2, A, TWO), Answer(2, B, ONE, "grey")], "2026-03-03T11:00:00Z", first=5)
    after = [Answer(3, A, THREE, "grey"), Answer(3, B, THREE, "grey"), Answer(4, A, THREE, "clear"),
             Answer(4, C, THREE, "grey"), Answer(5, A, THREE, "grey", draft=True)]  # fmt: skip
    pull(made, "r", after, "2026-03-03T12:00:00Z", first=7)
    return made


def sky(value: dict[str, Any]) -> dict[str, Any]:
    """Return the counts and the observed agreement of the question."""
    one = value["questions"]["sky"]
    return {key: one[key] for key in ("units", "annotators", "votes", "ties", "observed")}


def test_the_figures_before_and_after_a_meeting_and_what_changed(study: Study) -> None:
    before = files(study)
    found = of_study(study, "r", "1")
    assert files(study) == before
    assert list(found) == ["as_of", "questions", "after", "changed"]
    assert found["as_of"] == {"part": 1, "pulled": "2026-03-01T12:00:00Z"}
    assert sky(found) == {"units": 3, "annotators": 2, "votes": 6, "ties": 2, "observed": 0.333333}
    assert sky(found["after"]) == {"units": 2, "annotators": 3, "votes": 4, "ties": 1, "observed": 0.5}
    # each answer is to two questions (and one to a text question, which was left empty)
    assert found["changed"] == {
        A: {"answers": 9, "changed": 1, "gone": 3},
        B: {"answers": 9, "changed": 0, "gone": 0},
    }


def test_a_part_is_a_number_or_a_name(study: Study) -> None:
    named = [of_study(study, "r", said) for said in ("2", "part-00002", "part-00002.jsonl")]
    assert named[0] == named[1] == named[2]
    assert sky(named[0]) == {"units": 3, "annotators": 2, "votes": 6, "ties": 1, "observed": 0.666667}
    assert named[0]["changed"][A] == {"answers": 9, "changed": 0, "gone": 3}


def test_as_of_the_last_part_it_is_the_round_as_it_is_and_nothing_came_after(study: Study) -> None:
    found = of_study(study, "r", "4")
    assert found.pop("as_of") == {"part": 4, "pulled": "2026-03-03T12:00:00Z"}
    assert found.pop("after") == {"units": 0, "why": "no unit was first answered after this part"}
    assert {who: (one["changed"], one["gone"]) for who, one in found.pop("changed").items()} == {
        A: (0, 0), B: (0, 0), C: (0, 0),
    }  # fmt: skip
    stages.build(study)
    assert found == of_study(study, "r")


@pytest.mark.parametrize("said", ["0", "5", "-1", "last", "part-1.csv"])
def test_a_part_that_is_not_there_is_an_error_with_those_that_are(study: Study, said: str) -> None:
    with pytest.raises(GoldwireError) as error:
        of_study(study, "r", said)
    assert error.value.message == f'round r has no part "{said}"'
    assert error.value.hint == "Parts: part-00001.jsonl to part-00004.jsonl."


def test_a_round_that_was_not_pulled_has_no_part(tmp_path: Path) -> None:
    with pytest.raises(GoldwireError, match=r'round r has no part "1"') as error:
        of_study(a_study(tmp_path, 2), "r", "1")
    assert error.value.hint == "Pull it first: goldwire labels pull r"


def test_a_part_before_the_first_answer_is_an_error(tmp_path: Path) -> None:
    study = a_study(tmp_path, 2)
    pull(study, "r", [Answer(0, A, ONE)])
    with pytest.raises(GoldwireError, match=r"^nothing was submitted to round r when part 1 was pulled$"):
        of_study(study, "r", "1")


def test_later_parts_are_not_needed_for_what_was_before_them_but_for_what_came_after(study: Study) -> None:
    path = study.rounds / "r" / "pulls" / "part-00004.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("grey", "Grey"), encoding="utf-8")
    with pytest.raises(GoldwireError, match="the part was cut off or changed"):
        of_study(study, "r", "1")


@pytest.mark.parametrize(
    ("purpose", "message"),
    [
        ({"retest_of": "r"}, "the answers of round s do not count: it asks those of r again"),
        ({"adjudicates": ["r", "q"]}, "the answers of round s do not count as votes: it settles r, q"),
    ],
)
def test_rounds_whose_answers_do_not_count_are_refused(study: Study, purpose: dict[str, Any], message: str) -> None:
    made = rounds.read(study.rounds / "r").model_copy(update={"round": "s", "id": "1" * 16, **purpose})
    rounds.write(study.rounds / "s", made)
    for part in (None, "1"):
        with pytest.raises(GoldwireError) as error:
            of_study(study, "s", part)
        assert error.value.message == message


def test_a_round_that_is_not_there_is_an_error_with_those_that_are(study: Study) -> None:
    with pytest.raises(GoldwireError, match='there is no round "x"') as error:
        of_study(study, "x")
    assert error.value.hint == "Rounds: r. Make one with: goldwire labels tasks ROUND --scheme NAME"


def test_a_round_without_votes_in_the_tables_says_what_to_do(study: Study) -> None:
    stages.build(study)
    made = rounds.read(study.rounds / "r").model_copy(update={"round": "s", "id": "1" * 16})
    rounds.write(study.rounds / "s", made)
    with pytest.raises(GoldwireError, match=r"^there are no votes of round s$") as error:
        of_study(study, "s")
    assert error.value.hint == "Pull and fold first: goldwire labels pull s, then goldwire labels build"


# rounds that were migrated or adopted


def test_a_round_that_was_migrated_is_read_under_the_new_scheme_from_the_first_part_on(tmp_path: Path) -> None:
    study = migrating.small_study(tmp_path)  # ann FIGHT, bea MEET; ann NONE
    first = {"a": [migrating.said(1, "ann", "FIGHT"), migrating.said(2, "bea", "MEET")]}
    migrating.pull(study, "r", **first, b=[migrating.said(3, "ann", "NONE")], c=[migrating.said(4, "ann", "MEET")])
    migrate(study, "r")
    migrating.decide(study, 'FIGHT: "?"', "FIGHT: WAR")
    migrate(study, "r")
    found = of_study(study, "r", "1")
    assert {label: one["votes"] for label, one in found["questions"]["event"]["per_label"].items()} == {
        "MEET": 1, "WAR": 1, "BRAWL": 0, "NONE": 1,
    }  # fmt: skip
    assert found["after"]["questions"]["event"]["units"] == 1
    assert found["changed"]["ann"] == {"answers": 4, "changed": 0, "gone": 0}


def test_a_round_that_was_migrated_in_place_has_parts_of_two_versions(tmp_path: Path) -> None:
    study = migrating.small_study(tmp_path)
    migrate(study, "r")
    migrating.decide(study, 'FIGHT: "?"', "FIGHT: WAR")
    migrate(study, "r")
    folder = study.rounds / "r"
    new = migrating.parse(migrating.SECOND)
    write_text(folder / kept_name(migrating.parse(migrating.FIRST).hash), migrating.FIRST)
    rounds.write_scheme(folder, migrating.SECOND)
    rounds.write(folder, rounds.read(folder).model_copy(update={"scheme_hash": new.hash, "scheme_version": "2.0.0"}))
    rewritten = [migrating.said(1, "ann", "WAR", minute=1), migrating.said(2, "bea", "MEET")]
    migrating.pull(study, "r", a=rewritten, b=[migrating.said(3, "ann", "WAR", minute=2)])
    found = of_study(study, "r", "1")
    assert {label: one["votes"] for label, one in found["questions"]["event"]["per_label"].items()} == {
        "MEET": 1, "WAR": 1, "BRAWL": 0, "NONE": 1,
    }  # fmt: skip
    assert found["changed"]["ann"] == {"answers": 4, "changed": 1, "gone": 0}


def test_an_adopted_round_is_read_as_of_a_part_too(tmp_path: Path) -> None:
    study = adopting.made_study(tmp_path / "study")
    texts = adopting.TEXTS
    adopting.adopted(study, [adopting.task(i, text) for i, text in enumerate(texts)])
    for number, tones in enumerate((("warm", "cold"), ("warm", "warm"))):
        answers = [
            adopting.annotation(10 * number + i, adopting.results(texts[number], tone), f"annotator-0{i}")
            for i, tone in enumerate(tones)
        ]
        one = {**adopting.task(number, texts[number]), "annotations": answers}
        parts.append(study.rounds / "old" / "pulls", {"round": "old"}, [one], [])
    found = of_study(study, "old", "1")
    assert found["as_of"] == {"part": 1, "pulled": None}
    assert [one["questions"]["tone_1"]["observed"] for one in (found, found["after"])] == [0.0, 1.0]
    scheme = next(study.schemes.glob("*.yaml"))
    write_text(scheme, scheme.read_text(encoding="utf-8").replace("title: ", "title: The "))
    with pytest.raises(GoldwireError, match="was filled in since its answers were last folded") as error:
        as_of(study, counting_round(study, "old"), "1")
    assert error.value.hint == "Fold them with it first: goldwire labels build"
    stages.build(study)
    assert of_study(study, "old", "1")["questions"]["tone_1"]["observed"] == 0.0


# the figures of a study


def test_each_question_says_where_it_is_hard_which_rounds_were_blind_and_has_slices(study: Study) -> None:
    stages.build(study)
    found = of_study(study)
    assert list(found) == ["questions"]
    one = found["questions"]["sky"]
    assert one["blind"] == {"r": False}
    assert (one["hard"]["easy"], one["hard"]["because"]) == ("clear", "it was given most often")
    assert list(one["slices"]) == ["outlet", "month", "labelled", "language", "round"]
    assert {name: value["units"] for name, value in one["slices"]["labelled"].items()} == {
        "2026-W09": 2,
        "2026-W10": 3,
    }
    rounds.write(study.rounds / "r", rounds.read(study.rounds / "r").model_copy(update={"blind": True}))
    assert of_study(study, "r")["questions"]["sky"]["blind"] == {"r": True}


def test_the_easy_label_is_that_of_the_scheme_recoded(study: Study) -> None:
    stages.build(study)
    text = study.schemes / "weather.yaml"
    assert of_study(study, None, None, Wanted(easy="grey"))["questions"]["sky"]["hard"]["because"] == "named"
    with pytest.raises(GoldwireError, match='no question has the label "blue"'):
        of_study(study, None, None, Wanted(easy="blue"))
    write_text(
        text, text.read_text(encoding="utf-8").replace("grey, definition: G}", "grey, definition: G, role: negative}")
    )
    write_text(study.params_file, "recode: {weather: {sky: {grey: dull}}}\neval: {resamples: 100}\n")
    hard = of_study(study)["questions"]["sky"]["hard"]
    assert (hard["easy"], hard["because"]) == ("dull", "its role is negative")


def test_a_recoding_of_another_scheme_is_a_slip_of_the_study_but_not_of_one_round(study: Study) -> None:
    stages.build(study)
    write_text(study.params_file, "recode: {weather: {sky: {grey: dull}}, x: {y: {a: b}}}\neval: {resamples: 100}\n")
    with pytest.raises(GoldwireError, match='there are no votes with the scheme "x"'):
        of_study(study)
    assert "dull" in of_study(study, "r")["questions"]["sky"]["per_label"]


def test_a_round_that_the_study_has_not_any_more_leaves_open_whether_it_was_blind(study: Study) -> None:
    stages.build(study)
    (study.rounds / "r").rename(study.rounds / "s")
    (study.rounds / "s" / "round.yaml").unlink()
    assert of_study(study)["questions"]["sky"]["blind"] == {"r": None}


def test_a_question_that_nobody_answered_for_sure_has_reasons_everywhere(tmp_path: Path) -> None:
    study = a_study(tmp_path, 2)
    text = study.schemes / "weather.yaml"
    write_text(text, text.read_text(encoding="utf-8").replace("definition: G}", "definition: G, role: negative}"))
    made = rounds.read(study.rounds / "r")
    (study.rounds / "r" / "scheme.yaml").unlink()
    rounds.write(study.rounds / "r", made.model_copy(update={"scheme_hash": load("weather", study.schemes).hash}))
    pull(study, "r", [Answer(0, A, ONE, "unclear"), Answer(0, B, ONE, "unclear")])
    stages.build(study)
    one = of_study(study)["questions"]["sky"]
    why = "no units with two answers: a figure needs two"
    assert (one["votes"], one["unsure"], one["hard"]["easy"], one["hard"]["units"]) == (0, 2, "grey", 0)
    assert one["hard"]["kappa"]["why"] == one["hard"]["never_easy"]["alpha"]["why"] == why
    assert one["slices"] == {name: {} for name in ("outlet", "month", "labelled", "language", "round")}


def files(study: Study) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in study.root.rglob("*") if path.is_file()}
