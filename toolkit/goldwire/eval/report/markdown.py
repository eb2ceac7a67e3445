"""The report as Markdown, for a pull request: what decides, and further tables folded. Texts are on the page."""

from collections.abc import Mapping, Sequence

from goldwire.eval.facts import CorpusFacts
from goldwire.eval.report import corpus, markdown_further, titles, words
from goldwire.eval.report.advice import advice
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.report.confusion import name as cell_name
from goldwire.eval.report.markdown_parts import bullets, code, plain, table
from goldwire.eval.report.summary import summary
from goldwire.eval.result import Cell, Figure, Result, Unscored

_CONFUSIONS, _METRICS = 5, 3


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
            bullets(plain(f"{x.scheme}, {x.question}: not applicable, because {x.reason}.") for x in unscored)
        )
    if facts is not None:
        blocks += _corpus(facts)
    return "\n\n".join(blocks) + "\n"


def _corpus(facts: CorpusFacts) -> list[str]:
    blocks = ["## Corpus", plain(" ".join(corpus.sentences(facts)))]
    for one in corpus.tables(facts):
        note = f" ({one.note})" if one.note else ""
        blocks.append(f"### {one.title}{note}")
        blocks.append(table(one.columns, [[plain(name), f"{n:,}"] for name, n in one.rows]))
    return blocks


def _question(result: Result, curve: Curve | None, suspects: Suspects | None) -> list[str]:
    asked = result.question.replace("_", " ").capitalize()
    title = plain(f"{asked} ({result.scheme} {result.scheme_version})")
    blocks = [f"## {title}", plain(" ".join(summary(result)))]
    blocks += ["### What to do next", bullets(map(plain, advice(result, curve, suspects)))]
    blocks += ["### Models", _models(result)]
    blocks += markdown_further.differences(result)
    blocks += [f"### Labels ({plain(result.best.name)})", _labels(result)]
    if confused := _confused(result.best.confusion):
        blocks += ["### Most frequent confusions", confused]
    blocks += ["### Slices", *markdown_further.slices(result)]
    blocks += ["### Probabilities", *markdown_further.probabilities(result)]
    blocks += ["### Votes", *markdown_further.votes(result)]
    blocks += ["### People", *markdown_further.people(result)]
    blocks += ["### Learning curve", *markdown_further.curve(curve)]
    blocks += ["### Suspects", *markdown_further.suspects(suspects)]
    blocks += ["### Checks", _checks(result)]
    splits = [[plain(s.split), str(s.units), str(s.labelled), str(s.stories)] for s in result.splits]
    blocks += ["### Splits", table(["Split", "Units", "With gold", "Stories"], splits), code(result.signature)]
    return blocks


def _models(result: Result) -> str:
    metrics = titles.ordered(name for model in result.models for name in model.metrics)[:_METRICS]
    rows = [
        [plain(m.name) + (" (probe)" if m.role == "probe" else "")]
        + [words.figure(m.metrics[name]) if name in m.metrics else "–" for name in metrics]
        + [m.against_people or "–"]
        for m in result.models
    ]
    for name, people in (
        (words.POOLED, result.ceiling.metrics),
        ("people, split in half", result.ceiling.split_half),
    ):
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


def _labels(result: Result) -> str:
    rows = []
    for label in result.labels:
        score = result.best.per_label[label.name]
        f1 = words.figure(Figure(value=score.f1, low=score.f1_low, high=score.f1_high))
        shown = [words.number(score.precision), words.number(score.recall), f1] if score.support else ["–"] * 3
        rows.append([plain(label.name), str(label.support.get("train", 0)), str(score.support), *shown])
    return table(["Label", "Train", "Test", "Precision", "Recall", "F1"], rows)


def _confused(cells: Sequence[Cell]) -> str:
    wrong = sorted((c for c in cells if not c.right), key=lambda c: -len(c.units))[:_CONFUSIONS]
    return bullets(f"{plain(cell_name(c))}: {len(c.units)}" for c in wrong)
