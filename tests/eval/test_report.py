"""The report: one page that stands alone and is sound HTML, its Markdown, and what DVC reads."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval import facts, report
from goldwire.eval.assess import score_all
from goldwire.eval.report import corpus, words
from goldwire.eval.result import Figure, read_all
from goldwire.page import plots
from goldwire.study import Study

MakeStudy = Callable[..., Study]


VOID = {"meta", "br", "link", "img", "hr", "wbr"}


class Page(HTMLParser):
    """What a page consists of; raises when an element is closed that is not the open one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


@pytest.fixture
def page(scored: Study) -> str:
    report.write(scored)
    return scored.report.read_text(encoding="utf-8")


def test_everything_is_written_from_the_results_alone(scored: Study) -> None:
    for folder in (scored.root / "corpus", scored.labels, scored.models, scored.predictions):
        shutil.rmtree(folder)
    scored.params_file.unlink()
    written = report.write(scored)
    assert [str(path.relative_to(scored.eval)) for path in written.files] == [
        "metrics.json",
        *(
            f"plots/{kind}/{question}.json"
            for kind in ("confusion", "curve", "labels", "models", "reliability")
            for question in ("events-small.main_event", "stance-small.stance")
        ),
        "report.html",
        "report.md",
    ]
    assert all(path.is_file() for path in written.files)


def test_the_same_results_give_the_same_bytes(scored: Study) -> None:
    def write() -> list[bytes]:
        return [path.read_bytes() for path in report.write(scored).files]

    assert write() == write()


def test_the_page_is_whole_and_its_ids_and_links_are_sound(page: str) -> None:
    parsed = Page(page)
    assert parsed.open == []
    ids = [str(a["id"]) for _, a in parsed.elements if "id" in a]
    assert [name for name, n in Counter(ids).items() if n > 1] == []
    links = [str(a["href"]) for a in parsed.all("a")]
    assert links
    assert {link[1:] for link in links} <= set(ids)
    references = {str(a["aria-labelledby"]) for _, a in parsed.elements if "aria-labelledby" in a}
    assert references <= set(ids)


def test_headings_are_in_order_and_tables_have_captions_and_scopes(page: str) -> None:
    parsed = Page(page)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count("<table") == page.count("<caption>") > 0
    assert all(a.get("scope") in ("row", "col") for a in parsed.all("th"))
    assert all(
        a.get("tabindex") == "0" and a.get("aria-label") for _, a in parsed.elements if a.get("class") == "scroll"
    )


def test_pictures_have_names_and_descriptions_and_the_colours_of_the_page(page: str) -> None:
    pictures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(pictures) >= 8  # models and labels of two questions at least, for wide pages and phones
    for picture in pictures:
        assert re.match(
            r'<svg xmlns="[^"]+" viewBox="[^"]+" style="[^"]+" role="img"><title>[^<]+</title><desc>', picture
        )
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture))
        assert {c for c in colours if not c.startswith("var(")} <= {"none", "transparent", ""}
        assert "<image" not in picture


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    parsed = Page(page)
    assert parsed.all("script", "link", "img", "iframe", "object") == []
    assert not [a for _, a in parsed.elements if any(name == "src" or name.startswith("on") for name in a)]
    assert parsed.all("meta")[1]["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert set(re.findall(r"https?://[^\s\"'<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "url(" not in re.sub(r"url\(#", "", page)


def test_articles_are_escaped_and_whole(page: str) -> None:
    assert "<script>alert('headline')" not in page
    assert "&lt;script&gt;alert(&#39;headline&#39;)&lt;/script&gt; &amp; co march" in page
    assert "Inland &lt;b&gt;News&lt;/b&gt;" in page
    said = "".join(Page(page).words)
    for text in ("Около двухсот человек вышли на митинг", "قتل شخصان في هجوم مسلح على حافلة", "hundredth season 🎶"):
        assert text in said


def test_a_reader_first_learns_how_good_the_best_model_is(scored: Study, page: str) -> None:
    result = next(r for r in read_all(scored.results)[0] if r.scheme == "events-small")
    said = " ".join(" ".join(Page(page).words).split())
    assert "A small study Made for tests. Not evidence <of> anything. In short" in said
    first = said[said.index("In short") :]
    value = words.number(result.best.metrics["macro-f1"].value)
    assert first.startswith(f"In short Main event events-small {value} macro-F1 (")
    assert "of tfidf-logreg, the best of 2 models, on 19 labelled test units from 10 stories" in first
    assert "better than majority" in first
    assert "on average" in first
    assert "Not scored: events-small, topics (not applicable, because no unit has gold for it yet)." in said
    assert "Krippendorff's alpha 0.610 (0.500 to 0.700) on 60 units with two answers or more" in said


def test_every_cell_opens_to_its_articles(scored: Study, page: str) -> None:
    for number, result in enumerate(read_all(scored.results)[0], 1):
        for at, cell in enumerate(result.best.confusion):
            anchor = f"q{number}-c{at}"
            start = page.index(f'<div id="{anchor}"')
            opened = page[start : page.index("</details>", start)]
            assert all(f" · {unit}</p>" in opened for unit in cell.units)
            assert re.search(rf'<a href="#{anchor}" [^>]*>{len(cell.units)}</a>', page)


def test_a_notice_can_be_given(scored: Study) -> None:
    report.write(scored, notice="Demonstration data & nothing else.")
    assert '<p class="notice" role="note">Demonstration data &amp; nothing else.</p>' in scored.report.read_text()
    text = scored.report.with_suffix(".md").read_text()
    assert text.startswith("# A small study: evaluation\n\n> **Note:** Demonstration data & nothing else.\n")


def test_names_of_models_and_labels_cannot_break_a_picture() -> None:
    rows = [plots.Row('<script>"x"</script>', Figure(value=0.5)), plots.Row("none", Figure(value=None, why="x"))]
    picture = plots.intervals(rows, title='<t> & "u"', axis="F1", width=200)
    assert "<script" not in picture
    assert '<title>&lt;t&gt; &amp; "u"</title>' in picture
    assert "none not defined</desc>" in picture


COUNTS = {
    "articles": 1234,
    "stories": 1001,
    "outlets": {f"Outlet {i:02} <b>": 100 - i for i in range(17)} | {"Largest & first": 500},
    "months": {"2019-11": 400, "2020-02": 834},
    "languages": {"de": 34, "en": 1200},
    "words": {"min": 9, "q1": 120, "median": 250.5, "q3": 400, "max": 1200, "total": 345678}
    | {"histogram": [
        {"from": 0, "to": 9, "articles": 0},
        {"from": 10, "to": 999, "articles": 1230},
        {"from": 1000, "to": None, "articles": 4},
    ]},
    "story_sizes": [{"from": 1, "to": 1, "stories": 900}, {"from": 2, "to": None, "stories": 101}],
    "near_duplicates": {"articles": 334, "share": 334 / 1234},
    "mojibake": {"found": 2, "mended": 5},
    "without": {"title": 3, "published_at": 0},
    "counted_later": 1,
}  # fmt: skip


@pytest.fixture
def counted(scored: Study) -> Study:
    """The study with counts of its articles beside the results."""
    facts.write(COUNTS, scored.results)
    report.write(scored)
    return scored


def test_counts_of_the_articles_are_kept_beside_the_results_and_are_none(predicted: Study) -> None:
    written = score_all(predicted, corpus=COUNTS)
    assert written.files[0].name == "corpus.json"
    assert files.read_json(predicted.results / "corpus.json") == COUNTS
    results, unscored = read_all(predicted.results)
    assert [item.key for item in (*results, *unscored)] == [
        "events-small.main_event", "stance-small.stance", "events-small.topics",
    ]  # fmt: skip
    score_all(predicted)
    assert not (predicted.results / "corpus.json").exists()


def test_the_section_on_the_corpus_has_pictures_and_tables(counted: Study) -> None:
    text = counted.report.read_text(encoding="utf-8")
    section = Page(text[text.index('<section class="corpus"') : text.index('<section aria-labelledby="how"')])
    assert section.open == []
    said = " ".join(" ".join(section.words).split())
    assert said.startswith(
        "Corpus 1,234 articles in 1,001 stories, with 345,678 words. 334 articles (27.1%) have a near-duplicate. "
        "Half of the texts have 120 to 400 words; the median is 250. "
        "Mojibake was found in 2 articles and left as it is. "
    )
    assert len(section.all("svg")) == 6  # time, outlets and lengths, for wide pages and for phones
    for table in (
        "Month Articles 2019-11 400 2019-12 0 2020-01 0 2020-02 834",
        "Outlet Articles Largest & first 500 Outlet 00 <b> 100 Outlet 01 <b> 99",
        "Language Articles en 1,200 de 34",
        "Words Articles 10–999 1,230 1,000 or more 4",
        "Articles in a story Stories 1 900 2 or more 101",
        "Field Articles without it title 3",
    ):
        assert table in said
    assert "Articles by outlet; 3 more not shown" in said
    assert "Outlet 14" not in said


def test_the_page_with_the_corpus_is_as_sound_as_without(counted: Study) -> None:
    page = counted.report.read_text(encoding="utf-8")
    test_the_page_is_whole_and_its_ids_and_links_are_sound(page)
    test_headings_are_in_order_and_tables_have_captions_and_scopes(page)
    test_the_page_loads_nothing_and_runs_nothing(page)
    assert "Outlet 00 <b>" not in page
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture))
        assert {c for c in colours if not c.startswith("var(")} <= {"none", "transparent", ""}
    before = counted.report.read_bytes()
    report.write(counted)
    assert counted.report.read_bytes() == before


def test_markdown_has_the_corpus_as_tables(counted: Study) -> None:
    text = counted.report.with_suffix(".md").read_text(encoding="utf-8")
    section = text[text.index("## Corpus") :]
    assert (
        "### Articles by month\n\n| Month | Articles |\n| --- | ---: |\n| 2019-11 | 400 |\n| 2019-12 | 0 |\n"
        in section
    )
    assert "### Articles by outlet (3 more not shown)\n\n" in section
    assert "| Outlet 00 \\<b\\> | 100 |" in section
    assert "svg" not in section


def test_without_counts_the_section_says_so(page: str) -> None:
    assert "<p>Not applicable, because the results hold no counts of the articles.</p>" in page


def test_many_months_are_counted_by_year_and_wrong_dates_do_not_stretch_the_picture() -> None:
    table = corpus.times({"2015-01": 1, "2018-02": 2, "2018-03": 3})
    assert (table.title, table.rows) == (
        "Articles by year", [("2015", 1), ("2016", 0), ("2017", 0), ("2018", 5)],
    )  # fmt: skip
    wrong = corpus.times({"0001-01": 7, "2018-02": 2, "9999-12": 1})
    assert wrong.rows == [("0001", 7), ("2018", 2), ("9999", 1)]
    many = corpus.times({f"{1900 + i}-01": 1 for i in range(70)})
    assert (many.rows[0], len(many.rows), many.note) == (("1910", 1), 60, "10 earlier articles left out")
    assert corpus.times({}).rows == []


def test_counts_of_an_empty_corpus_make_a_section_without_pictures(counted: Study) -> None:
    nothing = {"min": None, "q1": None, "median": None, "q3": None, "max": None, "total": 0, "histogram": []}
    empty = {name: {} for name in ("outlets", "months", "languages", "mojibake", "without")}
    none = {"articles": 0, "share": None}
    facts.write(
        {"articles": 0, "stories": 0, "words": nothing, "story_sizes": [], "near_duplicates": none} | empty,
        counted.results,
    )
    report.write(counted)
    text = counted.report.read_text(encoding="utf-8")
    section = text[text.index('<section class="corpus"') : text.index('<section aria-labelledby="how"')]
    assert "0 articles in 0 stories, with 0 words." in section
    assert "<svg" not in section
    assert "<table" not in section


def test_counts_of_another_version_are_refused(counted: Study) -> None:
    files.write_json(counted.results / facts.FILE, {"articles": 1})
    with pytest.raises(GoldwireError) as error:
        report.write(counted)
    assert str(error.value) == (
        f"{counted.results / 'corpus.json'}: not counts of this version of goldwire: stories: Field required"
    )


def test_bars_are_described_and_cannot_be_broken_by_names() -> None:
    rows = [('<script>"x"</script>', 1200), ("b", 3)]
    for upright in (True, False):
        picture = plots.bars(rows, title="<t>", axis="articles", width=200, upright=upright)
        assert "<script" not in picture
        assert '<desc>&lt;script&gt;"x"&lt;/script&gt; 1,200; b 3</desc>' in picture
