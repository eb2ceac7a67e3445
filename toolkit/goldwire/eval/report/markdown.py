"""The report as Markdown, for a pull request. No article text; the page has it."""

import re
from collections.abc import Iterable, Sequence

from goldwire.eval.facts import CorpusFacts
from goldwire.eval.report import corpus, words
from goldwire.eval.result import HEADLINE, Cell, Comparison, Result, Unscored

_CONFUSIONS = 5


def render(
    results: Sequence[Result], unscored: Sequence[Unscored], notice: str, facts: CorpusFacts | None = None
) -> str:
    """Return the report; `notice` stands at its top when it is not empty. `facts` make the section Corpus."""
    blocks = [f"# {plain(results[0].data.title)}: evaluation"]
    if notice:
        blocks.append(f"> **Note:** {plain(notice)}")
    for result in results:
        blocks += _question(result)
    if unscored:
        blocks.append("## Not scored")
        blocks.append(_list(f"{x.scheme}, {x.question}: not applicable, because {x.reason}." for x in unscored))
    if facts is not None:
        blocks += _corpus(facts)
    return "\n\n".join(blocks) + "\n"


def plain(text: str) -> str:
    """Return text on one line, with the characters that Markdown and HTML act on escaped."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def _corpus(facts: CorpusFacts) -> list[str]:
    blocks = ["## Corpus", " ".join(corpus.sentences(facts))]
    for table in corpus.tables(facts):
        note = f" ({table.note})" if table.note else ""
        blocks.append(f"### {table.title}{note}")
        blocks.append(_table(table.columns, [[plain(name), f"{n:,}"] for name, n in table.rows]))
    return blocks


def _question(result: Result) -> list[str]:
    title = f"## {plain(result.question.replace('_', ' ').capitalize())} ({result.scheme} {result.scheme_version})"
    blocks = [title, plain(" ".join(words.summary(result)))]
    metrics = [HEADLINE, "accuracy", "mcc"]
    header = ["Model", "Macro-F1", "Accuracy", "MCC", "Against people"]
    rows = [
        [plain(m.name) + (" (probe)" if m.role == "probe" else "")]
        + [words.figure(m.metrics[name]) for name in metrics]
        + [m.against_people or "–"]
        for m in result.models
    ]
    people = result.ceiling.metrics
    if people:
        rows.append(["people", words.figure(people[HEADLINE]), words.figure(people["accuracy"]), "–", ""])
    blocks += ["### Models", _table(header, rows)]
    if differences := [c for c in result.comparisons if c.metric == HEADLINE]:
        blocks.append(_differences(differences))
    blocks += [f"### Labels ({plain(result.best.name)})", _labels(result)]
    if confused := _confused(result.best.confusion):
        blocks += ["### Most frequent confusions", confused]
    if agreement := words.agreement(result):
        blocks += ["### People", plain(agreement)]
    blocks += ["### Checks", _checks(result)]
    splits = [[s.split, str(s.units), str(s.labelled), str(s.stories)] for s in result.splits]
    blocks += ["### Splits", _table(["Split", "Units", "With gold", "Stories"], splits), f"`{result.signature}`"]
    return blocks


def _checks(result: Result) -> str:
    told = [f"**{c.state}** {plain(c.name)}: {plain(c.title)}. {plain(c.text)}" for c in words.fired(result)]
    states = [c.state for c in words.quiet(result)]
    silent, lacking = states.count("ok"), states.count("not applicable")
    return _list([*told, f"{words.count(silent, 'check')} found nothing, {lacking} did not apply."])


def _differences(comparisons: Sequence[Comparison]) -> str:
    rows = []
    for c in comparisons:
        interval = [words.signed(value) for value in (c.difference, c.low, c.high)]
        rows.append([f"{plain(c.a)} less {plain(c.b)}", *interval, words.p_value(c.p_holm)])
    return _table(["Macro-F1", "Difference", "Low", "High", "p, Holm"], rows)


def _labels(result: Result) -> str:
    rows = []
    for label in result.labels:
        score = result.best.per_label[label.name]
        figures = [score.precision, score.recall, score.f1]
        shown = [words.number(value) for value in figures] if score.support else ["–"] * 3
        rows.append([plain(label.name), str(label.support["train"]), str(score.support), *shown])
    return _table(["Label", "Train", "Test", "Precision", "Recall", "F1"], rows)


def _confused(cells: Sequence[Cell]) -> str:
    wrong = sorted((c for c in cells if c.actual != c.predicted), key=lambda c: -len(c.units))[:_CONFUSIONS]
    return _list(f"{plain(c.actual)} predicted as {plain(c.predicted)}: {len(c.units)}" for c in wrong)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    align = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [header, align, *rows])


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
