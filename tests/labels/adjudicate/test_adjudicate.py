"""Adjudication offline: votes to a round, rulings to gold, and what the other commands make of such a round."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from disputing import JUDGE, SCHEME, TALKS, A, B, C, Json, a_study, choice, document, link, pull, span, written
from goldwire import tables
from goldwire.cli import labels_adjudicate
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_text
from goldwire.labels import rounds, stages
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import Adjudication, adjudicate
from goldwire.labels.adjudicate.memo import memo
from goldwire.labels.adjudicate.reasons import REASON, with_reason
from goldwire.labels.compose import compose
from goldwire.labels.interface import config, controls
from goldwire.labels.migrate import mapping
from goldwire.labels.migrate.allowed import refuse_others
from goldwire.labels.migrate.chain import keep
from goldwire.labels.rounds import Round
from goldwire.labels.team import annotators, assignments
from goldwire.labels.team.retest import make_retest
from goldwire.labels.team.status import status
from goldwire.scheme import load, parse, shipped
from goldwire.study import Study


def fights(*more: Json) -> list[Json]:
    return [choice("event", "FIGHT"), *more]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Six units: on 0 and 1 two annotators differ, on 2 two of three agree, on 3 both are unsure, on 4 and 5 all
    agree, but on 4 one of two marks Bob."""
    study = a_study(tmp_path, 6, overlap=2)
    annotators.write(study.annotators, {"judge@example.org": JUDGE, "j2@example.org": "judge-02"})
    said = written("comment", "Is it *one*?")
    unclear = [choice("event", "unclear")]
    marks = [span("m", "trigger", "MEETING", "met"), span("a", "who", "actor", "Ada"), link("m", "a", "by")]
    votes = [
        (0, A, [choice("event", "MEET"), choice("flags", "x"), *marks, said]),
        (0, B, [choice("event", "FIGHT"), choice("flags", "x"), *marks[:2]]),
        *[(1, A, fights()), (1, B, [choice("event", "MEET")])],
        *[(2, A, fights()), (2, B, fights()), (2, C, [choice("event", "MEET")])],
        *[(3, A, unclear), (3, B, unclear)],
        *[(4, A, fights(span("b", "who", "actor", "Bob"))), (4, B, fights())],
        *[(5, A, fights()), (5, B, fights())],
    ]
    pull(study, "r", votes)
    decide(study)
    return study


@pytest.fixture
def tied_twice(tmp_path: Path) -> Study:
    """A unit on which two annotators differ in both questions: x is decided, MEET or FIGHT is not, and z is half."""
    study = a_study(tmp_path, 1, overlap=2)
    by_a = [choice("event", "MEET"), choice("flags", "x"), choice("heat", "1")]
    by_b = [choice("event", "FIGHT"), choice("flags", "x", "z"), choice("heat", "1")]
    pull(study, "r", [(0, A, by_a), (0, B, by_b)])
    decide(study)
    return study


def decide(study: Study) -> None:
    assert stages.build(study)[1] == []
    stages.gold(study)


def snapshot(study: Study) -> dict[str, bytes]:
    return {str(p.relative_to(study.root)): p.read_bytes() for p in study.root.rglob("*") if p.is_file()}


def asked(study: Study, name: str = "adj") -> list[str]:
    return [task["data"]["unit_id"] for task in rounds.tasks(study.rounds / name)]


def lines(study: Study, file: str, name: str = "adj") -> list[Json]:
    return [json.loads(line) for line in (study.rounds / name / file).read_text(encoding="utf-8").splitlines()]


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


# rulings


def rule(study: Study) -> None:
    """The judge settles 0 and 1, and is unsure of 3; unit 0 twice, so that the later ruling stands."""
    adjudicate(study, "adj")
    gap, slip = choice(REASON, "codebook_gap"), choice(REASON, "slip")
    marks = [span("m", "trigger", "MEETING", "met"), span("b", "who", "actor", "Bob"), link("m", "b", "by")]
    said = written("comment", "The manual says nothing of *handshakes*.")
    rulings = [
        (0, JUDGE, [choice("event", "NONE"), slip]),
        (0, JUDGE, [choice("event", "MEET"), choice("flags", "z"), gap, said, *marks]),
        (1, JUDGE, [choice("event", "FIGHT"), slip]),
        (3, JUDGE, [choice("event", "unclear"), choice(REASON, "truly_ambiguous")]),
    ]
    pull(study, "adj", rulings, first=50)


def test_rulings_outrank_votes_and_change_no_agreement(study: Study) -> None:
    before = stages.agreement(study)
    gold_before = {(row["unit_id"], row["question"]): row for row in study.read("gold").to_pylist()}
    rule(study)
    decide(study)
    votes = study.read("votes").to_pylist()
    assert {(row["purpose"], row["counts"], row["scheme_hash"]) for row in votes if row["round"] == "adj"} == {
        ("adjudication", False, TALKS.hash)
    }
    reasons = [(row["unit_id"], row["labels"]) for row in votes if row["question"] == REASON]
    assert reasons == [
        (document(0), ["slip"]),
        (document(0), ["codebook_gap"]),
        (document(1), ["slip"]),
        (document(3), ["truly_ambiguous"]),
    ]
    assert stages.agreement(study) == before

    gold = {(row["unit_id"], row["question"]): row for row in study.read("gold").to_pylist()}
    gap = {"adjudicator": JUDGE, "reason": "codebook_gap: The manual says nothing of *handshakes*."}
    slip, unsure = {"adjudicator": JUDGE, "reason": "slip"}, {"adjudicator": JUDGE, "reason": "truly_ambiguous"}
    ruled = {
        (document(0), "event"): {"labels": ["MEET"], "decided_by": "adjudicated", **gap},
        (document(0), "flags"): {"labels": ["z"], "decided_by": "adjudicated", **gap},
        (document(1), "event"): {"labels": ["FIGHT"], "decided_by": "adjudicated", **slip},
        (document(3), "event"): {"labels": [], "decided_by": "unresolved", **unsure},
    }
    assert gold == {key: {**row, **ruled.get(key, {})} for key, row in gold_before.items()}
    mentions = [row for row in study.read("gold_mentions").to_pylist() if row["unit_id"] == document(0)]
    assert [(row["mention_id"], row["decided_by"], row["n_votes"], row["distribution"]) for row in mentions] == [
        (f"{document(0)}#trigger-4-7-MEETING", "unanimous", 2, [{"label": "MEETING", "share": 1.0}]),
        (f"{document(0)}#who-8-11-actor", "adjudicated", 2, []),
    ]
    (relation,) = study.read("gold_relations").to_pylist()
    assert (relation["to"], relation["n_votes"], relation["reason"]) == (mentions[1]["mention_id"], 0, gap["reason"])
    stages.dataset(study)  # the reason is no question of the scheme, and nothing trips over it


def test_what_is_adjudicated_or_waits_elsewhere_is_left_out_unless_asked_for(study: Study) -> None:
    adjudicate(study, "adj", rules=Rules(tie=False, share=0.7))
    made = adjudicate(study, "other")
    assert (made.units, made.left_out) == (0, {"waiting": 3})
    pull(study, "adj", [(0, JUDGE, [choice("event", "MEET"), choice(REASON, "slip")])], first=50)
    decide(study)
    assert adjudicate(study, "other").left_out == {"adjudicated": 1, "waiting": 2}
    assert adjudicate(study, "other", again=True).units == 3


def test_the_memo_lists_the_codebook_gaps_one_by_one(study: Study) -> None:
    with pytest.raises(GoldwireError, match="round r is no adjudication"):
        memo(study, "r")
    adjudicate(study, "adj")
    with pytest.raises(GoldwireError, match="there is no ruling of round adj yet"):
        memo(study, "adj")
    rule(study)
    decide(study)
    text = r"Ada met Bob in Rome. They shook hands \*twice\*; nobody saw it."
    assert (
        memo(study, "adj")
        == rf"""# Adjudication adj: Talks 1.0.0

3 units of 3 adjudicated, of round r, by judge\-01.

| reason | units |
|---|---|
| codebook gap | 1 |
| slip | 1 |
| truly ambiguous | 1 |
| text problem | 0 |

## Codebook gaps

### event: MEET, FIGHT (1 unit)

- **a0/document**: Ada met Bob in Rome., Courier
  - event: annotator\-01 MEET; annotator\-02 FIGHT → **MEET**
  - annotator\-01: Is it \*one\*?
  - **judge\-01: The manual says nothing of \*handshakes\*.**
  - {text}

## Truly ambiguous

- **a3/document**: Ada met Bob in Rome., Courier
  - event: annotator\-01 unclear; annotator\-02 unclear → **unclear**
  - {text}

## Slips

| annotator | units on which they differ from the ruling |
|---|---|
| annotator\-02 | 1 |

## Text problems

None.
"""
    )


def test_a_memo_shows_the_words_around_a_disputed_span(study: Study) -> None:
    adjudicate(study, "adj", rules=Rules(questions=["who"]))
    ruling = fights(choice(REASON, "codebook_gap"), span("b", "who", "actor", "Bob"))
    pull(study, "adj", [(4, JUDGE, ruling)], first=50)
    decide(study)
    found = memo(study, "adj")
    assert "### who: actor (1 unit)\n" in found
    assert "  - actor “Bob”: 1 of 2\n" in found
    assert r"  - Ada met **Bob** in Rome. They shook hands \*twice\*; nobody saw it." in found


# other commands


def test_other_commands_know_an_adjudication(study: Study) -> None:
    rule(study)
    found = status(study, "adj")
    assert (found["units"], found["done"], found["left"], found["agreement"]) == (3, 3, 0, None)
    before = snapshot(study)
    with pytest.raises(GoldwireError, match="the round settles disputes of r, and its answers outrank votes"):
        compose(study, "adj", "talks")
    with pytest.raises(GoldwireError, match="round adj is an adjudication: its answers began from others'"):
        make_retest(study, "again", "adj", after=0)
    for on_server in (True, False):
        with pytest.raises(GoldwireError, match="round adj is an adjudication: its page asks why") as caught:
            refuse_others(study, "adj", on_server=on_server)
        assert "goldwire labels migrate r;" in str(caught.value.hint)
    refuse_others(study, "r", on_server=False)
    assert snapshot(study) == before
    assignments.assign_round(study, "adj", named=[JUDGE, "judge-02"])
    assert {who for several in assignments.read(study.rounds / "adj").values() for who in several} == {
        JUDGE,
        "judge-02",
    }


def test_a_migration_brings_rulings_along_with_their_reasons(study: Study) -> None:
    rule(study)
    new = SCHEME.replace("version: 1.0.0", "version: 2.0.0").replace("name: MEET,", "name: CONSULT,")
    now = parse(new, "talks.yaml")
    keep(study, SCHEME, TALKS)
    write_text(study.schemes / "talks.yaml", new)
    versions = {
        key: {"name": one.name, "version": one.version, "hash": one.hash}
        for key, one in (("from", TALKS), ("to", now))
    }
    path = mapping.path(study.schemes, TALKS, now)
    write_text(path, json.dumps({**versions, "labels": {"event": {"MEET": "CONSULT"}}}))
    decide(study)
    votes = study.read("votes").to_pylist()
    assert {row["scheme_hash"] for row in votes} == {now.hash}
    assert sum(row["question"] == REASON for row in votes) == 4
    row = next(row for row in study.read("gold").to_pylist() if row["unit_id"] == document(0))
    assert (row["labels"], row["decided_by"], row["reason"][:12]) == (["CONSULT"], "adjudicated", "codebook_gap")
    with pytest.raises(GoldwireError, match=r"round adj asks talks 1\.0\.0 .* and the votes are to talks 2\.0\.0"):
        adjudicate(study, "adj")
    assert adjudicate(study, "newer", again=True).units == 3


def test_the_command(study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(study.root)
    group = typer.Typer()
    labels_adjudicate.register(group)
    group.command("other")(lambda: None)

    def run(*words: str) -> str:
        return CliRunner().invoke(group, ["adjudicate", *words], catch_exceptions=False).stdout

    assert run("adj", "--question", "heat") == "Nothing is in dispute; no round was made.\n"
    made = json.loads(run("adj", "--of", "r", "--share", "0.7", "--tie", "--dry-run", "--json"))
    assert made == {
        "round": "adj",
        "units": 4,
        "added": 4,
        "by_rule": {"tie": 3, "share": 4},
        "by_question": {"event": 4},
        "left_out": {},
    }
    assert run("adj", "--annotator", JUDGE).startswith("3 units in adj, 3 of them new\n")
    rule(study)
    decide(study)
    assert run("adj", "--memo", "-") == memo(study, "adj")
    run("adj", "--memo", str(tmp_path / "memo.md"))
    assert (tmp_path / "memo.md").read_text(encoding="utf-8") == memo(study, "adj")
    for share in ("0.7", "0"):
        with pytest.raises(UsageError, match="--share does not go with --memo"):
            run("adj", "--memo", "-", "--share", share)
    with pytest.raises(UsageError, match=r"--share is above 0 and at most 1, not 0\.0"):
        run("new", "--share", "0")
    assert run("more") == (
        "Nothing is in dispute; no round was made.\nNot taken: 3 adjudicated already; --again takes them.\n"
    )
