"""What was in dispute, read again later: under a newer scheme, and where several adjudicators ruled."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from disputing import JUDGE, SCHEME, TALKS, A, B, a_study, choice, document, pull, span
from goldwire.cli import labels_exchange
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import stages
from goldwire.labels.adjudicate import kept
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import adjudicate
from goldwire.labels.adjudicate.memo import memo
from goldwire.labels.adjudicate.reasons import REASON
from goldwire.labels.migrate import mapping
from goldwire.labels.migrate.chain import keep
from goldwire.labels.team import annotators
from goldwire.scheme import parse
from goldwire.study import Study

OTHER = "judge-02"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two units on which two annotators differ; of the first, one of them marks Bob."""
    study = a_study(tmp_path, 2, overlap=2)
    annotators.write(study.annotators, {"judge@example.org": JUDGE})
    given = [
        (unit, who, [choice("event", label), choice("flags", "x")])
        for unit in (0, 1)
        for who, label in ((A, "MEET"), (B, "FIGHT"))
    ]
    given[0][2].append(span("b", "who", "actor", "Bob"))
    pull(study, "r", given)
    decide(study)
    adjudicate(study, "adj", rules=Rules(questions=["event", "who"]))
    return study


def decide(study: Study) -> None:
    assert stages.build(study)[1] == []
    stages.gold(study)


def test_what_was_in_dispute_is_that_of_rounds_with_answers(study: Study) -> None:
    assert kept.disputed(study) == set()
    pull(study, "adj", [(0, JUDGE, [choice("event", "MEET"), choice(REASON, "slip")])], first=50)
    assert kept.disputed(study) == {
        ("talks", document(0), "event"),
        ("talks", document(0), "who"),
        ("talks", document(1), "event"),
    }


def test_after_a_migration_disputes_and_memo_have_the_new_names(study: Study) -> None:
    pull(study, "adj", [(0, JUDGE, [choice("event", "MEET"), choice(REASON, "codebook_gap")])], first=50)
    new = SCHEME.replace("version: 1.0.0", "version: 2.0.0").replace("{name: event,", "{name: main,")
    new = new.replace("name: MEET,", "name: CONSULT,").replace("{name: actor,", "{name: party,")
    new = new.replace("to: [actor]", "to: [party]")
    now = parse(new, "talks.yaml")
    keep(study, SCHEME, TALKS)
    write_text(study.schemes / "talks.yaml", new)
    versions = {
        key: {"name": one.name, "version": one.version, "hash": one.hash}
        for key, one in (("from", TALKS), ("to", now))
    }
    labels = {"event": {"MEET": "CONSULT"}, "who": {"actor": "party"}}
    moved = {**versions, "names": {"event": "main"}, "labels": labels}
    write_text(mapping.path(study.schemes, TALKS, now), json.dumps(moved))
    decide(study)
    assert {question for _, _, question in kept.disputed(study)} == {"main", "who"}
    text = memo(study, "adj")
    assert "### main: CONSULT, FIGHT (1 unit)" in text
    assert r"  - main: annotator\-01 CONSULT; annotator\-02 FIGHT → **CONSULT**" in text
    assert "  - party “Bob”: 1 of 2" in text


def test_the_memo_says_where_adjudicators_ruled_on_the_same_unit(study: Study) -> None:
    adjudicate(study, "later", again=True)
    slip = choice(REASON, "slip")
    both = [(0, JUDGE, [choice("event", "MEET"), slip]), (0, OTHER, [choice("event", "FIGHT"), slip])]
    pull(study, "adj", [*both, (1, JUDGE, [choice("event", "MEET"), choice(REASON, "truly_ambiguous")])], first=50)
    text = [choice("event", "NONE"), choice(REASON, "text_problem")]
    pull(study, "later", [(1, JUDGE, text)], first=60)
    decide(study)
    found = memo(study, "adj")
    assert "2 units ruled more than once; of each the ruling given last stands.\n" in found
    assert r"  - also ruled by judge\-01 in round later, and that ruling stands: event NONE" in found
    assert r"  - also ruled by judge\-01 in round adj: event MEET" in memo(study, "later")
    rows = [row for row in study.read("gold").to_pylist() if row["question"] == "event"]
    assert [(row["labels"], row["adjudicator"]) for row in rows] == [(["FIGHT"], OTHER), (["NONE"], JUDGE)]


def test_predictions_of_a_model_are_refused_before_anything_is_sent(
    study: Study, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(study.root)
    path = tmp_path / "p.csv"
    write_text(path, f"unit_id,question,label,model\n{document(0)},event,MEET,m\n")
    group = typer.Typer()
    labels_exchange.register(group)
    with pytest.raises(GoldwireError, match="round adj is an adjudication: its page shows the annotators' answers"):
        CliRunner().invoke(group, ["push", "adj", "--predictions", str(path)], catch_exceptions=False)
