"""Two articles side by side, on a terminal and as a page. All texts are written for the test."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire import tables
from goldwire.corpus.show import html as show_html
from goldwire.corpus.show import text as show_text
from goldwire.corpus.show.comparison import Article, Comparison, compare, load
from goldwire.corpus.stories import Pair
from goldwire.errors import GoldwireError, UsageError
from goldwire.text.words import words

LEAD = "Dock workers in Port Elwyn walked out on Monday."
MIDDLE = 'The union said "we will be back" before noon.'
END = "Talks resume on Thursday in the town hall."
HOSTILE = "<script>alert('x')</script>"
ROWS: list[dict[str, Any]] = [
    {"article_id": "long", "title": "Walkout", "outlet": "Elwyn Gazette", "body_start": 9}
    | {"text": f"Walkout\n\n{LEAD} {MIDDLE}\n\n{END}", "published_at": datetime(2020, 5, 4, 23, 0, tzinfo=UTC)},
    {"article_id": "short", "text": f"{LEAD} {END}", "body_start": 0},
    {"article_id": HOSTILE, "title": f"{HOSTILE} & co", "outlet": "<b>Bold</b>", "body_start": 0}
    | {"text": f"{LEAD} {HOSTILE} {END}"},
]


def article(body: str, article_id: str = "a") -> Article:
    return Article(article_id, None, None, None, body, 0)


def of(first: str, second: str, shingle: int = 5) -> Comparison:
    return compare(article(first), article(second, "b"), shingle=shingle)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "articles.parquet"
    tables.write(tables.build("articles", ROWS), path)
    return path


def test_what_is_shared_is_marked_in_brackets_beside_its_copy(table: Path) -> None:
    found = load(table, ["long", "short"])
    assert show_text.render(compare(found["long"], found["short"]), 60) == "\n".join(
        [
            "containment 0.692  jaccard 0.346  (5-word shingles)",
            "Shared passages stand in [brackets], with = between them.",
            "",
            "long                         | short",
            "Elwyn Gazette, 2020-05-04,   | 17 words",
            "26 words                     |",
            "Walkout                      |",
            "-----------------------------+-----------------------------",
            "[Dock workers in Port Elwyn  = [Dock workers in Port Elwyn",
            "walked out on Monday.]       = walked out on Monday.",
            'The union said "we will be   |',
            'back" before noon.           |',
            "[Talks resume on Thursday in = Talks resume on Thursday in",
            "the town hall.]              = the town hall.]",
        ]
    )


def test_a_terminal_shows_it_in_bold(table: Path) -> None:
    found = load(table, ["long", "short"])
    shown = show_text.render(compare(found["long"], found["short"]), 60, bold=True)
    assert "Shared passages are bold." in shown
    assert "\x1b[1mwalked out on Monday.\x1b[0m      " in shown
    assert "[Dock" not in shown
    assert re.sub(r"\x1b\[[01]m", "", shown).count("Dock workers in Port Elwyn") == 2


def test_json_has_scores_and_offsets_into_the_text(table: Path) -> None:
    found = load(table, ["long", "short"])
    value = compare(found["long"], found["short"]).as_dict()
    text = ROWS[0]["text"]
    assert [text[start:end] for start, end in value["a"].pop("passages")] == [LEAD, END]
    assert value == {
        "a": {"article_id": "long", "title": "Walkout", "outlet": "Elwyn Gazette", "date": "2020-05-04", "words": 26},
        "b": {"article_id": "short", "title": None, "outlet": None, "date": None, "words": 17}
        | {"passages": [[0, len(ROWS[1]["text"])]]},
        "containment": 9 / 13,
        "jaccard": 9 / 26,
    }


def overlap(first: str, second: str, size: int) -> tuple[float, float]:
    """Containment and Jaccard by their definition."""
    a, b = ({tuple(w[i : i + size]) for i in range(len(w) - size + 1)} for w in (words(first), words(second)))
    if not a or not b:
        return (float(first == second),) * 2
    return len(a & b) / min(len(a), len(b)), len(a & b) / len(a | b)


BODIES = st.text(st.sampled_from("abc  \n.,“-北京é\u0301"), max_size=60)


@given(BODIES, BODIES, st.integers(1, 4))
def test_scores_passages_and_rows_are_sound_for_any_two_texts(first: str, second: str, shingle: int) -> None:
    found = of(first, second, shingle)
    assert (found.containment, found.jaccard) == overlap(first, second, shingle)
    for side, rows in ((found.a, [a for a, _ in found.rows]), (found.b, [b for _, b in found.rows])):
        body = side.article.body
        assert "".join(body[start:end] for start, end in rows) == body  # nothing is lost, nothing stands twice
        pieces = [piece for row in rows for piece in side.pieces(row)]
        assert "".join(text for text, _ in pieces) == body
        assert bool(found.containment) == any(shared for _, shared in pieces) or not body
        assert [start for start, _ in side.passages] == sorted(start for start, _ in side.passages)
        assert all(before[1] <= after[0] for before, after in zip(side.passages, side.passages[1:], strict=False))
    for bold in (False, True):
        for line in show_text.render(found, 44, bold=bold).splitlines()[7:]:
            left = re.sub(r"\x1b\[[01]m", "", line).split(" | ")[0].split(" = ")[0]
            assert show_text._cells(left) <= 44


def test_a_passage_that_moved_is_marked_where_it_stands() -> None:
    found = of(f"{LEAD} {MIDDLE} {END}", f"{END} {MIDDLE} {LEAD}")
    assert (found.containment, found.jaccard) == (14 / 22, 14 / 30)
    assert found.a.passages == found.b.passages == [(0, found.a.shown)]  # the three of them touch
    apart = of(f"{LEAD} Nobody was hurt. {END}", f"{END} {LEAD}")
    body = apart.a.article.body
    assert [body[start:end] for start, end in apart.a.passages] == [LEAD, END]
    assert apart.b.passages == [(0, apart.b.shown)]


def test_chinese_takes_two_columns_and_breaks_anywhere() -> None:
    text = "北京会议今天在上海举行并且讨论了贸易问题"
    lines = show_text.render(of(text, text), 43).splitlines()
    assert lines[6:] == [
        "[北京会议今天在上海  = [北京会议今天在上海",
        "举行并且讨论了贸易问 = 举行并且讨论了贸易问",
        "题]                  = 题]",
    ]


def test_an_escape_sequence_in_a_text_does_not_reach_the_terminal() -> None:
    shown = show_text.render(of("red \x1b[31m alert\x9b2J", "x"), 60, bold=True)
    assert "\x1b" not in shown
    assert "red \ufffd[31m alert\ufffd2J" in shown


def test_long_texts_are_cut_for_showing_and_scored_whole() -> None:
    first = " ".join(f"w{i}" for i in range(25_000))
    found = of(first, f"{first} end")
    assert (found.containment, found.a.words, found.a.is_cut) == (1.0, 25_000, True)
    shown = show_text.render(found, 100)
    assert "w19999" in shown
    assert "w20000" not in shown
    assert shown.endswith("\n\nThe right article is cut after 20,000 of its 25,001 words.")


def test_texts_made_to_be_slow_are_compared_in_bounded_time() -> None:
    begun = time.perf_counter()
    found = of("the " * 20_000, "the " * 19_000)
    assert (found.containment, found.a.passages) == (1.0, [(0, 79_999)])
    of("a b c d e f g h " * 2_500, "a b c d e f g x " * 2_500)
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("ids", "shingle", "message"),
    [
        (("long", "long"), 5, 'an article is compared with another one, not "long" with itself'),
        (("long", "short"), 0, "a shingle has at least one word, not 0"),
    ],
)
def test_what_makes_no_comparison_is_refused(table: Path, ids: tuple[str, str], shingle: int, message: str) -> None:
    found = load(table, ids)
    with pytest.raises(UsageError, match=re.escape(message)):
        compare(found[ids[0]], found[ids[1]], shingle=shingle)


def test_an_article_that_is_not_there_is_named(table: Path) -> None:
    with pytest.raises(GoldwireError) as error:
        load(table, ["long", "nobody"])
    assert str(error.value) == f'{table}: there is no article "nobody"'


class Page(HTMLParser):
    """Tags, attributes and marked texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.said: list[str] = []
        self.marked: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)
        if "mark" in self.open:
            self.marked.append(data)


PAIRS = [Pair("long", "short", 0.7, 0.5), Pair(HOSTILE, "long", 0.5, 0.3), Pair(HOSTILE, "short", 0.7, 0.6)]


def test_a_page_shows_every_pair_by_score_with_what_is_shared_marked(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.html"
    assert show_html.write(path, table, PAIRS) == 3
    page = Page(path.read_text(encoding="utf-8"))
    assert page.open == []
    said = " ".join("".join(page.said).split())
    order = [re.sub(r"\s+", " ", part) for part in re.findall(r"Pair \d containment [\d.]+ · Jaccard [\d.]+", said)]
    assert order == [
        "Pair 1 containment 0.700 · Jaccard 0.600",
        "Pair 2 containment 0.700 · Jaccard 0.500",
        "Pair 3 containment 0.500 · Jaccard 0.300",
    ]
    assert next(text for text in page.marked[1:] if "Dock" in text and "Talks" not in text) == LEAD
    assert MIDDLE not in "".join(page.marked)
    before = path.read_bytes()
    show_html.write(path, table, PAIRS[::-1])
    assert path.read_bytes() == before


def test_nothing_in_an_article_becomes_part_of_the_page(table: Path, tmp_path: Path) -> None:
    path = tmp_path / "pairs.html"
    show_html.write(path, table, PAIRS)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert {tag for tag, _ in page.tags} & {"script", "b", "link", "img", "iframe", "object"} == set()
    assert not [a for _, a in page.tags if any(name == "src" or name.startswith("on") for name in a)]
    assert HOSTILE not in text
    assert text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") >= 6  # ids, titles and bodies
    assert "content=\"default-src 'none'; style-src 'unsafe-inline'\"" in text
    assert "http" not in re.sub("http-equiv", "", text)
    ids = [str(a["id"]) for _, a in page.tags if "id" in a]
    assert len(set(ids)) == len(ids)
    assert {str(a["href"])[1:] for tag, a in page.tags if tag == "a"} == set(ids)


def test_a_page_is_limited_and_says_what_it_lacks(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pairs.html"
    assert show_html.write(path, table, PAIRS, limit=1) == 1
    text = path.read_text(encoding="utf-8")
    assert "3 pairs were found; the 2 with lower scores are not shown." in text
    assert text.count("<section") == 1
    monkeypatch.setattr(show_html, "CHARACTERS", 450)
    assert show_html.write(path, table, PAIRS) == 2
    assert show_html.write(path, table, []) == 0
    assert "<table" not in path.read_text(encoding="utf-8")


def test_the_command_shows_two_articles_and_writes_a_page(table: Path) -> None:
    def goldwire(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "goldwire", "corpus", "duplicates", "articles.parquet", *arguments]
        return subprocess.run(command, cwd=table.parent, capture_output=True, text=True, check=False)

    found = load(table, ["long", "short"])
    run = goldwire("--show", "long", "short", "--html", "pair.html")
    assert (run.returncode, run.stderr) == (0, "pair.html: 1 pairs\n")
    assert run.stdout == show_text.render(compare(found["long"], found["short"]), 100) + "\n"
    assert (table.parent / "pair.html").is_file()
    run = goldwire("--show", "long", "nobody")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith('Error: articles.parquet: there is no article "nobody"\n')
