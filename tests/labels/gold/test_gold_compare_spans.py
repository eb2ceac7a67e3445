"""The methods scored on what was in dispute: only there, and on mentions and relations too."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from disputing import JUDGE, A, B, C, Json, a_study, choice, document, link, pull, span
from goldwire.cli import labels_gold
from goldwire.errors import GoldwireError
from goldwire.labels import rounds, stages
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import adjudicate
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.study import Study

EXACT = {"low": None, "high": None, "why": "2 clusters: an interval needs 10"}
MET, ADA, BOB = (span(*one) for one in (("m", "trigger", "MEETING", "met"), ("a", "who", "actor", "Ada"),
                                        ("b", "who", "actor", "Bob")))  # fmt: skip
WIDE = span("m", "trigger", "MEETING", "Ada met")
BY = link("m", "a", "by")


def said(label: str, *more: Json) -> list[Json]:
    return [choice("event", label), choice("flags", "x"), *more]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Three units. On 0 and 1 two of three annotators agree; on 2 all do. All mark Ada, and of unit 0 also "met"."""
    study = a_study(tmp_path, 3, overlap=3)
    votes = [
        *[(0, who, said("MEET", MET, ADA, BY)) for who in (A, B)],
        (0, C, said("FIGHT", MET, ADA)),
        *[(1, who, said("MEET", ADA)) for who in (A, B)],
        (1, C, said("FIGHT", ADA, BOB)),
        *[(2, who, said("MEET", ADA)) for who in (A, B, C)],
    ]
    pull(study, "r", votes)
    decide(study)
    return study


def decide(study: Study) -> None:
    assert stages.build(study)[1] == []
    stages.gold(study)


def rule(study: Study, *questions: str) -> None:
    """Unit 0 is as most said, but "Ada met" is what was marked; on 1 the single annotator is right about Bob."""
    adjudicate(study, "adj", rules=Rules(tie=False, share=0.7, questions=questions))
    slip = choice(REASON, "slip")
    rulings = [(0, JUDGE, [*said("MEET", WIDE, ADA, BY), slip]), (1, JUDGE, [*said("FIGHT", ADA, BOB), slip])]
    asked = {task["data"]["unit_id"] for task in rounds.tasks(study.rounds / "adj")}
    pull(study, "adj", [one for one in rulings if document(one[0]) in asked], first=50)
    decide(study)


def test_what_nobody_disputed_speaks_for_no_method(study: Study) -> None:
    rule(study)
    found = stages.compare_methods(study)
    assert list(found["questions"]) == ["talks.event"]  # all gave x, and the adjudicators left it
    event = found["questions"]["talks.event"]
    assert (event["n"], event["methods"]["majority"]["right"]["value"]) == (2, 0.5)


def test_mentions_and_relations_by_hand(study: Study) -> None:
    rule(study, "event", "who")
    found = stages.compare_methods(study)
    who, trigger = found["mentions"]["talks.who"], found["mentions"]["talks.trigger"]
    # "who" is in dispute on unit 1 alone: the majority has Ada, the ruling Ada and Bob
    assert (who["of"], who["n"], who["clusters"], who["marked"]) == ("disputed", 1, 1, 2)
    one = {"low": None, "high": None, "why": "1 cluster: an interval needs 10"}
    value = {"value": round(2 / 3, 6), **one}
    assert who["methods"]["majority"] == {"marked": 1, "exact": value, "overlap": value}
    # no dispute names "trigger": both ruled units are taken; 3 of 7 characters are too little to be the same
    assert (trigger["of"], trigger["n"], trigger["marked"]) == ("ruled", 2, 1)
    zero = {"value": 0, **EXACT}
    assert trigger["methods"]["majority"] == {"marked": 1, "exact": zero, "overlap": zero}
    relation = found["relations"]["talks.relation"]
    assert (relation["of"], relation["marked"]) == ("ruled", 1)
    assert relation["methods"]["majority"] == {"marked": 1, "exact": zero, "overlap": zero}


def test_spans_that_overlap_are_the_same_but_not_exactly(tmp_path: Path) -> None:
    study = a_study(tmp_path, 1, overlap=1)
    pull(study, "r", [(0, A, said("MEET", WIDE, ADA, BY))])
    decide(study)
    path = tmp_path / "found.csv"
    path.write_text(f"unit_id,question\n{document(0)},event\n", encoding="utf-8")
    adjudicate(study, "adj", units=path)
    wider = {**WIDE, "value": {**WIDE["value"], "end": 11, "text": "Ada met Bob"}}
    pull(study, "adj", [(0, JUDGE, [*said("MEET", wider, ADA, BY), choice(REASON, "slip")])], first=50)
    decide(study)
    found = stages.compare_methods(study)
    for one in (found["mentions"]["talks.trigger"], found["relations"]["talks.relation"]):
        majority = one["methods"]["majority"]
        assert (majority["exact"]["value"], majority["overlap"]["value"]) == (0, 1)


def test_layers_alone_can_be_in_dispute_and_without_a_ruling_on_it_there_is_nothing(study: Study) -> None:
    adjudicate(study, "adj", rules=Rules(tie=False, share=0.7, questions=["who"]))
    with pytest.raises(GoldwireError, match="there is no ruling on anything that was in dispute and has votes"):
        stages.compare_methods(study)
    rule(study, "who")
    found = stages.compare_methods(study)
    assert (found["questions"], found["mentions"]["talks.who"]["n"]) == ({}, 1)


def test_the_text_says_which_units_are_taken(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    rule(study, "event", "who")
    monkeypatch.chdir(study.root)
    group = typer.Typer()
    labels_gold.register(group)
    group.command("other")(lambda: None)
    text = CliRunner().invoke(group, ["gold", "--compare"], catch_exceptions=False).stdout
    tables = [part.splitlines() for part in text.split("\n\n")]
    assert [table[0].split()[0] for table in tables] == ["question", "mentions", "relations", "These"]
    assert [line.split() for line in tables[1][1:]] == [
        ["talks.trigger", "majority", "2", "ruled", "1", "1", "0.000", "0.000"],
        ["talks.trigger", "dawid-skene", "2", "ruled", "1", "1", "0.000", "0.000"],
        ["talks.trigger", "mace", "2", "ruled", "1", "1", "0.000", "0.000"],
        ["talks.who", "majority", "1", "disputed", "2", "1", "0.667", "0.667"],
        ["talks.who", "dawid-skene", "1", "disputed", "2", "1", "0.667", "0.667"],
        ["talks.who", "mace", "1", "disputed", "2", "1", "0.667", "0.667"],
        tables[1][-1].split(),
    ]
    assert tables[1][-1].startswith("ruled: no dispute names these mentions, so all ruled units are taken.")
