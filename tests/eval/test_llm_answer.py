"""What an LLM answered: which answers count, and what the probabilities of its tokens say."""

import math

import pytest

from goldwire.eval.baselines.llm.answer import Tokens, parse, shares, tokens_of
from goldwire.eval.task import Answer, Task

ONE = Task(("favor", "against", "none"))
SEVERAL = Task(("economy", "security", "neither"), type="multiple", negative="neither")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ('{"label": "against"}', ("against",)),
        (' \n{"label": "against"}\n', ("against",)),
        ('```json\n{"label": "against"}\n```', ("against",)),
        ('```\n{"label": "against"}\n```\n', ("against",)),
        ("against", None),
        ('Sure: {"label": "against"}', None),
        ('{"label": "against"} {"label": "favor"}', None),
        ('{"label": "Against"}', None),
        ('{"label": "unsure"}', None),
        ('{"label": ["against"]}', None),
        ('{"labels": ["against"]}', None),
        ('{"label": "against", "why": "it says so"}', None),
        ('{"label": null}', None),
        ('["against"]', None),
        ("", None),
        ("[" * 100_000, None),
        (None, None),
    ],
)
def test_one_label_is_read_strictly(content: str | None, answer: Answer | None) -> None:
    assert parse(content, ONE) == answer


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ('{"labels": ["security", "economy"]}', ("economy", "security")),
        ('{"labels": ["neither"]}', ("neither",)),
        ('{"labels": []}', ()),
        ('{"labels": ["neither", "economy"]}', None),
        ('{"labels": ["economy", "economy"]}', None),
        ('{"labels": "economy"}', None),
        ('{"labels": ["economy", 1]}', None),
    ],
)
def test_several_labels_are_read_strictly(content: str, answer: Answer | None) -> None:
    assert parse(content, SEVERAL) == answer


def tokens(*given: str | tuple[str, dict[str, float]]) -> Tokens:
    return [
        (one, [(one, 0.0)]) if isinstance(one, str) else (one[0], [(t, math.log(p)) for t, p in one[1].items()])
        for one in given
    ]


def test_shares_come_from_the_token_with_which_the_labels_part() -> None:
    spoken = tokens('{"', "label", '":', ' "', ("fav", {"fav": 0.6, "again": 0.2, "no": 0.1, "x": 0.1}), "or", '"}')
    assert shares(ONE, ("favor",), spoken) == {"favor": 0.666667, "against": 0.222222, "none": 0.111111}


def test_a_token_may_begin_with_the_quotation_mark() -> None:
    spoken = tokens('{"label":', (' "fav', {' "fav': 0.5, ' "none': 0.25, '"against': 0.25}), 'or"}')
    assert shares(ONE, ("favor",), spoken) == {"favor": 0.666667, "against": 0.0, "none": 0.333333}


def test_a_beginning_that_labels_share_waits_for_the_next_token() -> None:
    task = Task(("PROTEST", "PROVOKE", "AID"))
    spoken = tokens('{"label": "', ("PRO", {"PRO": 0.8, "AID": 0.2}), ("TEST", {"TEST": 0.75, "VOKE": 0.25}), '"}')
    assert shares(task, ("PROTEST",), spoken) == {"PROTEST": 0.6, "PROVOKE": 0.2, "AID": 0.2}


def test_a_label_that_begins_another_is_told_by_its_end() -> None:
    task = Task(("AID", "AIDE"))
    spoken = tokens('{"label": "', ("AID", {"AID": 1.0}), ('"}', {'"}': 0.9, "E": 0.1}))
    assert shares(task, ("AID",), spoken) == {"AID": 0.9, "AIDE": 0.1}


@pytest.mark.parametrize(
    "spoken",
    [
        [],
        tokens("no label here"),
        tokens('{"label": "', ("favor", {"favor": 0.4, "against": 0.6}), '"}'),  # it did not say what leads
        tokens('{"label": "', ("favor", {"x": 1.0}), '"}'),
        tokens('{"label": "', ("favor", {"favor": 0.6, "": 0.4}), '"}'),  # nothing begins any label
    ],
)
def test_what_cannot_be_told_gives_no_shares(spoken: Tokens) -> None:
    assert shares(ONE, ("favor",), spoken) is None


def test_several_answers_have_no_shares() -> None:
    assert shares(SEVERAL, ("economy",), tokens('{"labels": ["', "economy", '"]}')) is None


def test_tokens_are_read_as_endpoints_give_them_and_else_not() -> None:
    one = {"token": "a", "top_logprobs": [{"token": "a", "logprob": -0.5}, {"token": "b", "logprob": -1}]}
    assert tokens_of({"logprobs": {"content": [one]}}) == [("a", [("a", -0.5), ("b", -1.0)])]
    for strange in ({}, {"logprobs": None}, {"logprobs": {"content": [{"token": "a"}]}}, {"logprobs": "none"}):
        assert tokens_of(strange) == []
