"""Adjudication offline: votes to a round, rulings to gold, and what the other commands make of such a round."""

import json
from pathlib import Path
from typing import Any

import pytest

from disputing import JUDGE, SCHEME, TALKS, A, B, choice, document, pull
from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import rounds
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import Adjudication, adjudicate
from goldwire.labels.adjudicate.memo import memo
from goldwire.labels.adjudicate.reasons import REASON, with_reason
from goldwire.labels.interface import config, controls
from goldwire.labels.rounds import Round
from goldwire.labels.team import annotators, assignments
from goldwire.scheme import load, shipped
from goldwire.study import Study
from rulings_of import asked, decide, fights, lines, snapshot

# the round


def test_the_units_in_dispute_make_a_round_and_say_why_they_are_there(study: Study) -> None:
    made = adjudicate(study, "adj")
    assert made == Adjudication("adj", 3, 3, {"tie": 3}, {"event": 3})
    found = rounds.read(study.rounds / "adj")
    assert found == Round(
        round="adj",
        id=found.id,
        scheme="talks",
        scheme_version="1.0.0",
        scheme_hash=TALKS.hash,
        adjudicates=["r"],
        seed=0,
    )
    assert (found.purpose, found.overlap) == ("adjudication", 1)
    assert (study.rounds / "adj" / "scheme.yaml").read_text(encoding="utf-8") == SCHEME
    assert set(asked(study)) == {document(0), document(1), document(3)}
    by_unit = {task["data"]["unit_id"]: task for task in rounds.tasks(study.rounds / "r")}
    assert all(task == by_unit[task["data"]["unit_id"]] for task in rounds.tasks(study.rounds / "adj"))
    half = [{"label": "MEET", "share": 0.5}, {"label": "FIGHT", "share": 0.5}]
    why = {document(0): (2, half), document(1): (2, half), document(3): (0, [])}
    assert lines(study, "disputes.jsonl") == [
        {
            "unit_id": unit,
            "question": "event",
            "rule": "tie",
            "n_votes": why[unit][0],
            "distribution": why[unit][1],
            "finding": None,
            "spans": [],
        }
        for unit in asked(study)
    ]


def test_the_order_is_drawn_from_the_seed(study: Study) -> None:
    adjudicate(study, "one", rules=Rules(share=1.0))
    write_text(study.params_file, "seed: 7\n")
    adjudicate(study, "two", rules=Rules(share=1.0), again=True)
    assert sorted(asked(study, "one")) == sorted(asked(study, "two"))
    assert asked(study, "one") != asked(study, "two")


def test_what_is_shown_is_each_answer_and_what_is_agreed(study: Study) -> None:
    adjudicate(study, "adj")
    shown = [line for line in lines(study, "shown.jsonl") if line["unit_id"] == document(0)]
    place = {"entity": None, "attributes": "{}"}
    met = {"start": 4, "end": 7, "text": "met", "label": "MEETING", **place}
    ada = {"start": 0, "end": 3, "text": "Ada", "label": "actor", **place}
    assert shown == [
        {
            "unit_id": document(0),
            "model": A,
            "answers": {"event": ["MEET"], "flags": ["x"]},
            "comment": "Is it *one*?",
            "mentions": [{"mention_id": "1/a", **ada}, {"mention_id": "1/m", **met}],
            "relations": [{"from": "1/m", "to": "1/a", "label": "by"}],
        },
        {
            "unit_id": document(0),
            "model": B,
            "answers": {"event": ["FIGHT"], "flags": ["x"]},
            "comment": None,
            "mentions": [{"mention_id": "2/a", **ada}, {"mention_id": "2/m", **met}],
            "relations": [],
        },
        {
            "unit_id": document(0),
            "model": "agreed",
            "answers": {"flags": ["x"]},
            "comment": None,
            "mentions": [
                {"mention_id": f"{document(0)}#who-0-3-actor", **ada},
                {"mention_id": f"{document(0)}#trigger-4-7-MEETING", **met},
            ],
            "relations": [],
        },
    ]


def test_a_tie_is_not_agreed_where_nobody_asked_for_it(tied_twice: Study) -> None:
    adjudicate(tied_twice, "adj", rules=Rules(questions=["event"]))
    (agreed,) = (line for line in lines(tied_twice, "shown.jsonl") if line["model"] == "agreed")
    assert agreed["answers"] == {"heat": ["1"]}
    assert [line["question"] for line in lines(tied_twice, "disputes.jsonl")] == ["event"]


def test_again_adds_new_disputes_and_moves_nothing(study: Study) -> None:
    adjudicate(study, "adj", annotators=[JUDGE])
    before, order = snapshot(study), asked(study)
    assert adjudicate(study, "adj") == Adjudication("adj", 3, 0, {"tie": 3}, {"event": 3})
    assert snapshot(study) == before
    old = {
        name: (study.rounds / "adj" / name).read_bytes() for name in ("disputes.jsonl", "shown.jsonl", "tasks.jsonl")
    }
    made = adjudicate(study, "adj", rules=Rules(tie=False, share=0.7))
    assert made == Adjudication("adj", 4, 1, {"tie": 3, "share": 1}, {"event": 4})
    assert asked(study) == [*order, document(2)]
    for name, content in old.items():
        assert (study.rounds / "adj" / name).read_bytes().startswith(content)
    assert assignments.read(study.rounds / "adj") == dict.fromkeys(asked(study), (JUDGE,))


def test_a_call_that_was_cut_short_is_made_good(study: Study) -> None:
    adjudicate(study, "adj")
    first = snapshot(study)
    adjudicate(study, "adj", rules=Rules(tie=False, share=0.7))
    whole = snapshot(study)
    for name in ("tasks.jsonl", "round.yaml"):  # what is written last
        (study.rounds / "adj" / name).write_bytes(first[f"labels/rounds/adj/{name}"])
    assert adjudicate(study, "adj", rules=Rules(tie=False, share=0.7)).added == 1
    assert snapshot(study) == whole


def test_a_dry_run_and_nothing_in_dispute_write_nothing(study: Study) -> None:
    before = snapshot(study)
    assert adjudicate(study, "adj", dry_run=True) == Adjudication("adj", 3, 3, {"tie": 3}, {"event": 3})
    assert adjudicate(study, "adj", rules=Rules(questions=["heat"])) == Adjudication("adj", 0, 0, {}, {})
    assert snapshot(study) == before


def test_spans_are_looked_at_when_their_layer_is_named(study: Study) -> None:
    made = adjudicate(study, "adj", rules=Rules(questions=["who", "relation"]))
    assert made == Adjudication("adj", 2, 2, {"tie": 2}, {"who": 1, "relation": 1})
    by_unit = {line["unit_id"]: line for line in lines(study, "disputes.jsonl")}
    assert by_unit[document(4)]["spans"] == [{"start": 8, "end": 11, "text": "Bob"}]
    assert [one["text"] for one in by_unit[document(0)]["spans"]] == ["met", "Ada"]
    agreed = {line["unit_id"]: line for line in lines(study, "shown.jsonl") if line["model"] == "agreed"}
    assert (agreed[document(4)]["answers"], agreed[document(4)]["mentions"]) == ({"event": ["FIGHT"]}, [])
    assert (len(agreed[document(0)]["mentions"]), agreed[document(0)]["relations"]) == (2, [])


def test_findings_of_a_check_without_other_rules(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    write_text(path, json.dumps({"unit_id": document(5), "finding": "a model says MEET"}) + "\n")
    made = adjudicate(study, "adj", units=path)
    assert made == Adjudication("adj", 1, 1, {"finding": 1}, {"": 1})
    agreed = [line for line in lines(study, "shown.jsonl") if line["model"] == "agreed"]
    assert agreed[0]["answers"] == {}  # the finding is about all questions
    assert adjudicate(study, "both", rules=Rules(), units=path, again=True).by_rule == {"tie": 3, "finding": 1}


def test_a_finding_about_a_layer_leaves_all_that_is_marked_there_to_the_adjudicator(
    study: Study, tmp_path: Path
) -> None:
    path = tmp_path / "found.csv"
    write_text(path, f"unit_id,question,finding\n{document(0)},trigger,too short\n")
    assert adjudicate(study, "adj", units=path) == Adjudication("adj", 1, 1, {"finding": 1}, {"trigger": 1})
    (agreed,) = (line for line in lines(study, "shown.jsonl") if line["model"] == "agreed")
    assert ([one["text"] for one in agreed["mentions"]], agreed["relations"]) == (["Ada"], [])
    pull(study, "adj", [(0, JUDGE, fights(choice(REASON, "codebook_gap")))], first=50)
    decide(study)
    assert "### trigger: no label (1 unit)\n" in memo(study, "adj")
    assert "  - finding: too short\n" in memo(study, "adj")


def test_adjudicators_that_cannot_be_are_named_before_anything_is_written(study: Study) -> None:
    annotators.write(study.annotators, {"a@example.org": JUDGE, "b@example.org": "Judge-01", "c@example.org": "a b"})
    before = snapshot(study)
    for names, message in (
        ([JUDGE, JUDGE], "--annotator judge-01 stands twice"),
        ([JUDGE, "Judge-01"], "judge-01 and Judge-01 differ in capitals only"),
        (["a b"], '"a b" cannot be the annotator of a round'),
    ):
        with pytest.raises(GoldwireError, match=message):
            adjudicate(study, "adj", annotators=names)
    assert snapshot(study) == before


def test_what_cannot_be_adjudicated_is_refused_and_nothing_is_written(study: Study) -> None:
    adjudicate(study, "adj")
    write_text(study.schemes / "other.yaml", SCHEME.replace("talks", "other"))
    before = snapshot(study)
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("r", {}, "round r is there, and is no adjudication"),
        ("new", {"of": ["adj"]}, "round adj is an adjudication, and has no votes"),
        ("new", {"scheme": "other"}, "there are no votes with scheme other"),
        ("new", {"annotators": ["erika"]}, "erika is not in annotators.csv"),
        ("../x", {"again": True}, '"../x" cannot be the name of a round'),
        ("new", {"rules": Rules(tie=False)}, "nothing says what a dispute is"),
        ("new", {"blind": True}, "--blind needs to know who adjudicates"),
        ("adj", {"blind": True}, "round adj is there, and is not blind"),
        ("new", {"rules": Rules(questions=["mood"])}, 'scheme talks has no question or layer "mood"'),
    ]
    for name, options, message in cases:
        with pytest.raises(GoldwireError) as caught:
            adjudicate(study, name, **options)
        assert (caught.value.message, bool(caught.value.hint)) == (message, True)
    assert snapshot(study) == before


def test_a_text_that_changed_since_is_refused(study: Study) -> None:
    rows = study.read("articles").to_pylist()
    tables.write(tables.build("articles", [{**row, "text": row["text"].upper()} for row in rows]), study.articles)
    with pytest.raises(GoldwireError, match=r"the text of unit a./document has changed since it was labelled"):
        adjudicate(study, "adj")
    assert not (study.rounds / "adj").exists()


# the page


def test_the_page_asks_why_the_annotators_differed_and_the_hash_is_that_of_the_plain_scheme(study: Study) -> None:
    adjudicate(study, "adj")
    scheme = rounds.scheme_of(study, rounds.read(study.rounds / "adj"))
    assert (scheme.hash, scheme.model_copy(update={"version": "2.0.0"}).hash == TALKS.hash) == (TALKS.hash, False)
    reason = scheme.questions[-1]
    assert (reason.name, reason.type, reason.required) == (REASON, "single", True)
    assert list(reason.label_names()) == ["codebook_gap", "slip", "truly_ambiguous", "text_problem"]
    assert list(controls(scheme))[:6] == ["event", "flags", "heat", "why", REASON, "comment"]
    assert "Why did the annotators differ?" in config(scheme)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scheme_can_be_adjudicated_with_keys_of_its_own(name: str) -> None:
    scheme = load(name)
    asked = with_reason(scheme)
    config(asked)
    assert asked.hash == scheme.hash
    keys = [label.hotkey for label in asked.questions[-1].labels]
    assert None not in keys
    assert len(set(keys)) == 4


def test_a_scheme_that_has_the_question_already_is_refused() -> None:
    with pytest.raises(GoldwireError, match=f'has a question or layer "{REASON}"'):
        with_reason(with_reason(TALKS))
