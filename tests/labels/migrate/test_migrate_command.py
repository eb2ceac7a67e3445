"""The command in a study: the mapping file, the new round, and tables on the current version."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from goldwire import tables
from goldwire.cli import labels_migrate
from goldwire.errors import GoldwireError
from goldwire.files import write_text
from goldwire.labels import rounds
from goldwire.labels.fold import build_tables
from goldwire.labels.gold.merge import gold
from goldwire.labels.migrate.chain import path_to_current, recast_tables
from goldwire.labels.migrate.command import migrate
from goldwire.labels.tasks import write_round
from goldwire.labels.units import documents
from goldwire.scheme import load, parse, shipped_text
from goldwire.study import Study
from little import choice
from migrating import FIRST, SECOND, decide, files, pull, said, small_study

THIRD = SECOND.replace("2.0.0", "3.0.0").replace("WAR", "BATTLE")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return small_study(tmp_path)


def built(study: Study) -> list[tuple[Any, ...]]:
    made = recast_tables(study, build_tables(study)[0])
    rows = made["votes"].filter([name == "event" for name in made["votes"]["question"].to_pylist()]).to_pylist()
    assert {row["scheme_hash"] for row in rows} == {load("little", study.schemes).hash}
    return [(row["unit_id"], row["annotator"], row["round"], row["labels"], row["counts"]) for row in rows]


def test_without_decisions_a_draft_is_written_and_nothing_else_happens(study: Study) -> None:
    before = files(study)
    would = migrate(study, "r", dry_run=True)
    assert files(study) == before
    done = migrate(study, "r")
    assert would == done
    assert (done["draft"], done["undecided"], done["into"]) == (True, ["event: FIGHT (1 answers)"], None)
    assert done["mapping"] == "labels/schemes/migrations/little-1.0.0-2.0.0.yaml"
    written = sorted(files(study).keys() - before.keys())
    folder = "labels/schemes/migrations"
    assert written == [f"{folder}/{name}.yaml" for name in ("little-1.0.0-2.0.0", "little-1.0.0", "little-2.0.0")]
    assert [(row["name"], row["label"], row["answers"], row["units"], row["what"]) for row in done["rows"]] == [
        ("event", None, 3, 2, "kept"),
        ("event", "MEET", 1, 1, "kept"),
        ("event", "FIGHT", 1, 1, "undecided"),
        ("event", "NONE", 1, 1, "kept"),
        ("calm", None, 3, 2, "kept"),
        ("calm", "yes", 0, 0, "kept"),
        ("calm", "no", 3, 2, "kept"),
        ("event", "WAR", 0, 0, "added"),
        ("event", "BRAWL", 0, 0, "added"),
    ]


def test_until_it_is_migrated_the_tables_are_refused(study: Study) -> None:
    with pytest.raises(GoldwireError, match="no mapping leads there") as caught:
        recast_tables(study, build_tables(study)[0])
    assert str(caught.value).startswith(f"round r: {study.schemes / 'little.yaml'}: ")
    assert caught.value.hint == (
        "Bring the old file back, or say what became of its labels: goldwire labels migrate r"
    )
    write_text(study.schemes / "little.yaml", FIRST)
    made = build_tables(study)[0]
    assert recast_tables(study, made) is made


def test_a_split_is_asked_again_in_a_new_round_and_its_answer_takes_the_old_ones_place(study: Study) -> None:
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    done = migrate(study, "r")
    assert (done["again"], done["into"], done["tasks"]) == ({"units": 1, "names": {"event": 1}}, "r-2.0.0", 1)
    before, made = (rounds.read(study.rounds / name) for name in ("r", "r-2.0.0"))
    assert made.id != before.id
    assert made == before.model_copy(
        update={"round": "r-2.0.0", "id": made.id, "scheme_version": "2.0.0", "scheme_hash": parse(SECOND, "").hash}
    )
    folder = study.rounds / "r-2.0.0"
    assert (folder / "assignments.csv").read_text(encoding="utf-8") == "unit_id,annotator\na/document,ann\n"
    old = {task["data"]["unit_id"]: task for task in rounds.tasks(study.rounds / "r")}
    assert rounds.tasks(folder) == [old["a/document"]]
    assert rounds.scheme_of(study, made).version == "2.0.0"
    assert built(study) == [
        ("a/document", "ann", "r", None, True),
        ("a/document", "bea", "r", ["MEET"], True),
        ("b/document", "ann", "r", ["NONE"], True),
    ]
    snapshot = files(study)
    assert migrate(study, "r") == done
    assert files(study) == snapshot

    pull(study, "r-2.0.0", a=[said(11, "ann", "WAR", minute=5)])
    assert built(study) == [
        ("a/document", "ann", "r", None, False),
        ("a/document", "ann", "r-2.0.0", ["WAR"], True),
        ("a/document", "bea", "r", ["MEET"], True),
        ("b/document", "ann", "r", ["NONE"], True),
    ]
    made_tables = recast_tables(study, build_tables(study)[0])
    votes, mentions, relations = (made_tables[name] for name in ("votes", "vote_mentions", "vote_relations"))
    decided = gold(votes, mentions, relations, {"little": parse(SECOND, "")}).gold.to_pylist()
    assert [(row["unit_id"], row["question"], row["labels"], row["n_votes"]) for row in decided] == [
        ("a/document", "event", [], 2),
        ("a/document", "calm", ["no"], 2),
        ("b/document", "event", ["NONE"], 1),
        ("b/document", "calm", ["no"], 1),
    ]


def test_an_open_answer_is_no_vote_for_anything(study: Study) -> None:
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    migrate(study, "r")
    made = recast_tables(study, build_tables(study)[0])
    votes, mentions, relations = (made[name] for name in ("votes", "vote_mentions", "vote_relations"))
    decided = gold(votes, mentions, relations, {"little": parse(SECOND, "")}).gold.to_pylist()
    assert [(row["labels"], row["n_votes"], row["decided_by"]) for row in decided if row["question"] == "event"] == [
        (["MEET"], 1, "unanimous"),
        (["NONE"], 1, "unanimous"),
    ]


def test_a_rename_needs_no_round(study: Study) -> None:
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: WAR")
    done = migrate(study, "r")
    assert (done["into"], done["tasks"], done["again"]["units"]) == (None, 0, 0)
    assert [path.name for path in rounds.listing(study.rounds)] == ["r"]
    assert built(study)[0] == ("a/document", "ann", "r", ["WAR"], True)


def test_versions_follow_each_other_in_a_chain(study: Study) -> None:
    migrate(study, "r")
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    migrate(study, "r")
    pull(study, "r-2.0.0", a=[said(11, "ann", "WAR", minute=5)])
    write_text(study.schemes / "little.yaml", THIRD)
    migrate(study, "r-2.0.0")
    decide(study, 'WAR: "?"', "WAR: BATTLE", "little-2.0.0-3.0.0.yaml")
    migrate(study, "r-2.0.0")
    way = path_to_current(study, "little", parse(FIRST, "").hash)
    assert [(step.old.version, step.new.version) for step in way] == [("1.0.0", "2.0.0"), ("2.0.0", "3.0.0")]
    assert [row[3] for row in built(study)] == [None, ["BATTLE"], ["MEET"], ["NONE"]]


def test_what_makes_no_sense_is_refused(study: Study) -> None:
    def refused(scheme: str | None = None, name: str = "r") -> str:
        with pytest.raises(GoldwireError) as caught:
            migrate(study, name, scheme=scheme)
        return caught.value.message

    assert refused(name="nothing") == 'there is no round "nothing"'
    assert refused("event-plover") == "round r asks little, and this is event-plover"
    write_text(study.schemes / "little.yaml", SECOND.replace("2.0.0", "1.0.0"))
    assert refused() == "the scheme is another one than round r asked, under the same version 1.0.0"
    write_text(study.schemes / "little.yaml", FIRST)
    assert refused().startswith("round r asks little 1.0.0 already")


def test_two_versions_of_a_shipped_scheme(tmp_path: Path) -> None:
    text = shipped_text("event-plover")
    study = Study(tmp_path)
    write_text(study.params_file, "seed: 0\n")
    articles = tables.build("articles", [{"article_id": "a", "text": "They met."}])
    tables.write(articles, study.articles)
    write_round(study, "r", load("event-plover"), articles, documents(articles))
    given = {**said(1, "ann", "CONSULT"), "result": [choice("main_event", "CONSULT")]}
    pull(study, "r", a=[given])
    version = load("event-plover").version
    changed = re.sub(r"\bCONSULT\b", "MEET", text.replace(f"version: {version}", "version: 9.0.0"))
    write_text(study.schemes / "event-plover.yaml", changed)
    assert "main_event: CONSULT (1 answers)" in migrate(study, "r")["undecided"]
    file = f"event-plover-{version}-9.0.0.yaml"
    path = study.schemes / "migrations" / file
    lines = path.read_text(encoding="utf-8").splitlines()
    write_text(path, "\n".join("    CONSULT: MEET" if "CONSULT:" in line else line for line in lines) + "\n")
    assert migrate(study, "r")["undecided"] == []
    votes = recast_tables(study, build_tables(study)[0])["votes"].to_pylist()
    assert [row["labels"] for row in votes if row["question"] == "main_event"] == [["MEET"]]


def test_the_command_prints_a_table_and_refuses_what_is_undecided(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = typer.Typer()
    labels_migrate.register(app)
    app.callback()(lambda: None)
    monkeypatch.chdir(study.root)
    run = CliRunner().invoke(app, ["migrate", "r"])
    assert isinstance(run.exception, GoldwireError)
    assert run.exception.exit_code == 3
    assert str(run.exception).endswith("it is not decided what becomes of event: FIGHT (1 answers)")
    assert run.stdout.splitlines()[:4] == [
        "little 1.0.0 -> 2.0.0, round r",
        "name   label  answers  units  others  what happens",
        "event  -            3      2       0  kept",
        "event  MEET         1      1       0  kept",
    ]
    assert "event  FIGHT        1      1       0  ? to be decided" in run.stdout
    decide(study, 'FIGHT: "?"', "FIGHT: [WAR, BRAWL]")
    run = CliRunner().invoke(app, ["migrate", "r", "--dry-run"])
    assert run.stdout.splitlines()[-2:] == [
        "1 units to answer again: event (1)",
        "round r-2.0.0: 1 units would be asked; push it with: goldwire labels push r-2.0.0",
    ]
    run = CliRunner().invoke(app, ["migrate", "r", "--into", "again", "--json"])
    assert json.loads(run.stdout)["into"] == "again"
    assert CliRunner().invoke(app, ["migrate", "r", "--clear"]).exception.exit_code == 2  # type: ignore[union-attr]
