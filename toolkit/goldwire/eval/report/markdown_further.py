"""The sections of the Markdown report that follow the models: each says what decides, and folds its tables.

A table that does not show all of its rows says how many there are.
"""

from collections.abc import Sequence

from goldwire.eval.report import titles, words
from goldwire.eval.report.beside import Curve, Point, Suspects
from goldwire.eval.report.markdown_parts import folded, plain, table
from goldwire.eval.result import HEADLINE, Comparison, Figure, Result

_SLICES, _LABELS, _SUSPECTS = 5, 10, 10


def differences(result: Result) -> list[str]:
    """Return the differences in the headline metric, then those on single labels; nothing where there are none."""
    headed, labels = words.headed(result), words.by_label(result)
    if not headed:
        return []
    blocks = [_differences(result, headed, words.first_upper(titles.title(HEADLINE)))]
    if any(c.needed is not None for c in headed):
        blocks.append(words.NEEDED)
    if note := words.not_told(headed):
        blocks.append(plain(note))
    if labels:
        some = f"{_some(_LABELS, len(labels))}, those that are settled first" if len(labels) > _LABELS else ""
        summary = f"Differences label by label{f' ({some})' if some else ''}"
        blocks.append(folded(summary, _differences(result, labels[:_LABELS], "F1")))
    return blocks


def _differences(result: Result, comparisons: Sequence[Comparison], what: str) -> str:
    rows = [
        [
            f"{plain(c.label)}: {plain(c.a)} less {plain(c.b)}" if c.label else f"{plain(c.a)} less {plain(c.b)}",
            _change(Figure(value=c.difference, low=c.low, high=c.high)),
            words.p_value(c.p_holm),
            "–" if c.wins is None else f"{c.wins}/{c.ties}/{c.losses}",
            words.p_value(c.mcnemar_holm),
            _needed(result, c),
        ]
        for c in comparisons
    ]
    return table([what, "Difference", "p, Holm", "Wins/ties/losses", "McNemar’s p, Holm", "Units needed"], rows)


def _needed(result: Result, c: Comparison) -> str:
    if c.needed is not None:
        return f"{c.needed:,}"
    return "settled" if words.settled(result, c) else "not told" if c.needed_why else "–"


def slices(result: Result) -> list[str]:
    """Return the worst slices."""
    if result.slices is None or not result.slices.listed:
        return [words.because(None, "there are no slices that are large enough")]
    listed = result.slices.listed
    rows = [
        [
            *(plain(f"{s.by}: {s.value or 'none'}"), f"{s.n:,}", words.figure(s.figure)),
            *(words.number(s.rest.value), _change(s.difference), words.p_value(s.p_holm)),
        ]
        for s in listed[:_SLICES]
    ]
    named = words.first_upper(titles.title(result.slices.metric))
    shown = f"{_some(_SLICES, len(listed))}, the worst" if len(listed) > _SLICES else "All, the worst first"
    return [f"{shown}:", table(["Slice", "Units", named, "Rest", "Difference", "p, Holm"], rows)]


def probabilities(result: Result) -> list[str]:
    """Return how good the shares of the models are, and the reliability of those of the best."""
    names = ("log-loss", "brier", "ece")
    rows = [
        [plain(m.name), *(_of(m.calibration.metrics, name) for name in names)]
        for m in result.models
        if m.calibration is not None
    ]
    if not rows:
        return [words.because(None, "no model gave shares that sum to one")]
    blocks = [table(["Model", *(words.first_upper(titles.title(name)) for name in names)], rows)]
    best = result.best.calibration
    if best is not None and best.reliability:
        bins = [
            [f"{one.low:.2g} to {one.high:.2g}", f"{one.n:,}", words.number(one.share), words.number(one.right)]
            for one in best.reliability
            if one.n
        ]
        named = f"Reliability of {plain(result.best.name)}"
        blocks.append(folded(named, table(["Largest share", "Predictions", "Mean share", "Right"], bins)))
    return blocks


def votes(result: Result) -> list[str]:
    """Return the headline metric by how units were voted on, and how far shares are from those of the votes."""
    blocks = []
    if groups := words.vote_groups(result):
        rows = [[plain(m.name), *(_of(m.by_votes, name) for name in groups)] for m in result.models if m.by_votes]
        blocks += [f"{words.votes_caption(result)}:", table(["Model", *map(words.first_upper, groups)], rows)]
    if names := titles.ordered(name for m in result.models for name in m.soft):
        rows = [[plain(m.name), *(_of(m.soft, name) for name in names)] for m in result.models if m.soft]
        shown = table(["Model", *(words.first_upper(titles.title(name)) for name in names)], rows)
        blocks.append(folded("Distance of a model’s shares to those of the votes; less is better", shown))
    return blocks or [words.because(None, "there are no votes on units of the test split to hold models against")]


def people(result: Result) -> list[str]:
    """Return the annotators' agreement, and each against the majority of the others."""
    said = words.agreement(result) or words.because(
        None, "agreement was not measured; goldwire labels agreement does it"
    )
    ceiling, names = result.ceiling, (HEADLINE, "accuracy")
    if not ceiling.metrics:
        return [plain(said)]
    rows = [
        [plain(name), f"{one.answers:,}", words.figure(one.macro_f1), words.figure(one.accuracy)]
        for name, one in ceiling.annotators.items()
    ]
    rows.append(["pooled", f"{ceiling.answers:,}", *(_of(ceiling.metrics, name) for name in names)])
    if ceiling.split_half:
        rows.append(["split in half", "–", *(_of(ceiling.split_half, name) for name in names)])
    where = "the test split" if ceiling.units == "test" else "all splits"
    summary = (
        f"Each annotator against the majority of the others, on {words.count(ceiling.judged, 'unit')} of {where}"
    )
    header = ["Annotator", "Answers", *(words.first_upper(titles.title(name)) for name in names)]
    return [plain(said), folded(summary, table(header, rows))]


def curve(found: Curve | None) -> list[str]:
    """Return what more labels would bring, and the points that say so."""
    if found is None or not found.points:
        none = "no learning curve was measured; goldwire eval curve does it"
        return [plain(words.because(found.why if found else None, none))]
    metric = titles.title(found.metric or HEADLINE)
    if found.gain is None:
        why = words.first_lower(words.because(found.why, "no curve could be fitted"))
        said = f"What more labels would bring: {why}"
    else:
        gain = _change(Figure(value=found.gain.value, low=found.gain.low, high=found.gain.high))
        said = f"{words.count(found.gain.labels, 'more label')} would bring about {gain} {metric}."
    now = [] if found.now is None else [found.now]
    rows = [
        [f"{point.n:,}{note}", _point(point)]
        for note, points in (("", found.points), (" (now, expected)", now), (" (expected)", found.forecast))
        for point in points
    ]
    shown = table(["Labelled training units", words.first_upper(metric)], rows)
    return [
        plain(said),
        folded(f"{words.first_upper(metric)} of {plain(found.model or '')} by the labels it learns from", shown),
    ]


def suspects(found: Suspects | None) -> list[str]:
    """Return how many units have a gold label that is likely wrong, and the first of them."""
    if found is None or found.why:
        none = "nobody looked for them; goldwire eval suspects does"
        return [plain(words.because(found.why if found else None, none))]
    if not found.listed:
        return [f"None: of {words.count(found.judged, 'unit')} judged, no gold label is likely wrong."]
    n = max(found.found, len(found.listed))
    judged = f" of {found.judged:,} judged" if found.judged else ""
    said = f"The gold of {words.count(n, 'unit')}{judged} may be wrong: {found.model or 'a model'} doubts it when it "
    said += f"has not learned from them.{f' {found.caveat}' if found.caveat else ''}"
    rows = [
        [
            plain(one.unit_id),
            *(plain(", ".join(labels)) or "no label" for labels in (one.gold, one.suggested)),
            words.number(one.share),
            plain(", ".join(f"{label} {share:.0%}" for label, share in _falling(one.votes))) or "–",
        ]
        for one in found.listed[:_SUSPECTS]
    ]
    summary = f"{_some(_SUSPECTS, n)}, the most likely" if n > _SUSPECTS else "All, the most likely first"
    return [plain(said), folded(summary, table(["Unit", "Gold", "Suggested", "Share of gold", "Votes"], rows))]


def _falling(votes_: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(votes_.items(), key=lambda one: (-one[1], one[0]))


def _some(shown: int, of: int) -> str:
    return f"{shown} of {of:,}"


def _of(figures: dict[str, Figure], name: str) -> str:
    return words.figure(figures[name]) if name in figures else "–"


def _point(point: Point) -> str:
    return words.figure(Figure(value=point.value, low=point.low, high=point.high))


def _change(figure: Figure) -> str:
    between = "" if figure.low is None else f" ({words.signed(figure.low)} to {words.signed(figure.high)})"
    return f"{words.signed(figure.value)}{between}"
