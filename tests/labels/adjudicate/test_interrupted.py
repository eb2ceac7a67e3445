"""Adjudication that is cut short, runs twice at once, or comes upon old tables: nothing is lost, nothing is twice."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from disputing import JUDGE, TALKS, A, B, C, a_study, choice, document, link, pull, span
from goldwire.errors import GoldwireError
from goldwire.labels import rounds, stages
from goldwire.labels.adjudicate import make, shown
from goldwire.labels.adjudicate.disputes import Rules
from goldwire.labels.adjudicate.make import adjudicate
from goldwire.labels.tasks import write_round
from goldwire.labels.team import annotators, assignments
from goldwire.labels.units import documents
from goldwire.study import Study

SHARE = Rules(tie=False, share=0.7)


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """Six units in two rounds: of each, one with three answers, one that two of three give, one that all give."""
    monkeypatch.setattr("goldwire.labels.rounds.secrets.token_hex", lambda size: "0" * 2 * size)
    study = a_study(tmp_path, 6, overlap=3)
    annotators.write(study.annotators, {"judge@example.org": JUDGE})
    articles = study.read("articles")
    write_round(study, "r2", TALKS, articles.slice(3), documents(articles.slice(3)), overlap=3)
    given = [
        (unit, who, [choice("event", label)])
        for unit, labels in enumerate(2 * [("MEET", "FIGHT", "NONE"), ("MEET", "MEET", "NONE"), ("MEET",) * 3])
        for who, label in zip((A, B, C), labels, strict=True)
    ]
    pull(study, "r", given[:9])
    pull(study, "r2", given[9:], first=20)
    stages.build(study)
    stages.gold(study)
    return study


def files(study: Study) -> dict[str, bytes]:
    folder = study.rounds / "adj"
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def interrupted(monkeypatch: pytest.MonkeyPatch, call: Callable[[], object], after: int) -> bool:
    """Call, and stop it when so many files were written; return whether that happened."""
    replace, left = Path.replace, [after]

    def stopping(path: Path, target: Path) -> Path:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        try:
            call()
        except KeyboardInterrupt:
            return True
    return False


def test_wherever_a_new_round_is_cut_short_the_next_call_makes_it_whole(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call() -> object:
        return adjudicate(study, "adj", of=["r"], annotators=[JUDGE])

    call()
    whole = files(study)
    assert len(whole) == 6
    for after in range(20):
        for path in (study.rounds / "adj").iterdir():
            path.unlink()
        stopped = interrupted(monkeypatch, call, after)
        call()
        assert files(study) == whole
        if not stopped:
            break
    assert after == 7  # the scheme, disputes, shown, tasks, round, assignments, and the round with its annotators


def test_wherever_an_addition_is_cut_short_the_next_call_makes_it_whole(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call() -> object:
        return adjudicate(study, "adj", of=["r2"], rules=SHARE)

    adjudicate(study, "adj", of=["r"], annotators=[JUDGE])
    before = files(study)
    call()
    whole = files(study)
    for after in range(20):
        for name, content in before.items():
            (study.rounds / "adj" / name).write_bytes(content)
        stopped = interrupted(monkeypatch, call, after)
        tasks = rounds.tasks(study.rounds / "adj")
        scheme = rounds.scheme_of(study, rounds.read(study.rounds / "adj"))
        shown.guesses(scheme, tasks, shown.read(study, "adj"))  # it could be pushed as it is
        call()
        assert files(study) == whole
        if not stopped:
            break
    assert after == 7
    assert rounds.read(study.rounds / "adj").adjudicates == ["r", "r2"]
    assert assignments.read(study.rounds / "adj") == {document(n): (JUDGE,) for n in (0, 3, 4)}


@pytest.mark.parametrize("names", [("adj", "adj"), ("adj", "other")])
def test_of_two_calls_at_once_neither_undoes_the_other_and_no_unit_is_asked_twice(
    study: Study, monkeypatch: pytest.MonkeyPatch, names: tuple[str, str]
) -> None:
    tasks = make._tasks

    def slowly(*given: Any) -> Any:
        time.sleep(0.2)
        return tasks(*given)

    monkeypatch.setattr(make, "_tasks", slowly)
    with ThreadPoolExecutor(2) as pool:
        made = [
            pool.submit(adjudicate, study, name, rules=r) for name, r in zip(names, (SHARE, Rules()), strict=True)
        ]
        added = sum(one.result().added for one in made)
    found = [
        task["data"]["unit_id"]
        for folder in rounds.listing(study.rounds)
        if rounds.read(folder).adjudicates
        for task in rounds.tasks(folder)
    ]
    assert (added, sorted(found)) == (4, [document(n) for n in (0, 1, 3, 4)])


def test_gold_that_is_older_than_the_votes_is_refused(study: Study) -> None:
    def refused() -> str:
        with pytest.raises(GoldwireError) as caught:
            adjudicate(study, "adj")
        assert caught.value.hint == "Decide again: goldwire labels gold"
        return caught.value.message

    pull(study, "r", [(2, A, [choice("event", "FIGHT")])], first=50)
    stages.build(study)
    assert refused() == f"votes have changed since gold was decided, such as those on {document(2)} (1 in all)"
    stages.gold(study)
    assert adjudicate(study, "adj", dry_run=True).units == 2
    study.params_file.write_text("recode: {talks: {event: {NONE: FIGHT}}}\n", encoding="utf-8")
    assert "(4 in all)" in refused()


def test_gold_with_older_mentions_or_relations_is_refused(tmp_path: Path) -> None:
    """Two mark Ada and "met", both link them; then one answers anew, at first without the link, then without Ada."""
    study = a_study(tmp_path, 2, overlap=2)
    meet = choice("event", "MEET")
    met, ada, by = span("m", "trigger", "MEETING", "met"), span("a", "who", "actor", "Ada"), link("m", "a", "by")
    whole = [meet, met, ada, by]
    pull(study, "r", [(unit, who, whole) for unit in (0, 1) for who in (A, B)])
    rules = Rules(questions=["who", "relation"])
    for first, answer, disputed in ((50, [meet, met, ada], "relation"), (60, [meet, met], "who")):
        stages.build(study)
        stages.gold(study)
        adjudicate(study, "adj", rules=rules, dry_run=True)
        pull(study, "r", [(1, A, answer), (1, B, whole)], first=first)
        stages.build(study)
        with pytest.raises(GoldwireError) as caught:
            adjudicate(study, "adj", rules=rules)
        assert caught.value.message == (
            f"votes have changed since gold was decided, such as those on {document(1)} (1 in all)"
        )
        stages.gold(study)
        assert adjudicate(study, "adj", rules=rules, dry_run=True).by_question == {disputed: 1}


def test_mentions_decided_by_a_model_are_compared_by_the_same_model(tmp_path: Path) -> None:
    """Two of four mark Ada: a tie by majority, and in gold by Dawid-Skene."""
    study = a_study(tmp_path, 1, overlap=4)
    said = choice("event", "MEET")
    ada = span("a", "who", "actor", "Ada")
    pull(study, "r", [(0, A, [said]), (0, B, [said]), (0, C, [said, ada]), (0, "annotator-04", [said, ada])])
    stages.build(study)
    kept = []
    for method in ("majority", "dawid-skene"):
        stages.gold(study, method=method)
        kept.append(study.read("gold_mentions").num_rows)
        assert adjudicate(study, "adj", dry_run=True).units == 0
    assert kept == [0, 1]
