"""What adjudicators decide: in gold, in the memo, and to the other commands."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from disputing import JUDGE, SCHEME, TALKS, choice, document, link, pull, span, written
from goldwire.cli import labels_adjudicate
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_text
from goldwire.labels import stages
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import adjudicate
from goldwire.labels.adjudicate.memo import memo
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.compose import compose
from goldwire.labels.migrate import mapping
from goldwire.labels.migrate.allowed import refuse_others
from goldwire.labels.migrate.chain import keep
from goldwire.labels.team import assignments
from goldwire.labels.team.retest import make_retest
from goldwire.labels.team.status import status
from goldwire.scheme import parse
from goldwire.study import Study
from rulings_of import decide, fights, snapshot

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
