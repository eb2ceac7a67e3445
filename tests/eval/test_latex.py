"""Tables for a paper: what LaTeX acts on is escaped, braces and environments are closed, rows fit their columns."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.eval.report import latex
from goldwire.eval.report.latex_text import broken, escaped, foreign
from goldwire.eval.result import Result
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
    made = escaped(text)
    assert balanced(made)
    assert "\n" not in made
    assert not SPECIAL.search(made.replace(r"\textbackslash{}", "").replace(r"\textasciitilde{}", ""))
    rest = re.sub(
        r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\text(?:asciigrave|bar)\{\}|\\[&%$#_{}]",
        "",
        made,
    )
    assert "\\" not in rest
    assert rest.count("$") % 2 == 0


def test_each_character_that_latex_acts_on() -> None:
    assert escaped("a_b & 5% $x$ #1 {y} ~^\\ [z] * <–> −1\x07\n“q”") == (
        r"a\_b \& 5\% \$x\$ \#1 \{y\} \textasciitilde{}\textasciicircum{}\textbackslash{} {[}z{]} {*} "
        r"$<$--$>$ $-$1 ``q''"
    )


def test_signs_that_fonts_and_languages_of_latex_act_on() -> None:
    assert escaped('a--b |x| `q` "a') == r"a-{}-b \textbar{}x\textbar{} \textasciigrave{}q\textasciigrave{} ''a"
    assert escaped("safe\u202edetrevni\u202c") == "safedetrevni"  # as it is read, in the order in which it is stored


def test_long_names_break_and_short_words_do_not() -> None:
    assert broken("logreg of words") == "logreg of words"
    assert broken("word_and/char") == r"word\_\allowbreak{}and/\allowbreak{}char"
    assert broken("x" * 40).split(r"\allowbreak{}") == ["x" * 16, "x" * 16, "x" * 8]


def test_letters_that_pdflatex_lacks_are_named_where_they_are() -> None:
    assert foreign("Łódź, für “q” – …") == ""
    value = made_up().model_dump(mode="json", by_alias=True)
    value["models"][0]["name"] = "東京"
    value["comparisons"] = []
    made = latex.tables(Result.model_validate(value))
    assert "% pdfLaTeX may lack 東 京: use XeLaTeX or LuaLaTeX, and a font that has them.\n" in made["models"]
    assert "pdfLaTeX" not in made["ceiling"]


def test_a_table_that_is_longer_than_a_page_goes_on_in_another() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    score = value["models"][2]["per_label"]["favor"]
    for at in range(90):
        value["labels"].append({"name": f"label-{at}", "definition": "", "support": {"test": 1}})
        value["models"][2]["per_label"][f"label-{at}"] = score
    text = latex.tables(Result.model_validate(value))["labels"]
    assert text.count(r"\begin{table}") == text.count(r"\toprule") == 3
    assert text.count(r"\label{") == 1
    assert text.count(r"\addtocounter{table}{-1}") == text.count(r"\caption[]{Continued.}") == 2
    assert max(part.count("\\raggedright") for part in text.split(r"\begin{table}")) <= latex.ROWS


@pytest.mark.parametrize("type_", ["single", "multiple"])
def test_tables_are_whole(type_: str) -> None:
    made = latex.tables(made_up(type_))
    assert list(made) == ["models", "labels", "comparisons", "ceiling"]
    for text in made.values():
        assert balanced(text)
        assert text.count("\\begin{table}") == text.count("\\end{table}") == 1
        assert text.count("\\begin{tabular}") == text.count("\\end{tabular}")
        assert [text.count(rule) for rule in ("\\toprule", "\\bottomrule")] == [1, 1]
        (columns,) = re.findall(r"\\begin\{tabular\}\{@\{\}p\{[0-9.]+\\linewidth\}(r+)@\{\}\}", text)
        rows = [line for line in text.splitlines() if line.endswith(r"\\")]
        assert len(rows) > 1
        assert all(len(re.findall(r"(?<!\\)&", row)) == len(columns) for row in rows)


def test_figures_stand_beside_their_intervals() -> None:
    text = latex.tables(made_up())["models"]
    assert text.startswith(
        "% goldwire=0.1.0|data=00|scheme=stance-made-up@1.0.0|seed=0\n"
        "% Needs booktabs; where a page has two columns, table* for table.\n\\begin{table}\n"
    )
    below = r"\begin{tabular}[t]{@{}r@{}}0.200 \\ {\scriptsize {[}0.150, 0.250{]}}\end{tabular}"
    assert rf"\raggedright majority & {below} &" in text
    assert r" & 0.580 & 0.380 {\scriptsize {[}0.300, 0.460{]}} \\" in latex.tables(made_up())["labels"]
    assert r"with 95\% intervals over stories. " in text
    assert "\\label{tab:stance-made-up.stance-models}" in text
    header = r"Compared & Difference & \begin{tabular}[t]{@{}r@{}}p \\ (Holm)\end{tabular} & Wins/ties/losses &"
    assert header in latex.tables(made_up())["comparisons"]


def test_captions_say_what_figures_are_and_why_some_have_no_interval() -> None:
    made = latex.tables(made_up())
    assert "People are judged against the majority of the others, all their answers pooled.}" in made["models"]
    assert "about so many labelled test units give four chances in five to settle it.}" in made["comparisons"]
    assert "without an interval" not in "".join(made.values())
    constant = latex.tables(same_in_every_resample())
    assert r"Figures without an interval: the same in every resample: what none of 44 clusters" in constant["models"]
    assert r"up to 6.8\% of others may show. People" in constant["models"]
    assert "An F1 without an interval is of too few stories, or the same in every resample" in constant["labels"]


def test_the_figure_of_all_answers_is_called_pooled_and_not_a_mean() -> None:
    made = latex.tables(made_up())
    pooled = r"\begin{tabular}[t]{@{}r@{}}0.740 \\ {\scriptsize {[}0.710, 0.770{]}}\end{tabular}"
    assert rf"\raggedright pooled & 240 & {pooled} & " in made["ceiling"]
    assert "mean" not in made["ceiling"]
    assert "pooled is of all answers together.}" in made["ceiling"]
    assert rf"\raggedright people, pooled & {pooled} & " in made["models"]


def test_what_is_not_told_says_why() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["comparisons"][0] |= {"mcnemar_holm": 0.0123, "needed_why": "it is near 0"}
    made = latex.tables(Result.model_validate(value))["comparisons"]
    assert r" & 0.012 & not told \\" in made
    assert "Not told: it is near 0.}" in made


def test_a_table_without_rows_is_not_written_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "paper.tex").write_text("mine")
    written = latex.write([bare()], tmp_path)
    assert [path.name for path in written] == ["stance-made-up.stance.labels.tex", "stance-made-up.stance.models.tex"]
    assert sorted(path.name for path in tmp_path.iterdir())[0] == "paper.tex"
