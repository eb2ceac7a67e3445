"""The tables of a paper: one LaTeX file a table, to be read with \\input; they need the package booktabs.

Characters that LaTeX acts on are escaped. Labels in other scripts need XeLaTeX or LuaLaTeX and a font that has them.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from goldwire import files
from goldwire.eval.report import titles, words
from goldwire.eval.result import HEADLINE, Comparison, Figure, Result

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    "[": "{[}",  # at the beginning of a row it would be an option of the line before
    "]": "{]}",
    "*": "{*}",
    "“": "``",
    "”": "''",
    "’": "'",
    "–": "--",
    "−": "$-$",
}


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


def escaped(text: str) -> str:
    """Return text on one line, escaped for LaTeX and without characters that do not print."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return "".join(_ESCAPES.get(character, character) for character in line)


def _models(result: Result) -> str:
    names = titles.ordered(name for model in result.models for name in model.metrics)[: titles.MAIN]
    rows = [
        [escaped(model.name + (" (probe)" if model.role == "probe" else "")), *_figures(model.metrics, names)]
        for model in result.models
    ]
    people = [
        [name, *_figures(figures, names)]
        for name, figures in (
            ("people", result.ceiling.metrics),
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
        caption += " People are judged against the majority of the others."
    return _table(result, "models", caption, ["Model", *map(_titled, names)], [rows, people])


def _labels(result: Result) -> str | None:
    rows = [
        [
            *(escaped(name), f"{score.support:,}", _number(score.precision), _number(score.recall)),
            _figure(Figure(value=score.f1, low=score.f1_low, high=score.f1_high)),
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
            escaped(name),
            change,
            _p(c.p_holm),
            wins,
            _p(c.mcnemar),
            "--" if c.needed is None else f"{c.needed:,}",
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
    return _table(result, "comparisons", caption, header, [together, single])


def _ceiling(result: Result) -> str | None:
    people = result.ceiling
    if not people.metrics:
        return None
    names = [HEADLINE, "accuracy"]
    rows = [
        [escaped(name), f"{one.answers:,}", _figure(one.macro_f1), _figure(one.accuracy)]
        for name, one in people.annotators.items()
    ]
    together = [["mean", f"{people.answers:,}", *_figures(people.metrics, names)]]
    if people.split_half:
        together.append(["split in half", "--", *_figures(people.split_half, names)])
    units = "the test split" if people.units == "test" else "all splits"
    on = f"{people.judged:,} units of {units}"
    caption = f"{_asked(result)}: each annotator against the majority of the others, on {on}."
    return _table(result, "ceiling", caption, ["Annotator", "Answers", *map(_titled, names)], [rows, together])


def _table(
    result: Result, name: str, caption: str, header: Sequence[str], blocks: Iterable[Sequence[Sequence[str]]]
) -> str:
    filled = [block for block in blocks if block]
    body = "\\midrule\n".join("".join(" & ".join(row) + r" \\" + "\n" for row in block) for block in filled)
    heads = " & ".join(map(escaped, header))
    return (
        f"% {' '.join(result.signature.split())}\n"
        "\\begin{table}\n\\centering\n\\small\n"
        f"\\caption{{{escaped(caption)}}}\n"
        f"\\label{{tab:{_key(result.key)}-{name}}}\n"
        f"\\begin{{tabular}}{{l{'r' * (len(header) - 1)}}}\n"
        f"\\toprule\n{heads} \\\\\n\\midrule\n{body}\\bottomrule\n"
        "\\end{tabular}\n\\end{table}\n"
    )


def _figures(figures: dict[str, Figure], names: Iterable[str]) -> list[str]:
    return [_figure(figures[name]) if name in figures else "--" for name in names]


def _figure(figure: Figure, signed: bool = False) -> str:
    write_ = words.signed if signed else words.number
    between = ""
    if figure.value is not None and figure.low is not None and figure.high is not None:
        between = f" {{\\scriptsize {escaped(f'[{write_(figure.low)}, {write_(figure.high)}]')}}}"
    return f"{escaped(write_(figure.value))}{between}"


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
