"""The report as Markdown, for a pull request. No article text; the page has it."""

from collections.abc import Mapping, Sequence

from goldwire.eval.facts import CorpusFacts
from goldwire.eval.report import corpus, titles, words
from goldwire.eval.report.advice import advice
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.report.confusion import name as cell_name
from goldwire.eval.report.markdown_parts import bullets, plain, table
from goldwire.eval.result import HEADLINE, Cell, Comparison, Result, Unscored

_CONFUSIONS, _SLICES, _METRICS = 5, 5, 3


def render(
    results: Sequence[Result],
    unscored: Sequence[Unscored],
    notice: str,
    facts: CorpusFacts | None = None,
    *,
    curves: Mapping[str, Curve] | None = None,
    suspects: Mapping[str, Suspects] | None = None,
) -> str:
    """Return the report; for the parameters see `goldwire.eval.report.html.render`."""
    blocks = [f"# {plain(results[0].data.title)}: evaluation"]
    if notice:
        blocks.append(f"> **Note:** {plain(notice)}")
    for result in results:
        blocks += _question(result, (curves or {}).get(result.key), (suspects or {}).get(result.key))
    if unscored:
        blocks.append("## Not scored")
        blocks.append(
            bullets(f"{x.scheme}, {x.question}: not applicable, because {plain(x.reason)}." for x in unscored)
        )
    if facts is not None:
        blocks += _corpus(facts)
    return "\n\n".join(blocks) + "\n"


def _corpus(facts: CorpusFacts) -> list[str]:
    blocks = ["## Corpus", " ".join(corpus.sentences(facts))]
    for one in corpus.tables(facts):
        note = f" ({one.note})" if one.note else ""
        blocks.append(f"### {one.title}{note}")
        blocks.append(table(one.columns, [[plain(name), f"{n:,}"] for name, n in one.rows]))
    return blocks


def _question(result: Result, curve: Curve | None, suspects: Suspects | None) -> list[str]:
    title = f"## {plain(result.question.replace('_', ' ').capitalize())} ({result.scheme} {result.scheme_version})"
    blocks = [title, plain(" ".join(words.summary(result)))]
    blocks += ["### What to do next", bullets(map(plain, advice(result, curve, suspects)))]
    blocks += ["### Models", _models(result)]
    if differences := words.headed(result):
        blocks.append(_differences(differences))
    blocks += [f"### Labels ({plain(result.best.name)})", _labels(result)]
    if confused := _confused(result.best.confusion):
        blocks += ["### Most frequent confusions", confused]
    blocks += ["### Slices, the worst first", _slices(result)]
    blocks += ["### Probabilities", _calibration(result)]
    if agreement := words.agreement(result):
        blocks += ["### People", plain(agreement)]
    blocks += ["### Checks", _checks(result)]
    splits = [[s.split, str(s.units), str(s.labelled), str(s.stories)] for s in result.splits]
    blocks += ["### Splits", table(["Split", "Units", "With gold", "Stories"], splits), f"`{result.signature}`"]
    return blocks


def _models(result: Result) -> str:
    metrics = titles.ordered(name for model in result.models for name in model.metrics)[:_METRICS]
    rows = [
        [plain(m.name) + (" (probe)" if m.role == "probe" else "")]
        + [words.figure(m.metrics[name]) if name in m.metrics else "–" for name in metrics]
        + [m.against_people or "–"]
        for m in result.models
    ]
    for name, people in (("people", result.ceiling.metrics), ("people, split in half", result.ceiling.split_half)):
        if people:
            rows.append([name, *(words.figure(people[key]) if key in people else "–" for key in metrics), ""])
    header = [words.first_upper(titles.title(name)) for name in metrics]
    shown = (m.metrics[name] for m in result.models for name in metrics if name in m.metrics)
    notes = [note for note in (words.of_people(result), words.unbounded(shown)) if note]
    return "\n\n".join([table(["Model", *header, "Against people"], rows), *map(plain, notes)])


def _checks(result: Result) -> str:
    told = [f"**{c.state}** {plain(c.name)}: {plain(c.title)}. {plain(c.text)}" for c in words.fired(result)]
    states = [c.state for c in words.quiet(result)]
    silent, lacking = states.count("ok"), states.count("not applicable")
    return bullets([*told, f"{words.count(silent, 'check')} found nothing, {lacking} did not apply."])


def _differences(comparisons: Sequence[Comparison]) -> str:
    rows = []
    for c in comparisons:
        interval = [words.signed(value) for value in (c.difference, c.low, c.high)]
        wins = "–" if c.wins is None else f"{c.wins}/{c.ties}/{c.losses}"
        needed = "–" if c.needed is None else f"{c.needed:,}"
        rows.append([f"{plain(c.a)} less {plain(c.b)}", *interval, words.p_value(c.p_holm), wins, needed])
    header = ["Difference", "Low", "High", "p, Holm", "Wins/ties/losses", "Units needed"]
    shown = table([words.first_upper(titles.title(HEADLINE)), *header], rows)
    return f"{shown}\n\n{words.NEEDED}" if any(c.needed is not None for c in comparisons) else shown


def _labels(result: Result) -> str:
    rows = []
    for label in result.labels:
        score = result.best.per_label[label.name]
        figures = [score.precision, score.recall, score.f1]
        shown = [words.number(value) for value in figures] if score.support else ["–"] * 3
        rows.append([plain(label.name), str(label.support.get("train", 0)), str(score.support), *shown])
    return table(["Label", "Train", "Test", "Precision", "Recall", "F1"], rows)


def _confused(cells: Sequence[Cell]) -> str:
    wrong = sorted((c for c in cells if not c.right), key=lambda c: -len(c.units))[:_CONFUSIONS]
    return bullets(f"{plain(cell_name(c))}: {len(c.units)}" for c in wrong)


def _slices(result: Result) -> str:
    if result.slices is None or not result.slices.listed:
        return words.because(None, "there are no slices that are large enough")
    rows = [
        [
            *(f"{s.by}: {plain(s.value)}", str(s.n), words.figure(s.figure), words.number(s.rest.value)),
            *(words.signed(s.difference.value), words.p_value(s.p_holm)),
        ]
        for s in result.slices.listed[:_SLICES]
    ]
    named = words.first_upper(titles.title(result.slices.metric))
    return table(["Slice", "Units", named, "Rest", "Difference", "p, Holm"], rows)


def _calibration(result: Result) -> str:
    names = ("log-loss", "brier", "ece")
    rows = [
        [plain(m.name), *(words.figure(found[name]) if name in found else "–" for name in names)]
        for m in result.models
        if m.calibration is not None
        for found in [m.calibration.metrics]
    ]
    if not rows:
        return words.because(None, "no model gave shares that sum to one")
    return table(["Model", *(words.first_upper(titles.title(name)) for name in names)], rows)
