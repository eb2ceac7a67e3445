"""The tables of a paper: one LaTeX file a table, to be read with \\input; they need the package booktabs.

A table fits the lines of a page of one column: names break, intervals stand below their figures, and a long table
goes on in another one.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from goldwire import files
from goldwire.eval.report import titles, words
from goldwire.eval.report.latex_text import broken, escaped, foreign
from goldwire.eval.result import HEADLINE, Comparison, Figure, Result

ROWS = 36
"""Lines of a table that a page has room for."""

_LETTERS = 75  # of a line of the page, about
_FIRST = {"models": 0.2, "labels": 0.4, "comparisons": 0.26, "ceiling": 0.3}  # of the line, for the first column


def write(results: Sequence[Result], folder: Path) -> list[Path]:
    """Write ``<scheme>.<question>.<table>.tex`` for each question: models, labels, comparisons, ceiling.

    A table without rows is not written. Other files in the folder stay.

    Returns
    -------
    list of Path
        What was written, sorted.
    """
    written = []
    for result in results:
        for name, text in tables(result).items():
            path = folder / f"{result.key}.{name}.tex"
            files.write_text(path, text)
            written.append(path)
    return sorted(written)


def tables(result: Result) -> dict[str, str]:
    """Return the tables of a question that have rows, by name."""
    made = {
        "models": _models(result),
        "labels": _labels(result),
        "comparisons": _comparisons(result),
        "ceiling": _ceiling(result),
    }
    return {name: text for name, text in made.items() if text is not None}


def _models(result: Result) -> str:
    names = titles.ordered(name for model in result.models for name in model.metrics)[: titles.MAIN]
    rows = [
        [model.name + (" (probe)" if model.role == "probe" else ""), *_figures(model.metrics, names)]
        for model in result.models
    ]
    people = [
        [name, *_figures(figures, names)]
        for name, figures in (
            (words.POOLED, result.ceiling.metrics),
            ("people, split in half", result.ceiling.split_half),
        )
        if figures
    ]
    caption = f"{_asked(result)}: models on {words.tested(result)}, with {_level(result)} intervals over stories."
    if note := words.unbounded(
        model.metrics[name] for model in result.models for name in names if name in model.metrics
    ):
        caption += f" {note}"
    if people:
        caption += " People are judged against the majority of the others, all their answers pooled."
    return _table(result, "models", caption, ["Model", *map(_titled, names)], [rows, people])


def _labels(result: Result) -> str | None:
    rows = [
        [
            *(name, f"{score.support:,}", _number(score.precision), _number(score.recall)),
            _figure(Figure(value=score.f1, low=score.f1_low, high=score.f1_high), beside=True),
        ]
        for name, score in result.measured(result.best)
    ]
    caption = f"{_asked(result)}: {result.best.name} on each label, with {_level(result)} intervals over stories."
    if any(score.f1_low is None for _, score in result.measured(result.best)):
        caption += f" {words.UNBOUNDED}"
    return (
        _table(result, "labels", caption, ["Label", "Units", "Precision", "Recall", "F1"], [rows]) if rows else None
    )


def _comparisons(result: Result) -> str | None:
    def row(c: Comparison, name: str) -> list[str]:
        wins = "--" if c.wins is None else f"{c.wins}/{c.ties}/{c.losses}"
        change = _figure(Figure(value=c.difference, low=c.low, high=c.high), signed=True)
        return [
            name,
            change,
            _p(c.p_holm),
            wins,
            _p(c.mcnemar_holm),
            f"{c.needed:,}" if c.needed is not None else "not told" if c.needed_why else "--",
        ]

    together = [row(c, f"{c.a} less {c.b}") for c in words.headed(result)]
    single = [row(c, f"{c.label}: {c.a} less {c.b}") for c in words.by_label(result)]
    if not together and not single:
        return None
    header = ["Compared", "Difference", "p (Holm)", "Wins/ties/losses", "McNemar’s p (Holm)", "Units needed"]
    figures = f"{titles.title(HEADLINE)}{' and in F1 of labels' if single else ''}"
    caption = f"{_asked(result)}: paired differences in {figures}, with {_level(result)} intervals over stories."
    if any(c.needed is not None for c in [*words.headed(result), *words.by_label(result)]):
        caption += f" {words.NEEDED}"
    if note := words.not_told([*words.headed(result), *words.by_label(result)]):
        caption += f" {note}"
    return _table(result, "comparisons", caption, header, [together, single])


def _ceiling(result: Result) -> str | None:
    people = result.ceiling
    if not people.metrics:
        return None
    names = [HEADLINE, "accuracy"]
    rows = [
        [name, f"{one.answers:,}", _figure(one.macro_f1), _figure(one.accuracy)]
        for name, one in people.annotators.items()
    ]
    together = [["pooled", f"{people.answers:,}", *_figures(people.metrics, names)]]
    if people.split_half:
        together.append(["split in half", "--", *_figures(people.split_half, names)])
    units = "the test split" if people.units == "test" else "all splits"
    on = f"{people.judged:,} units of {units}"
    caption = (
        f"{_asked(result)}: each annotator against the majority of the others, on {on}; pooled is of all answers "
        "together."
    )
    return _table(result, "ceiling", caption, ["Annotator", "Answers", *map(_titled, names)], [rows, together])


def _table(
    result: Result, name: str, caption: str, header: Sequence[str], blocks: Iterable[Sequence[Sequence[str]]]
) -> str:
    """Return a table, or some, one after the other; the first cell of a row is a name as it is, the others LaTeX."""
    pages = _pages([list(block) for block in blocks if block], int(_LETTERS * _FIRST[name]))
    first, *rest = (_body(page, header, _FIRST[name]) for page in pages)
    text = _float(caption, f"\\label{{tab:{_key(result.key)}-{name}}}\n", first)
    text += "".join(_float("Continued.", "", body, again=True) for body in rest)
    said = [" ".join(result.signature.split()), "Needs booktabs; where a page has two columns, table* for table."]
    if letters := foreign("".join([caption, *(row[0] for page in pages for block in page for row in block)])):
        said.append(f"pdfLaTeX may lack {letters}: use XeLaTeX or LuaLaTeX, and a font that has them.")
    return "".join(f"% {line}\n" for line in said) + text


def _float(caption: str, label: str, body: str, again: bool = False) -> str:
    count = "\\addtocounter{table}{-1}\n" if again else ""
    return (
        f"\\begin{{table}}\n{count}\\centering\n\\footnotesize\n\\setlength{{\\tabcolsep}}{{3pt}}\n"
        f"\\caption{'[]' if again else ''}{{{escaped(caption)}}}\n{label}{body}\\end{{table}}\n"
    )


def _body(blocks: Sequence[Sequence[Sequence[str]]], header: Sequence[str], first: float) -> str:
    apart = "\\addlinespace[2pt]\n" if any(_NEXT in cell for block in blocks for row in block for cell in row) else ""
    filled = [
        apart.join(" & ".join([rf"\raggedright {broken(name)}", *cells]) + " \\\\\n" for name, *cells in block)
        for block in blocks
    ]
    heads = " & ".join([escaped(header[0]), *(_below(map(escaped, title.split(" "))) for title in header[1:])])
    columns = f"p{{{first}\\linewidth}}{'r' * (len(header) - 1)}"
    return (
        f"\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n"
        f"\\toprule\n{heads} \\\\\n\\midrule\n" + "\\midrule\n".join(filled) + "\\bottomrule\n\\end{tabular}\n"
    )


def _pages(blocks: Sequence[Sequence[Sequence[str]]], letters: int) -> list[list[list[Sequence[str]]]]:
    """Divide blocks of rows so that each page has `ROWS` lines at most, with so many letters of a name in a line."""
    pages: list[list[list[Sequence[str]]]] = [[]]
    left = ROWS
    for block in blocks:
        begun = True
        for row in block:
            lines = max(-(-len(row[0]) // letters), *(cell.count(_NEXT) + 1 for cell in row[1:]))
            if lines > left and pages[-1]:
                pages.append([])
                left, begun = ROWS, True
            if begun:
                pages[-1].append([])
            begun = False
            pages[-1][-1].append(row)
            left -= lines
    return pages


_NEXT = r" \\ "


def _below(lines: Iterable[str]) -> str:
    """Set lines below each other in a cell, the first on the line of the row."""
    each = list(lines)
    return rf"\begin{{tabular}}[t]{{@{{}}r@{{}}}}{_NEXT.join(each)}\end{{tabular}}" if len(each) > 1 else each[0]


def _figures(figures: dict[str, Figure], names: Iterable[str]) -> list[str]:
    return [_figure(figures[name]) if name in figures else "--" for name in names]


def _figure(figure: Figure, signed: bool = False, beside: bool = False) -> str:
    write_ = words.signed if signed else words.number
    value = escaped(write_(figure.value))
    if figure.value is None or figure.low is None or figure.high is None:
        return value
    between = f"{{\\scriptsize {escaped(f'[{write_(figure.low)}, {write_(figure.high)}]')}}}"
    return f"{value} {between}" if beside else _below([value, between])


def _titled(name: str) -> str:
    return words.first_upper(titles.title(name))


def _number(value: float) -> str:
    return escaped(words.number(value))


def _p(value: float | None) -> str:
    return escaped(words.p_value(value))


def _asked(result: Result) -> str:
    return words.first_upper(result.question.replace("_", " "))


def _level(result: Result) -> str:
    return f"{100 * result.bootstrap.level:.3g}%"


def _key(text: str) -> str:
    """A name for \\label: letters, digits, dots and dashes."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", text)
