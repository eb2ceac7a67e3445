"""The forms that people read: text, Markdown for a pull request, a drafted changelog entry."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from goldwire.cli import labels_diff
from goldwire.cli import run as run_command_line
from goldwire.labels.diff.changelog import changelog, warning
from goldwire.labels.diff.compare import diff
from goldwire.labels.diff.markdown import markdown

State = dict[str, Any]

TEXT = """\
one (version 1.0.0) -> two (version 1.1.0)

what                           added  removed  changed
units                              2        1        -
places in splits                   1        1        1
texts of articles                  -        -        1
labels of weather.sky              1        1        2
labels decided in another way      -        -        1
votes                              2        3        2
mentions of weather.word           1        0        1
figures of agreement               -        -        1
parameters                         -        -        3

Units (3)
unit        article  split  change
e/document  e        train  added
f/document  f        -      added
... and 1 more

Splits (3)
unit        from   to
b/document  train  test
f/document  new    left out
... and 1 more

Edited texts (1)
article  units
a            1

Labels of weather.sky (2)
unit        from        to    decided by                 by
b/document  clear       grey  unanimous                  ann, bea
d/document  unresolved  grey  unresolved -> adjudicated  ann, cid, eve

Votes (3)
annotator  added  removed  changed
ann            1        2        1
bea            0        1        1
... and 1 more

Changed votes (2)
unit        question     annotator  from   to
b/document  weather.sky  ann        clear  grey
b/document  weather.sky  bea        clear  grey

Mentions (2)
of            unit        mention           change
weather.word  e/document  sun 3-6: sun      added
weather.word  a/document  storm 0-5: Storm  changed

Agreement (1)
of           figure  from                     to
weather.sky  alpha   0.500 [0.250, 0.750]  0.625

Parameters (3)
parameter    from      to
version      1.0.0     1.1.0
gold.method  majority  mace
... and 1 more
"""

CHANGELOG = """\
## [1.1.0] - Unreleased

### Added

- 2 units of 2 articles (train 1).
- 1 label of weather.sky.
- 2 votes of 2 annotators.
- 1 mention of weather.word.

### Changed

- 2 labels of weather.sky, 1 by adjudication: clear -> grey (1), unresolved -> grey (1).
- 1 label of weather.sky stayed, decided in another way.
- 2 votes.
- 1 mention of weather.word.
- The texts of 1 article.
- 1 unit moved from train to test.
- 1 unit that had been left out has a split.
- Agreement on weather.sky (alpha): 0.500 -> 0.625.
- Parameter gold.method: majority -> mace.
- Parameter seed: not given -> 3.

### Removed

- 1 unit of 1 article (test 1).
- 1 unit left out of the splits.
- 1 label of weather.sky.
- 3 votes.
"""


@pytest.fixture
def run(
    before: State,
    after: State,
    written: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Any:
    """Run `goldwire labels diff ARGUMENTS` beside the two states."""
    written("one", before)
    written("two", after)
    monkeypatch.chdir(tmp_path)
    app, group = typer.Typer(rich_markup_mode=None), typer.Typer()
    labels_diff.register(group)
    app.add_typer(group, name="labels")
    group.callback()(lambda: None)
    monkeypatch.setattr("goldwire.cli.app.app", app)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["goldwire", "labels", "diff", *arguments])
        with pytest.raises(SystemExit) as ended:
            run_command_line()
        return int(ended.value.code or 0), *capsys.readouterr()

    return call


def test_text_is_a_summary_then_lists_that_are_cut(run: Any) -> None:
    assert run("one", "two", "--limit", "2") == (0, TEXT, "")


def test_json_has_everything(run: Any, tmp_path: Path) -> None:
    code, out, _ = run("one", "two", "--json", "--limit", "1")
    assert (code, json.loads(out)) == (0, diff("one", "two", tmp_path))


def test_nothing_changed_is_said(run: Any) -> None:
    assert run("one", "one")[1] == "one (version 1.0.0) -> one (version 1.0.0)\n\nNothing changed.\n"
    assert run("one", "one", "--markdown")[1].endswith("\n\nNothing changed.\n")
    assert run("one", "one", "--changelog")[1:] == ("## [1.0.0] - Unreleased\n\nNothing changed.\n", "")


def test_labels_that_are_only_decided_in_another_way_are_told(
    before: State, written: Any, tmp_path: Path, run: Any
) -> None:
    before["gold"][0]["decided_by"] = "adjudicated"
    written("three", before)
    code, out, _ = run("one", "three")
    assert (code, out.splitlines()[2:]) == (
        0,
        [
            "what                           added  removed  changed",
            "labels decided in another way      -        -        1",
        ],
    )


def test_the_changelog_has_the_figures_under_three_headings(run: Any) -> None:
    assert run("one", "two", "--changelog") == (0, CHANGELOG, "")


def test_a_change_under_an_old_version_is_warned_of(
    before: State, after: State, written: Any, tmp_path: Path
) -> None:
    written("one", before)
    written("two", {**after, "version": "1.0.0"})
    found = diff("one", "two", tmp_path)
    assert warning(found) == (
        "both are version 1.0.0, and they differ. Raise `version` in params.yaml before it is released."
    )
    found["to"] |= {"version": "2.0.0", "date": "2026-11-23"}
    assert warning(found) is None
    assert changelog(found).startswith("## [2.0.0] - 2026-11-23\n")


def test_output_goes_to_a_file_and_one_form_is_given(run: Any, tmp_path: Path) -> None:
    assert run("one", "two", "--changelog", "-o", "new.md") == (0, "", "")
    assert (tmp_path / "new.md").read_text(encoding="utf-8") == CHANGELOG
    code, out, err = run("one", "two", "--changelog", "--json")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "Error: --json, --markdown and --changelog are three forms of one thing",
        "Hint: Give one of them.",
    ]


def test_markdown_is_a_summary_then_folded_lists(before: State, after: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    written("two", after)
    lines = markdown(diff("one", "two", tmp_path), 2).splitlines()
    assert lines[:6] == [
        "### Labels: `one (version 1.0.0) -> two (version 1.1.0)`",
        "",
        "| what | added | removed | changed |",
        "|---|---|---|---|",
        "| units | 2 | 1 | - |",
        "| places in splits | 1 | 1 | 1 |",
    ]
    start = lines.index("<details><summary>Units (3)</summary>")
    assert lines[start : start + 10] == [
        "<details><summary>Units (3)</summary>",
        "",
        "| unit | article | split | change |",
        "|---|---|---|---|",
        "| `e/document` | `e` | `train` | added |",
        "| `f/document` | `f` | - | added |",
        "",
        "... and 1 more",
        "",
        "</details>",
    ]


def test_nothing_in_the_data_is_markup(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    before["votes"][0] |= {"labels": ["`x` | @team <b>\n[y](z)"]}
    written("two", before)
    text = markdown(diff("one", "two", tmp_path), 5)
    assert "| `clear` | `'x' \\| @team <b> [y](z)` |" in text
    assert {line.count("|") - line.count("\\|") for line in text.splitlines() if "team" in line} == {6}


def test_names_stand_in_a_folded_lists_title_as_they_are(before: State, written: Any, tmp_path: Path) -> None:
    """A title is HTML, in which a backslash escapes nothing."""
    (row, *_) = before["gold"]
    for name, label in (("one", "clear"), ("two", "grey")):
        before["gold"] = [{**row, "question": asked, "labels": [label]} for asked in ("main_event", "<b>@team")]
        written(name, before)
    titles = [
        line.removeprefix("<details><summary>").removesuffix("</summary>")
        for line in markdown(diff("one", "two", tmp_path), 5).splitlines()
        if line.startswith("<details>")
    ]
    assert titles == ["Labels of weather.&lt;b&gt;@\u200bteam (1)", "Labels of weather.main_event (1)"]


def test_the_words_of_params_and_schemes_are_no_markup_in_a_changelog(
    before: State, written: Any, tmp_path: Path
) -> None:
    written("one", before)
    before["params"] += "audit: {accept: {GW101: 'as in [the paper](x) | <b>\n\n## [2.0.0]'}}\n"
    before["scheme"] = before["scheme"].replace("name: fog,", "name: '*fog*',")
    written("two", before)
    text = changelog(diff("one", "two", tmp_path))
    assert (
        "- Parameter audit.accept.GW101: not given -> as in \\[the paper\\](x) \\| \\<b\\> ## \\[2.0.0\\].\n" in text
    )
    assert "sky: fog renamed to \\*fog\\*." in text
    assert text.count("\n## ") == 0


def test_a_version_of_which_only_the_card_changed_says_so(before: State, written: Any, tmp_path: Path) -> None:
    written("one", before)
    written("two", {**before, "version": "1.0.1", "params": before["params"] + "card: {title: New}\n"})
    assert changelog(diff("one", "two", tmp_path)) == (
        "## [1.0.1] - Unreleased\n\nNo unit, text, label or figure changed.\n"
    )


@pytest.mark.parametrize("size", [1, 100])
def test_text_markdown_and_json_have_the_same_counts(size: int, before: State, written: Any, tmp_path: Path) -> None:
    (row, *_) = before["gold"]
    for name, label in (("one", "clear"), ("two", "grey")):
        before["gold"] = [{**row, "unit_id": f"a{number:03}", "labels": [label]} for number in range(size)]
        written(name, before)
    found = diff("one", "two", tmp_path)
    assert len(found["labels"]["weather.sky"]["changed"]) == size
    text = markdown(found, 20)
    assert f"| labels of weather.sky | 0 | 0 | {size} |" in text
    assert f"<summary>Labels of weather.sky ({size})</summary>" in text
    assert text.count("| `clear` | `grey` |") == min(size, 20)
    assert ("... and 80 more" in text) == (size == 100)
    assert f"- {size} label{'s' if size > 1 else ''} of weather.sky: clear -> grey ({size})." in changelog(found)
