"""Which answers are in dispute: gold and votes in, disputes out, worked by hand."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from disputing import PLACES, TALKS, A, B, C
from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.files import write_text
from goldwire.labels.adjudicate.disputes import Dispute, Rules, Span, check, least_certain, of_file, of_gold
from goldwire.labels.adjudicate.span_disputes import of_unit

Row = dict[str, Any]


def row(unit: str, question: str, votes: int, tied: bool = False, by: str = "majority", **shares: float) -> Row:
    listed = [{"label": label, "share": share} for label, share in shares.items()]
    base = {"unit_id": unit, "question": question, "n_votes": votes, "tied": tied, "decided_by": by}
    return {**base, "distribution": listed, "posterior": None}


GOLD = [
    row("a", "event", 2, True, "unresolved", MEET=0.5, FIGHT=0.5),
    row("a", "flags", 2, False, "unanimous", x=1.0),
    row("b", "event", 3, MEET=2 / 3, FIGHT=1 / 3),
    row("b", "flags", 4, x=1.0, z=0.25),
    row("c", "event", 0, False, "unresolved"),  # nobody was sure
    row("d", "flags", 2, True, "majority", x=1.0, z=0.5),  # x is decided, z is not
    row("e", "flags", 2, False, "unanimous"),  # none of them
]


@pytest.mark.parametrize(
    ("shares", "votes", "several", "expected"),
    [
        ([0.5, 0.5], 2, False, 0.5),
        ([2 / 3, 1 / 3], 3, False, 2 / 3),
        ([1.0], 1, False, 1.0),
        ([], 0, False, 0.0),
        ([1.0, 0.25], 4, True, 0.75),  # a quarter gave z, so three quarters did not
        ([0.5], 2, True, 0.5),
        ([], 3, True, 1.0),
        ([], 0, True, 0.0),
    ],
)
def test_how_certain_the_least_certain_answer_is(
    shares: list[float], votes: int, several: bool, expected: float
) -> None:
    assert least_certain(shares, votes, several) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Rules(), [("a", "event", "tie"), ("c", "event", "tie"), ("d", "flags", "tie")]),
        (
            Rules(tie=False, share=0.7),
            [("a", "event", "share"), ("b", "event", "share"), ("c", "event", "share"), ("d", "flags", "share")],
        ),
        (Rules(tie=False, share=2 / 3), [("a", "event", "share"), ("c", "event", "share"), ("d", "flags", "share")]),
        (
            Rules(share=0.8, questions=["flags"]),
            [("b", "flags", "share"), ("d", "flags", "tie"), ("d", "flags", "share")],
        ),
        (Rules(questions=["who"]), []),
    ],
)
def test_the_rules(rules: Rules, expected: list[tuple[str, str, str]]) -> None:
    found = of_gold(GOLD, TALKS, rules)
    assert [(one.unit_id, one.question, one.rule) for one in found] == expected


def test_a_dispute_says_what_the_votes_were_and_comes_back_from_its_line() -> None:
    found = of_gold(GOLD[:1], TALKS, Rules())
    shares = [{"label": "MEET", "share": 0.5}, {"label": "FIGHT", "share": 0.5}]
    assert found == [Dispute("a", "event", "tie", 2, shares)]
    spanned = Dispute("a", "who", "tie", 2, shares[:1], "odd", [Span(0, 3, "Ada")])
    assert [Dispute.of(one.as_dict()) for one in (*found, spanned)] == [*found, spanned]


def test_a_posterior_is_looked_at_where_there_is_one() -> None:
    with pytest.raises(GoldwireError, match="counted by majority") as caught:
        of_gold(GOLD, TALKS, Rules(tie=False, posterior=0.9))
    assert caught.value.hint == "Decide with: goldwire labels gold --method dawid-skene; or give --share."
    sure = {**GOLD[2], "posterior": [{"label": "MEET", "share": 0.95}, {"label": "FIGHT", "share": 0.05}]}
    doubtful = {**GOLD[0], "posterior": [{"label": "MEET", "share": 0.6}, {"label": "FIGHT", "share": 0.4}]}
    text = {**row("b", "why", 2, so=0.5), "posterior": []}
    found = of_gold([doubtful, sure, text], TALKS, Rules(tie=False, posterior=0.9))
    assert [(one.unit_id, one.rule) for one in found] == [("a", "posterior")]


def test_rules_that_cannot_be() -> None:
    for wrong, message in (
        (Rules(share=0.0), "--share is above 0 and at most 1, not 0.0"),
        (Rules(posterior=1.5), "--posterior is above 0 and at most 1, not 1.5"),
        (Rules(questions=["mood"]), 'scheme talks has no question or layer "mood"'),
        (Rules(posterior=0.9, questions=["event", "who"]), '--posterior is about questions, and "who" is not one'),
        (Rules(posterior=0.9, questions=["relation"]), '--posterior is about questions, and "relation" is not one'),
    ):
        with pytest.raises(UsageError) as caught:
            check(wrong, TALKS)
        assert caught.value.message == message
    check(Rules(questions=["event", "who", "relation"], share=0.9), TALKS)
    check(Rules(questions=["event"], posterior=0.9), TALKS)


def test_findings_of_a_check(tmp_path: Path) -> None:
    known = {unit: {one["question"]: one for one in GOLD if one["unit_id"] == unit} for unit in "abcde"}
    path = tmp_path / "found.csv"
    write_text(path, "unit_id,question,finding\nb,event,the model says FIGHT\ne,,odd text\ne,,odd text\n")
    assert of_file(path, known) == [
        Dispute("b", "event", "finding", 3, GOLD[2]["distribution"], "the model says FIGHT"),
        Dispute("e", None, "finding", 0, [], "odd text"),
    ]
    write_text(path, "unit_id\nb\n")
    assert of_file(path, known) == [Dispute("b", None, "finding", 0, [])]
    for text, where, message in (
        ("unit_id\nb\nnobody\n", "row 2, unit_id", "unit nobody has no votes in the rounds"),
        ("unit_id,question\nb,heat\n", "row 1, question", 'nobody answered "heat" of unit b'),
        ("unit\nb\n", "", 'there is no column "unit_id"'),
    ):
        write_text(path, text)
        with pytest.raises(GoldwireError) as caught:
            of_file(path, known)
        assert (caught.value.message, caught.value.where) == (message, f"{path}: {where}" if where else str(path))


def mention(who: str, number: int, layer: str, label: str, words: str) -> Row:
    start, end = PLACES[words]
    place = {"start": start, "end": end, "text": words}
    return {"question": layer, "label": label, "annotator": who, "mention_id": f"{number}/{words}", **place}


def relation(who: str, number: int, label: str, from_: str, to: str) -> Row:
    ends = {"from": from_ if from_ == "author" else f"{number}/{from_}", "to": f"{number}/{to}"}
    return {"label": label, "annotator": who, "question": "relation", **ends}


def test_spans_and_links_that_exactly_half_marked() -> None:
    """Of two: both mark Ada and met, one Bob. One draws "by" from met to Ada, and one "for" from the author."""
    both = [mention(who, n, "who", "actor", "Ada") for n, who in enumerate((A, B))]
    both += [mention(who, n, "trigger", "MEETING", "met") for n, who in enumerate((A, B))]
    mentions = [*both, mention(A, 0, "who", "actor", "Bob")]
    links = [
        relation(A, 0, "by", "met", "Ada"),
        relation(B, 1, "for", "author", "Ada"),
        relation(A, 0, "by", "met", "Bob"),
    ]

    def found(*names: str, **rules: Any) -> list[Dispute]:
        return of_unit("u", frozenset({A, B}), mentions, links, Rules(questions=names, **rules), {})

    half = [{"label": "actor", "share": 0.5}]
    bob = Dispute("u", "who", "tie", 2, half, spans=[Span(8, 11, "Bob")])
    assert found("who", "trigger") == [bob]
    assert found("event") == found() == []
    ada, met = Span(0, 3, "Ada"), Span(4, 7, "met")
    assert found("relation") == [
        Dispute("u", "relation", "tie", 2, [{"label": "by", "share": 0.5}], spans=[met, ada]),
        Dispute("u", "relation", "tie", 2, [{"label": "for", "share": 0.5}], spans=[ada]),
    ]
    assert [one.rule for one in found("who", tie=False, share=0.6)] == ["share"]
    recoded = of_unit("u", frozenset({A, B}), mentions, links, Rules(questions=["who"]), {"who": {"actor": "person"}})
    assert [one.distribution[0]["label"] for one in recoded] == ["person"]


def test_of_three_none_is_half_and_a_share_finds_those_marked_by_one_or_two() -> None:
    mentions = [
        mention(A, 0, "who", "actor", "Ada"),
        mention(B, 1, "who", "actor", "Ada"),
        mention(A, 0, "who", "actor", "Bob"),
    ]
    everybody = frozenset({A, B, C})
    assert of_unit("u", everybody, mentions, [], Rules(questions=["who"]), {}) == []
    found = of_unit("u", everybody, mentions, [], Rules(tie=False, share=0.7, questions=["who"]), {})
    assert [(one.spans[0].text, one.distribution[0]["share"]) for one in found] == [("Ada", 2 / 3), ("Bob", 1 / 3)]


def test_a_check_that_found_nothing_and_a_column_without_text(tmp_path: Path) -> None:
    write_text(tmp_path / "none.jsonl", "")
    assert of_file(tmp_path / "none.jsonl", {}) == []
    nan = pa.array([float("nan")])
    tables.write(pa.table({"unit_id": ["b"], "question": nan, "finding": nan}), tmp_path / "found.parquet")
    assert of_file(tmp_path / "found.parquet", {"b": {}}) == [Dispute("b", None, "finding", 0, [])]
