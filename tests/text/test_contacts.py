"""E-mail addresses and phone numbers are found where they stand, and other numbers are left alone.

All texts were written for the test; names, addresses and numbers are invented.
"""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.text.contacts import contacts

ADDRESSES = [
    "write to <odile.marchand@newsroom.example.org>, please",
    "mailto:<a+b_c@desk.example>?subject=x",
    "<jörg.müller@büro-nord.example>",
    "<用户@例子.公司>",
    "<иван@газета.рф>, Москва",
    "<desk@newsroom.example>.",
    "<desk@newsroom.example>.The next sentence lacks its space",
    "(<DESK@NEWSROOM.EXAMPLE>)",
    "<o'neil@harbour.example>",
    "ask <odile (at) newsroom dot example> today",
    "<odile[at]news[dot]example[dot]org>",
    "<odile(at)newsroom.example>.",
    "<x@xn--bcher-kva.xn--p1ai>",
    "<first@one.example>,<second@two.example>",
    "<desk＠newsroom.example>",
    "\u200f<desk\u200f@newsroom.example>\u200f.",
    "<de\u00adsk@news\u200broom.example>",
    "<cafe\u0301@newsroom.example\u0301> x",
    "<क्षि@उदाहरण.भारत>",
    "https://share.example/?<to=desk%40newsroom.example>",
    "<desk&#64;newsroom.example>",
]
NUMBERS = [
    "<+43 1 234 567>",
    "<+43 (0)1 234 567-89>",
    "<+49-30-1234567>",
    "(<+33 1 23 45 67 89>)",
    "<+33.1.23.45.67.89>",
    "<(+43) 664 123 45 67>",
    "<+12025550173>",
    "<+1 202 555 0173> 10 August",
    "<0043 1 234567>",
    "<(202) 555-0173>",
    "<(202)555-0173>, ext. 4",
    "<202-555-0173>.",
    "<202.555.0173>",
    "<202 555 0173>",
    "<1-800-555-0199>",
    "<1-800-NEWSROOM>",
    "<0664/123 45 67>",
    "<(0664) 123 45 67>",
    "<020 7946 0123>",
    "<022-2345 6789>",
    "<01 23 45 67 89>",
    "<01.23.45.67.89>",
    "<07700900123>",
    "Tel. <555-0173>",
    "Tel.: <1 234 567>",
    "Tel: <555-0173> or <555-0174>",
    "Fax <12 34 56 78>",
    "call us at <555 0173>",
    "Телефон: <222-33-44>",
    "هاتف: <٠٢ ١٢٣٤ ٥٦٧٨>",
    "<٠٠٢٠ ٢ ١٢٣٤ ٥٦٧٨>",
    "<+43 1 234‑567>",
    "tel:<+4312345678>",
    "\u202a<+43 1\u00ad 234 567>\u202c",
]
NEITHER = [
    "On 01-02-2015, 2015-03-04 10 and 05.06.2014 12, and 08/26/2018 021,630",
    "from 1999-2004 and (2015-2016), 1982 - 1986, 2016/17, the years 1990 1991 1992 1993",
    "1,000,000 or 1 000 000 000 or 1.000.000.000 or $202 555 0173",
    "ISBN 978-3-16-148410-0, ISBN 0-306-40615-2 and ISBN 0306406152",
    "won 6-4 6-7 7-6 and 110-102, then 3-2",
    "192.168.0.1, 10.0.0.255 and 255.255.255.0",
    "48.2082, 16.3738 and +48.2082 16.3738 and +48.20823456",
    "10:30 - 11:45, 09.30 - 10.15 11.45, 10:00 20 30 40 50 60, 0600 (1200 GMT)",
    "18 U.S.C. 1001, section 107-296-1234, 42-1983 and Resolution 1701-2006",
    "TST3-MUC4-0087, B-202-555-0173 and case no. 02-12345-678",
    "phones in 2015-2016; a phone 1 000 000 people own; call 2015-03-04",
    "https://news.example/202-555-0173/x and www.news.example/0664-1234567",
    "flight 0123 4567 890, account 0123 456 789 01",
    "+2.5 percent, +12 points, .266/.353/.515",
    "the numbers 05 12 23 34 45 46 were drawn",
    "status/785299378705670145 and 12345678901234567890",
    "a user@localhost, a@b, @handle, @handle.org, 3@1.25 and meet [at] 10",
    "seen at noon dot com; she works at harbour dot com",
    "",
    "@ @@ @. .@. a@. @a.b",
]


@pytest.mark.parametrize("marked", ADDRESSES)
def test_an_address_is_found_whole(marked: str) -> None:
    assert found(marked) == [(*place, "e-mail") for place in places(marked)]


@pytest.mark.parametrize("marked", NUMBERS)
def test_a_phone_number_is_found_whole(marked: str) -> None:
    assert found(marked) == [(*place, "phone") for place in places(marked)]


@pytest.mark.parametrize("text", NEITHER)
def test_other_numbers_and_signs_are_neither(text: str) -> None:
    assert [text[start:end] for start, end, _ in contacts(text)] == []


def test_addresses_and_numbers_come_by_place_and_none_in_another() -> None:
    text = "🎈 Call (202) 555-0173 or a.b@c.example, Tel. 555-0173; 202-555-0173@sms.example is an address."
    assert [(text[start:end], kind) for start, end, kind in contacts(text)] == [
        ("(202) 555-0173", "phone"),
        ("a.b@c.example", "e-mail"),
        ("555-0173", "phone"),
        ("202-555-0173@sms.example", "e-mail"),
    ]


@given(st.text(alphabet="0123456789 +()-/.@abT端\n०é:", max_size=200))
def test_what_is_found_stands_in_the_text_in_order(text: str) -> None:
    last = 0
    for start, end, kind in contacts(text):
        assert last <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert ("@" in text[start:end]) == (kind == "e-mail")
        last = end


HOSTILE = "1|1 |01 |0-|+|(|@|a@|a@a.|a.|a-|(at)|a (at) b|1111111a|٠١ |ক@".split("|")


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_length_of_the_text_only(piece: str) -> None:
    """A search that looks back or ahead without bound takes a hundred times as long for ten times the text."""
    short, long = (fastest(piece * (n // len(piece))) for n in (30_000, 300_000))
    assert long < max(40 * short, 0.5)


def fastest(text: str) -> float:
    times = []
    for _ in range(2):
        start = time.process_time()
        contacts(text)
        times.append(time.process_time() - start)
    return min(times)


def found(marked: str) -> list[tuple[int, int, str]]:
    return list(contacts(marked.replace("<", "").replace(">", "")))


def places(marked: str) -> list[tuple[int, int]]:
    """Where the parts in angle brackets stand in the text without the brackets."""
    result, at, start = [], 0, 0
    for character in marked:
        if character == "<":
            start = at
        elif character == ">":
            result.append((start, at))
        else:
            at += 1
    return result
