"""What the card says of the checks."""

from dataclasses import asdict
from typing import Any

from carded import make, sections
from goldwire.eval.audit.finding import Finding

FOUND: dict[str, Any] = {"text": "3 of 40 pairs | of units.", "count": 3, "cases": ["a1 and a2"]}


def finding(code: str, severity: Any = "warning", state: Any = "silent", **more: Any) -> dict[str, Any]:
    return asdict(Finding(code, f"name_{code}", f"Title of {code}", severity, state, **{"text": "Looked.", **more}))


def checks(*findings: dict[str, Any]) -> str:
    return sections(make(checks=list(findings)))["Checks"]


def test_checks_that_were_not_run_are_said_not_to_have_been() -> None:
    assert sections(make())["Checks"] == "\n\nThe checks were not run.\n\n"


def test_checks_that_fired_stand_by_severity_with_their_figures() -> None:
    assert (
        checks(
            finding("GW101"),
            finding("GW201", state="fired", question="s.b", **FOUND),
            finding("GW201", state="fired", question="s.a", **FOUND),
            finding("GW201", question="s.c"),
            finding("GW204", "note", "fired", **FOUND),
            finding("GW102", "error", "fired", **FOUND),
            finding("GW103", state="accepted", accepted="It is\nso by design.", **FOUND),
            finding("GW104", state="not applicable", text="no other is given"),
            finding("GW302", state="not applicable", text="there is one", question="s.a"),
            finding("GW302", state="not applicable", text="there is one", question="s.b"),
            finding("GW303", state="not applicable", text="it is text.", question="s.why"),
            finding("GW303", question="s.a"),
        )
        == """

| severity | check | question | what was found |
|---|---|---|---|
| error | GW102 Title of GW102 | all | 3 of 40 pairs \\| of units. |
| warning | GW201 Title of GW201 | s.a | 3 of 40 pairs \\| of units. |
| warning | GW201 Title of GW201 | s.b | 3 of 40 pairs \\| of units. |
| note | GW204 Title of GW204 | all | 3 of 40 pairs \\| of units. |

Accepted by the makers of the dataset, for the reason that they give:

| check | question | what was found | accepted because |
|---|---|---|---|
| GW103 Title of GW103 | all | 3 of 40 pairs \\| of units. | It is so by design. |

3 looks, of a check at one question or at the whole, found nothing; GW101 found nothing anywhere.
Not applicable: GW104, because no other is given; GW302, because there is one; GW303 (s.why), because it is text.
What each looks for, and the cases: `goldwire eval audit DATASET`.

"""
    )


def test_silent_checks_are_counted() -> None:
    assert (
        checks(finding("GW101"), finding("GW102"))
        == """

No check fired.

2 looks, of a check at one question or at the whole, found nothing; GW101, GW102 found nothing anywhere.
What each looks for, and the cases: `goldwire eval audit DATASET`.

"""
    )


def test_an_accepted_finding_is_no_clean_bill() -> None:
    found = checks(finding("GW103", state="accepted", accepted="", **FOUND))
    assert found.startswith("\n\nNo check fired but those that were accepted.\n\nAccepted by")
    assert "| no reason was given |\n\nWhat each looks for" in found


def test_a_check_that_several_reasons_kept_from_looking_names_the_question_of_each() -> None:
    found = checks(
        finding("GW302", state="not applicable", text="too few", question="s.a"),
        finding("GW302", state="not applicable", text="no outlets", question="s.b"),
        finding("GW303", state="not applicable", text="too few", question="s.a"),
    )
    assert (
        "Not applicable: GW302 (s.b), because no outlets; GW302 (s.a), because too few; GW303, because too few.\n"
        in found
    )


def test_what_notes_and_checks_repeat_of_the_data_is_masked_with_it() -> None:
    found = finding("GW101", state="fired", **FOUND | {"text": "Of jo@desk.example."})
    notes = ['The outlet "Tel. 555-0173" is half the data.']
    masked = make({"dataset": {"scrub": True}}, checks=[found], notes=notes)
    assert ("jo@desk" in masked, "0173" in masked) == (False, False)
    assert "| GW101 Title of GW101 | all | Of ██@████.███████. |" in masked
    assert '- The outlet "Tel. ███-████" is half the data.\n' in masked
    assert "Of jo@desk.example." in make(checks=[found], notes=notes)
