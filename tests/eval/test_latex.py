"""Tables for a paper: what LaTeX acts on is escaped, braces and environments are closed, rows fit their columns."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.eval.report import latex
from reported import bare, made_up, same_in_every_resample

SPECIAL = re.compile(r"(?<!\\)[&%#_^~]")


def balanced(text: str) -> bool:
    depth = 0
    for found in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth < 0:
            return False
    return depth == 0


@given(st.text(max_size=40))
def test_any_text_is_escaped_on_one_line(text: str) -> None:
    made = latex.escaped(text)
    assert balanced(made)
    assert "\n" not in made
    assert not SPECIAL.search(made.replace(r"\textbackslash{}", "").replace(r"\textasciitilde{}", ""))
    rest = re.sub(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\[&%$#_{}]", "", made)
    assert "\\" not in rest
    assert rest.count("$") % 2 == 0


def test_each_character_that_latex_acts_on() -> None:
    assert latex.escaped("a_b & 5% $x$ #1 {y} ~^\\ [z] * <–> −1\x07\n“q”") == (
        r"a\_b \& 5\% \$x\$ \#1 \{y\} \textasciitilde{}\textasciicircum{}\textbackslash{} {[}z{]} {*} "
        r"$<$--$>$ $-$1 ``q''"
    )


@pytest.mark.parametrize("type_", ["single", "multiple"])
def test_tables_are_whole(type_: str) -> None:
    made = latex.tables(made_up(type_))
    assert list(made) == ["models", "labels", "comparisons", "ceiling"]
    for text in made.values():
        assert balanced(text)
        assert text.count("\\begin{") == text.count("\\end{") == 2
        assert [text.count(rule) for rule in ("\\toprule", "\\bottomrule")] == [1, 1]
        (columns,) = re.findall(r"\\begin\{tabular\}\{(l?r+)\}", text)
        rows = [line for line in text.splitlines() if line.endswith(r"\\")]
        assert len(rows) > 1
        assert all(len(re.findall(r"(?<!\\)&", row)) == len(columns) - 1 for row in rows)


def test_figures_stand_beside_their_intervals() -> None:
    text = latex.tables(made_up())["models"]
    assert text.startswith("% goldwire=0.1.0|data=00|scheme=stance-made-up@1.0.0|seed=0\n\\begin{table}\n")
    assert r"majority & 0.200 {\scriptsize {[}0.150, 0.250{]}} &" in text
    assert r"with 95\% intervals over stories. " in text
    assert "\\label{tab:stance-made-up.stance-models}" in text
    assert r"Compared & Difference & p (Holm) & Wins/ties/losses" in latex.tables(made_up())["comparisons"]


def test_captions_say_what_figures_are_and_why_some_have_no_interval() -> None:
    made = latex.tables(made_up())
    assert "intervals over stories. People are judged against the majority of the others.}" in made["models"]
    assert "about so many labelled test units give four chances in five to settle it.}" in made["comparisons"]
    assert "without an interval" not in "".join(made.values())
    constant = latex.tables(same_in_every_resample())
    assert r"Figures without an interval: the same in every resample: what none of 44 clusters" in constant["models"]
    assert r"up to 6.8\% of others may show. People" in constant["models"]
    assert "An F1 without an interval is of too few stories, or the same in every resample" in constant["labels"]


def test_a_table_without_rows_is_not_written_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text("mine")
    written = latex.write([bare()], tmp_path)
    assert [path.name for path in written] == ["stance-made-up.stance.labels.tex", "stance-made-up.stance.models.tex"]
    assert sorted(path.name for path in tmp_path.iterdir())[0] == "paper.tex"
