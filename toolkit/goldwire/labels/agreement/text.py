"""Agreement as people read it: a table of the questions, what stands out, and with `details` everything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Table = Callable[[Sequence[str], Sequence[Sequence[Any]]], str]
Figure = Mapping[str, Any]

_LOWEST = 3
_WIDEST = 60
_FIGURES = ("observed", "alpha", "kappa")
_MARKED = {
    "mentions": ("spans", ("exact", "overlap", "token", "alpha_u")),
    "relations": ("links", ("labelled", "not_compared")),
}
_OF_PARTS = ("slices", "not_in_slices", "hard", "blind")
_OF_SETS = "to kappa and ac1 an answer of several labels is the same or not; alpha counts what two have in common"


def lines(value: Mapping[str, Any], table: Table, details: bool = False, pairs: bool = False) -> list[str]:
    """Return the lines of a result of `goldwire labels agreement`.

    Parameters
    ----------
    value : mapping
        See `goldwire.labels.agreement.measure.agreement` and `goldwire.labels.agreement.study.of_study`.
    table : callable
        Makes one text of a header and rows.
    details : bool
        Every figure, not only the questions, the labels that agree least, the hard subset and blindness.
    pairs : bool
        The figures of each two annotators, without `details` too.
    """
    found: list[str] = []
    if then := value.get("as_of"):
        found += [f"as of part {then['part']}, pulled {then['pulled'] or 'from an export'}:"]
    found += _whole(value, table, details, pairs)
    if then:
        found += ["", f"units first answered after part {then['part']}:"]
        after = value["after"]
        found += [after["why"]] if "why" in after and not after["units"] else _whole(after, table, details, pairs)
        found += ["", *_changed(value["changed"], table)]
    return found


def _whole(value: Mapping[str, Any], table: Table, details: bool, pairs: bool) -> list[str]:
    questions = value.get("questions", {"": value})
    named = "questions" in value
    header = ["question", "units", "annotators", "votes", "ties", "alpha", "kappa", "ac1"]
    rows = [
        [name, *(one[key] for key in header[1:5]), _figure(one["alpha"]), one["kappa"], one["ac1"]]
        for name, one in questions.items()
    ]
    found = [table(header, rows) if named else table(header[1:], [row[1:] for row in rows])]
    found += [f"{_of(name)}{why}" for name, one in questions.items() for why in _reasons(one)]
    found += [f"{_of(name)}{_OF_SETS}" for name, one in questions.items() if "masi" in one["alphas"]]
    if details:
        for name, one in questions.items():
            found += _details(name, one, table)
    else:
        found += _short(questions, table)
    if pairs or details:
        rows = [
            [name, pair["a"], pair["b"], pair["n"], _figure(pair["observed"]), _figure(pair["kappa"])]
            for name, one in questions.items()
            for pair in one["pairs"]
        ]
        found += _section("pairs", ["question", "a", "b", "n", "observed", "kappa"], named, table, rows)
        found += [
            f"{_of(name)}{one['pairs_left_out']} pairs; list them with --pairs"
            for name, one in questions.items()
            if one.get("pairs_left_out")
        ]
    for what in ("mentions", "relations"):
        found += _nested(what, value.get(what), table, details)
    marked = {f"{what}.{name}": one for what in _MARKED for name, one in (value.get(what) or {}).items()}
    return found + _blind({**questions, **marked})


def _reasons(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield why figures are not defined, or have no interval, each reason once."""
    reasons: dict[str, list[str]] = {}
    if why := one["alpha"].get("why"):
        reasons.setdefault(why, []).append("alpha" if one["alpha"]["value"] is None else "interval of alpha")
    for name, why in one.get("why", {}).items():
        reasons.setdefault(why, []).append(name)
    for why, names in reasons.items():
        yield f"{', '.join(names)}: {why}"
    if outside := one.get("outside_scheme"):
        yield f"labels that the scheme has not: {', '.join(outside[:20])}{_more(outside, 20)}"


def _short(questions: Mapping[str, Any], table: Table) -> list[str]:
    named = [*questions] != [""]
    rows = []
    for name, one in questions.items():
        defined = [(label, each) for label, each in one["per_label"].items() if each["alpha"]["value"] is not None]
        # a label that is too rare for an interval tells nothing, unless all are
        defined = [pair for pair in defined if pair[1]["alpha"]["low"] is not None] or defined
        defined.sort(key=lambda pair: (pair[1]["alpha"]["value"], pair[0]))
        rows += [[name, label, each["votes"], _figure(each["alpha"])] for label, each in defined[:_LOWEST]]
    found = _section("labels that agree least", ["question", "label", "votes", "alpha"], named, table, rows)
    hard = [f"{_of(name)}{_hard_line(one['hard'])}" for name, one in questions.items() if "hard" in one]
    return [*found, "", *hard] if hard else found


def _hard_line(hard: Mapping[str, Any]) -> str:
    if hard["easy"] is None:
        return f"no hard units to tell: {hard['because']}"
    alpha, kappa = hard["alpha"], hard["kappa"]
    figures = f"alpha {_figure(alpha)}, kappa {_figure(kappa)}" if alpha["value"] is not None else alpha["why"]
    easy = " ".join(hard["easy"].split())
    easy = easy if len(easy) <= _WIDEST else f"{easy[: _WIDEST - 1]}…"
    without = f'without the units that are "{easy}" by majority ({hard["because"]})'
    return f"{without}: {hard['units']} units; {figures}"


def _details(name: str, one: Mapping[str, Any], table: Table) -> Iterator[str]:
    title = f"{name}: " if name else ""
    if intervals := {**one.get("intervals", {}), **{f"alpha, {k}": v for k, v in one.get("alphas", {}).items()}}:
        rows = [[key, _figure(each), each.get("why", "")] for key, each in intervals.items()]
        yield from _titled(f"{title}figures", table(["figure", "value", "note"], rows))
    labels = [
        [label, each["votes"], _figure(each["alpha"]), _figure(each["positive_agreement"])]
        for label, each in one["per_label"].items()
    ]
    yield from _titled(f"{title}labels", table(["label", "votes", "alpha", "positive agreement"], labels))
    people = [
        [who, each["votes"], each["n"], _figure(each["interval"])] for who, each in one["per_annotator"].items()
    ]
    yield from _titled(f"{title}annotators against the rest", table(["annotator", "votes", "n", "agreement"], people))
    for slicing, values in one.get("slices", {}).items():
        yield from _slice(f"{title}by {slicing}", slicing, values, one["not_in_slices"][slicing], table)
    if hard := one.get("hard"):
        yield from ("", f"{title}{_hard_line(hard)}")
        if hard["easy"] is not None:
            of = {"not by majority": hard, "to nobody": hard["never_easy"]}
            yield _parts(hard["easy"], of, table)


def _slice(
    title: str,
    name: str,
    values: Mapping[str, Any],
    rest: Mapping[str, int],
    table: Table,
    counted: str = "votes",
    figures: Sequence[str] = _FIGURES,
) -> Iterator[str]:
    """Yield the figures of a slice; nothing where everything has one value, or none."""
    if len(values) < 2:
        return
    told = {value: each for value, each in values.items() if each["units_with_two"] >= 2}
    text = _parts(name, told, table, counted, figures) if told else "no value has two units with two answers"
    yield from _titled(title, text)
    if told and (few := len(values) - len(told)):
        yield f"and {few} with less than two units with two answers"
    if rest["values"]:
        yield f"and {rest['values']} smaller ones, with {rest['units']} units"
    if rest["not_known"]:
        yield f"not known: {rest['not_known']} units"


def _parts(
    name: str, values: Mapping[str, Any], table: Table, counted: str = "votes", figures: Sequence[str] = _FIGURES
) -> str:
    header = [name, "units", "with two", counted, *figures]
    rows = [
        [value, *(each[key] for key in ("units", "units_with_two", counted)), *(_figure(each[f]) for f in figures)]
        for value, each in values.items()
    ]
    return table(header, rows)


def _blind(questions: Mapping[str, Any]) -> list[str]:
    rounds = {name: blind for one in questions.values() for name, blind in one.get("blind", {}).items()}
    if not rounds:
        return []
    said = {True: "blind", False: "not blind: annotators could see each other's answers", None: "not in the study"}
    return ["", *(f"round {name}: {said[blind]}" for name, blind in sorted(rounds.items()))]


def _changed(changed: Mapping[str, Mapping[str, int]], table: Table) -> Iterator[str]:
    rows = [[who, *(each[key] for key in ("answers", "changed", "gone"))] for who, each in changed.items()]
    yield "answers given before it, and changed or gone since:"
    yield table(["annotator", "answers", "changed", "gone"], rows)


def _nested(what: str, value: Mapping[str, Any] | None, table: Table, details: bool) -> list[str]:
    """Return the figures of mentions or relations: intervals as columns, other numbers as they are."""
    if not value:
        return []
    columns: list[str] = []
    for one in value.values():
        columns += [key for key, each in one.items() if key not in columns and _is_figure(each)]
    rows = [[name, *(_any(one.get(key)) for key in columns)] for name, one in value.items()]
    found = ["", table([what, *columns], rows)]
    for name, one in value.items() if details else ():
        for key, each in one.items():
            if key not in _OF_PARTS and isinstance(each, Mapping) and each and all(map(_is_mapping, each.values())):
                found += _titled(f"{name}: {key.replace('_', ' ')}", _inner(key, each, table))
        found += _marked_parts(what, name, one, table)
    return found


def _marked_parts(what: str, name: str, one: Mapping[str, Any], table: Table) -> Iterator[str]:
    """Yield the slices of a layer, or of the relations, and the figures without the easy label."""
    counted, figures = _MARKED[what]
    for slicing, values in one.get("slices", {}).items():
        rest = one["not_in_slices"][slicing]
        yield from _slice(f"{name}: by {slicing}", slicing, values, rest, table, counted, figures)
    if (hard := one.get("hard")) and hard["easy"] is not None and hard[counted]:
        left = f'without "{hard["easy"]}" ({hard["because"]}): {hard[counted]} {counted} in {hard["units"]} units'
        said = [f"{figure} {_figure(hard[figure])}" for figure in figures]
        yield from ("", f"{name}: {left}; {', '.join(said)}")


def _inner(key: str, value: Mapping[str, Mapping[str, Any]], table: Table) -> str:
    """Return a table with a row for each label, annotator, measure, or attribute."""
    if all("value" in each for each in value.values()):
        return table(["measure", "value"], [[name, _figure(each)] for name, each in value.items()])
    columns = [column for column, each in next(iter(value.values())).items() if _is_figure(each)]
    first = {"per_label": "label", "per_annotator": "annotator", "attributes": "attribute"}.get(key, key)
    return table([first, *columns], [[name, *(_any(each.get(c)) for c in columns)] for name, each in value.items()])


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_figure(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, Mapping) and "value" in value)


def _any(value: Any) -> Any:
    return _figure(value) if isinstance(value, Mapping) else value


def _figure(interval: Figure) -> str:
    value, low, high = (interval.get(key) for key in ("value", "low", "high"))
    if value is None:
        return "-"
    return f"{value:.3f}" if low is None or high is None else f"{value:.3f} [{low:.3f}, {high:.3f}]"


def _section(title: str, header: list[str], named: bool, table: Table, rows: list[list[Any]]) -> list[str]:
    """Return a titled table, without the column of the questions where there is only one; nothing without rows."""
    if not rows:
        return []
    return _titled(title, table(header, rows) if named else table(header[1:], [row[1:] for row in rows]))


def _titled(title: str, text: str) -> list[str]:
    return ["", f"{title}:", text]


def _of(name: str) -> str:
    return f"{name}: " if name else ""


def _more(values: Sequence[str], shown: int) -> str:
    return f" and {len(values) - shown} more" if len(values) > shown else ""
