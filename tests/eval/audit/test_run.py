"""What the checks say becomes findings: in order, cut, accepted; and every check has what it needs."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from auditing_checks import QUESTION, subject
from goldwire.errors import UsageError
from goldwire.eval import audit as room
from goldwire.eval.audit import checks
from goldwire.eval.audit.finding import SHOWN, Finding
from goldwire.eval.audit.run import as_json, audit, failing, summary, worst

TESTS = Path(__file__).parent
LEAK = [{"split": split, "article_id": f"a{n}"} for n in range(30) for split in ("train", "test")]
ANSWERED = [{**unit, "labels": ["favor"]} for unit in LEAK]


def test_findings_are_in_the_order_of_codes_and_cases_are_cut() -> None:
    found = audit(subject(ANSWERED), {}, ["GW201", "gw101"])
    assert [(one.code, one.question, one.state, one.count, len(one.cases)) for one in found] == [
        ("GW101", None, "fired", 30, SHOWN),
        ("GW201", QUESTION, "not applicable", 0, 0),
    ]
    assert as_json(found)[0]["cases"][0] == 'article_id "a0" is in test (1), train (1)'


def test_a_check_is_asked_for_each_question() -> None:
    given = subject(ANSWERED)
    two = replace(given, labels={"b.second": ["x"], **given.labels, "a.first": ["x"]})
    assert [one.question for one in audit(two, {}, ["GW201"])] == ["a.first", "b.second", QUESTION]


def test_without_questions_a_check_of_a_question_is_not_applicable() -> None:
    (found,) = audit(replace(subject(LEAK), labels={}), {}, ["GW201"])
    assert (found.state, found.text, found.question) == ("not applicable", "no question has labels here", None)


def test_an_accepted_code_does_not_count_and_keeps_its_figures() -> None:
    given = subject(LEAK)
    (before,), (after,) = audit(given, {}, ["GW101"]), audit(given, {"gw101": "official split"}, ["GW101"])
    assert after == replace(before, state="accepted", accepted="official split")
    assert (worst([before]), worst([after])) == ("error", None)
    assert summary([after], "warning") == {
        "checks": as_json([after]),
        "fired": 0,
        "worst": None,
        "failed": False,
    }


def test_what_did_not_fire_is_not_accepted() -> None:
    (found,) = audit(subject(LEAK[:1]), {"GW101": "official split"}, ["GW101"])
    assert (found.state, found.accepted) == ("not applicable", None)


def test_a_code_that_no_check_has_is_an_error_that_lists_them() -> None:
    with pytest.raises(UsageError, match="there is no check GW999") as error:
        audit(subject(LEAK), {"GW999": "why", "GW101": "why"})
    assert error.value.hint == f"There are: {', '.join(checks.STEMS)}"


def test_the_severity_decides_what_fails() -> None:
    def fired(code: str, severity: str) -> Finding:
        return Finding(code, "name", "title", severity, "fired", "text")  # type: ignore[arg-type]

    found = [fired("GW101", "error"), fired("GW103", "warning"), fired("GW204", "note")]
    assert [one.code for one in failing(found, "error")] == ["GW101"]
    assert [one.code for one in failing(found, "warning")] == ["GW101", "GW103"]
    assert [worst(found[n:]) for n in range(4)] == ["error", "warning", "note", None]


def test_a_check_that_is_accepted_for_no_reason_is_an_error() -> None:
    with pytest.raises(UsageError, match="gw101 is accepted without a reason"):
        audit(subject(LEAK), {"gw101": " "})


@pytest.mark.parametrize("code", checks.STEMS)
def test_every_check_has_its_code_a_page_with_three_parts_and_a_test_file(code: str) -> None:
    stem = checks.STEMS[code]
    found = checks.check(code)
    assert (found.code, found.name) == (code, stem)
    assert import_module(f"goldwire.eval.audit.{stem}").CHECK is found
    page = checks.page(code)
    assert page.startswith(f"# {code} {stem}: ")
    parts = [line for line in page.splitlines() if line.startswith("## ")]
    assert parts == ["## How it is found", "## Why it matters", "## What to do"]
    assert found.severity in page.lower()
    assert (TESTS / f"test_{stem}.py").is_file()


def test_no_check_and_no_page_is_left_out_of_the_list() -> None:
    folder = Path(room.__file__).parent
    pages = {path.stem for path in folder.glob("*.md")}
    with_check = {path.stem for path in folder.glob("*.py") if "CHECK = Check(" in path.read_text(encoding="utf-8")}
    assert pages == with_check == set(checks.STEMS.values())
