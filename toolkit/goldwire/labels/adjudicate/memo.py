"""The memo of an adjudication round: what the adjudicators found, the codebook gaps one by one.

It is Markdown for those who mend the codebook. People are pseudonyms in it, as everywhere.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.adjudicate import kept
from goldwire.labels.adjudicate.disputes import Dispute, Row
from goldwire.labels.adjudicate.reasons import AMBIGUOUS, GAP, REASON, SLIP, TEXT
from goldwire.labels.ballots import counted
from goldwire.labels.gold.adjudicated import reason_of
from goldwire.labels.gold.rulings import rulings, submitted
from goldwire.scheme import Scheme, load
from goldwire.study import Study

_NAMES = {GAP: "codebook gap", SLIP: "slip", AMBIGUOUS: "truly ambiguous", TEXT: "text problem"}
_FIRST = 300  # characters of a text without a disputed span
_AROUND = 150  # characters before and after one
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~$&-])")
_WHOLE = "the whole unit"


@dataclass(frozen=True)
class Case:
    """A unit that was ruled: its task, why it was in dispute, the rows of its ruling and of each annotator's answer;
    and the rulings of other adjudicators or rounds, each with whether it is the one that stands."""

    data: Row
    start: int
    disputes: list[Dispute]
    ruling: list[Row]
    votes: dict[str, list[Row]]
    others: list[tuple[list[Row], bool]]

    @property
    def code(self) -> str | None:
        return reason_of(self.ruling)[0]


def memo(study: Study, name: str) -> str:
    """Return the memo of a round, by its rulings as they were built last.

    Raises
    ------
    GoldwireError
        When there is no such round, it is no adjudication, or it has no ruling.
    """
    folder = study.rounds / name
    round_ = rounds.read(folder)
    if not round_.adjudicates:
        raise GoldwireError(
            f"round {name} is no adjudication", hint="Make one with: goldwire labels adjudicate NEW_ROUND"
        )
    scheme = load(round_.scheme, study.schemes)
    votes = study.read("votes")
    votes = votes.filter(pc.equal(votes["scheme"], round_.scheme))
    ruled = _grouped(rulings(votes.filter(pc.equal(votes["round"], name))))
    if not ruled:
        raise GoldwireError(
            f"there is no ruling of round {name} yet",
            hint=f"Pull and build first: goldwire labels pull {name}, goldwire labels build",
        )
    cases = list(_cases(study, name, votes, ruled))
    total = len(rounds.tasks(folder))
    codes = Counter(case.code for case in cases)
    lines = [
        f"# Adjudication {_escaped(name)}: {_escaped(scheme.title)} {scheme.version}",
        "",
        f"{_units(len(cases))} of {total} adjudicated, of {_rounds(round_.adjudicates)}, by "
        f"{', '.join(sorted({_escaped(rows[0]['annotator']) for rows in ruled.values()}))}.",
        "",
        "| reason | units |",
        "|---|---|",
        *(f"| {label} | {codes[code]} |" for code, label in _NAMES.items()),
    ]
    if codes[None]:
        lines.append(f"| none given | {codes[None]} |")
    if several := sum(bool(case.others) for case in cases):
        lines += ["", f"{_units(several)} ruled more than once; of each the ruling given last stands."]
    lines += ["", *_gaps([case for case in cases if case.code == GAP], scheme)]
    lines += _listed("Truly ambiguous", [case for case in cases if case.code == AMBIGUOUS], scheme)
    lines += _slips([case for case in cases if case.code == SLIP], scheme)
    lines += _listed("Text problems", [case for case in cases if case.code == TEXT], scheme)
    lines += _listed("Without a reason", [case for case in cases if case.code is None], scheme) if codes[None] else []
    return "\n".join(lines).rstrip() + "\n"


def _cases(study: Study, name: str, votes: pa.Table, ruled: Mapping[str, list[Row]]) -> Iterator[Case]:
    votes = votes.filter(pc.is_in(votes["unit_id"], pa.array(sorted(ruled), pa.string())))
    said = _grouped(counted(votes))
    stands = {unit: _who(rows) for unit, rows in _grouped(rulings(votes)).items()}
    given = _by_adjudicator(submitted(votes))
    why: dict[str, list[Dispute]] = defaultdict(list)
    for dispute in kept.of_round(study, name):
        why[dispute.unit_id].append(dispute)
    for task in rounds.tasks(study.rounds / name):
        unit = task["data"]["unit_id"]
        if unit in ruled:
            by: dict[str, list[Row]] = defaultdict(list)
            for row in said.get(unit, []):
                by[row["annotator"]].append(row)
            start, mine = task["meta"]["start"] or 0, ruled[unit]
            others = [(rows, who == stands[unit]) for who, rows in sorted(given[unit].items()) if who != _who(mine)]
            yield Case(task["data"], start, why[unit], mine, dict(sorted(by.items())), others)


def _who(ruling: Sequence[Row]) -> tuple[str, str]:
    return ruling[0]["round"], ruling[0]["annotator"]


def _by_adjudicator(votes: pa.Table) -> dict[str, dict[tuple[str, str], list[Row]]]:
    """Return the last ruling of each adjudicator in each round: unit -> round and pseudonym -> rows."""
    found: dict[str, dict[tuple[str, str], list[Row]]] = defaultdict(dict)
    for round_, who in sorted({_who([row]) for row in votes.select(["round", "annotator"]).to_pylist()}):
        mine = pc.and_(pc.equal(votes["round"], round_), pc.equal(votes["annotator"], who))
        for unit, rows in _grouped(rulings(votes.filter(mine))).items():
            found[unit][round_, who] = rows
    return found


def _grouped(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["unit_id"]].append(row)
    return dict(found)


def _gaps(cases: Sequence[Case], scheme: Scheme) -> Iterator[str]:
    """Yield the gaps under the question and the labels that were confused, those of most units first."""
    yield "## Codebook gaps"
    yield ""
    if not cases:
        yield "None."
        yield ""
    by: dict[tuple[str, tuple[str, ...]], list[Case]] = defaultdict(list)
    for case in cases:
        for question in dict.fromkeys(one.question for one in case.disputes):
            by[question or "", _confused(case, question, scheme)].append(case)
    order = ["", *(q.name for q in scheme.questions), *(layer.name for layer in scheme.mentions), "relation"]
    for (question, labels), found in sorted(
        by.items(), key=lambda item: (order.index(item[0][0]), -len(item[1]), item[0][1])
    ):
        what = ", ".join(map(_escaped, labels)) or "no label"
        yield f"### {_escaped(question) or _WHOLE}: {what} ({_units(len(found))})"
        yield ""
        for case in found:
            yield from _case(case, question or None, scheme)


def _listed(title: str, cases: Sequence[Case], scheme: Scheme) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if not cases:
        yield "None."
        yield ""
    for case in cases:
        yield from _case(case, None, scheme)


def _slips(cases: Sequence[Case], scheme: Scheme) -> Iterator[str]:
    """Count, for each annotator, the units with a disputed question on which the ruling says something else."""
    yield "## Slips"
    yield ""
    slipped: Counter[str] = Counter()
    for case in cases:
        asked = {name for one in case.disputes for name in _questions(one.question, scheme)}
        right = {row["question"]: _said(row) for row in case.ruling}
        for who, rows in case.votes.items():
            slipped[who] += any(
                row["question"] in asked and _said(row) != right.get(row["question"], []) for row in rows
            )
    if not +slipped:
        yield "None by the questions about the unit." if cases else "None."
    else:
        yield "| annotator | units on which they differ from the ruling |"
        yield "|---|---|"
        for who, number in sorted((+slipped).items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"| {_escaped(who)} | {number} |"
    yield ""


def _case(case: Case, question: str | None, scheme: Scheme) -> Iterator[str]:
    data = case.data
    source = ", ".join(_escaped(data[name]) for name in ("title", "outlet", "date") if data[name])
    yield f"- **{_escaped(data['unit_id'])}**" + (f": {source}" if source else "")
    if data["target"]:
        yield f"  - about {_escaped(data['target'])}" + (f", by {_escaped(data['holder'])}" if data["holder"] else "")
    mine = [one for one in case.disputes if question is None or one.question == question]
    names = list(dict.fromkeys(name for one in mine for name in _questions(one.question, scheme)))
    for name in names:
        votes = (f"{_escaped(who)} {_answer(rows, name)}" for who, rows in case.votes.items())
        yield f"  - {_escaped(name)}: {'; '.join(votes)} → **{_answer(case.ruling, name)}**"
    for one in mine:
        if one.spans:
            label, share = one.distribution[0]["label"], one.distribution[0]["share"]
            words = " → ".join(f"“{_escaped(span.text)}”" for span in one.spans)
            yield f"  - {_escaped(label)} {words}: {round(share * one.n_votes)} of {one.n_votes}"
        if one.finding:
            yield f"  - finding: {_escaped(one.finding)}"
    for who, rows in case.votes.items():
        if comment := reason_of(rows)[1]:
            yield f"  - {_escaped(who)}: {_escaped(comment)}"
    if comment := reason_of(case.ruling)[1]:
        yield f"  - **{_escaped(case.ruling[0]['annotator'])}: {_escaped(comment)}**"
    for rows, stands in case.others:
        said = "; ".join(f"{_escaped(name)} {_answer(rows, name)}" for name in names)
        by = f"{_escaped(rows[0]['annotator'])} in round {_escaped(rows[0]['round'])}"
        yield f"  - also ruled by {by}{', and that ruling stands' if stands else ''}" + (f": {said}" if said else "")
    yield f"  - {_excerpt(case, mine)}"
    yield ""


def _excerpt(case: Case, disputes: Sequence[Dispute]) -> str:
    text = case.data["text"]
    span = next((span for one in disputes for span in one.spans), None)
    if span is None:
        return _escaped(text[:_FIRST]) + (" …" if len(text) > _FIRST else "")
    start, end = span.start - case.start, span.end - case.start
    first, last = max(0, start - _AROUND), end + _AROUND
    before = ("… " if first else "") + _escaped(text[first:start])
    after = _escaped(text[end:last]) + (" …" if last < len(text) else "")
    return f"{before} **{_escaped(text[start:end])}** {after}".strip()


def _confused(case: Case, question: str | None, scheme: Scheme) -> tuple[str, ...]:
    """Return the labels that the votes gave, in the order of the scheme; of spans and links, those in dispute."""
    if question is None:
        return ()
    asked = {one.name: one for one in scheme.questions}
    if question not in asked:
        mine = (one for one in case.disputes if one.question == question)
        return tuple(sorted({said["label"] for one in mine for said in one.distribution[:1]}))
    given = {
        label for rows in case.votes.values() for row in rows if row["question"] == question for label in _said(row)
    }
    order = list(asked[question].label_names())
    return tuple(sorted(given, key=lambda label: (order.index(label) if label in order else len(order), label)))


def _questions(question: str | None, scheme: Scheme) -> list[str]:
    """Return the questions that a dispute is about; those about spans are none."""
    names = [one.name for one in scheme.questions if one.name != REASON]
    return names if question is None else [question] if question in names else []


def _answer(rows: Sequence[Row], question: str) -> str:
    said = [label for row in rows if row["question"] == question for label in _said(row)]
    return ", ".join(map(_escaped, said)) or "nothing"


def _said(row: Row) -> list[str]:
    return row["labels"] or ([row["value"]] if row["value"] else [])


def _units(number: int) -> str:
    return f"{number} unit{'' if number == 1 else 's'}"


def _rounds(names: Sequence[str]) -> str:
    return f"round{'' if len(names) == 1 else 's'} {', '.join(map(_escaped, names))}"


def _escaped(text: str) -> str:
    """Return text as Markdown shows it, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))
