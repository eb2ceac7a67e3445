"""The page of a made-up result: every section, or the reason why it is not there; nothing that comes in gets out."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from goldwire.eval.report import html
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.result import Result
from reported import CURVE, EVIL, LABELS, MISSING, SUSPECTS, bare, made_up, same_in_every_resample

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

    @property
    def said(self) -> str:
        return " ".join("".join(self.words).split())


def page_of(*results: Result, **more: Any) -> str:
    return html.render(list(results), [], "A <notice>.", None, **more)


def test_a_line_of_a_name_may_end_after_a_slash_or_an_underscore() -> None:
    value = made_up("tree").model_dump(mode="json", by_alias=True)
    for named in (value["labels"][0], *value["models"]):
        if "per_label" in named:
            named["per_label"]["law/<i>/no_crime"] = named["per_label"]["favor"]
        else:
            named["name"] = "law/<i>/no_crime"
    page = page_of(Result.model_validate(value))
    assert '<th scope="row">law/<wbr>&lt;i&gt;/<wbr>no_<wbr>crime</th>' in page


@cache
def full() -> str:
    return page_of(
        made_up(),
        made_up("multiple", question="topics"),
        curves={"stance-made-up.stance": CURVE},
        suspects={"stance-made-up.stance": SUSPECTS},
        link="https://labels.example.org/ls/",
    )


@cache
def empty() -> str:
    return page_of(bare(), bare("tree").model_copy(update={"question": "tree"}))


@pytest.mark.parametrize("made", [full, empty])
def test_the_page_is_sound_and_its_ids_and_links_lead_somewhere(made: Callable[[], str]) -> None:
    page = made()
    parsed = Page(page)
    assert parsed.open == []
    ids = [str(a["id"]) for _, a in parsed.elements if "id" in a]
    assert [name for name, n in Counter(ids).items() if n > 1] == []
    links = [str(a["href"]) for tag, a in parsed.elements if tag == "a"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.count("<table") == page.count("<caption>") > 0
    assert all(a.get("scope") in ("row", "col") for tag, a in parsed.elements if tag == "th")
    for _, a in parsed.elements:
        if a.get("class") == "scroll":
            assert (a.get("role"), a.get("tabindex"), bool(a.get("aria-label"))) == ("region", "0", True)


def test_landmarks_can_be_told_apart() -> None:
    parsed = Page(full())
    names = [a.get("aria-label") for tag, a in parsed.elements if tag == "nav"]
    assert names == ["Sections of stance", "Sections of topics"]
    assert [tag for tag, _ in parsed.elements if tag in ("header", "main", "footer")] == ["header", "main", "footer"]
    first = next(a for tag, a in parsed.elements if tag == "a")
    assert (first["class"], first["href"]) == ("skip", "#main")


def test_whatever_comes_in_stays_text() -> None:
    """Names of models, labels, outlets, holders, slices, mentions, checks, suspects and questions have a script."""
    parsed = Page(full())
    assert "<script" not in full()
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"script", "img", "iframe", "object", "link"}
    assert not [a for _, a in parsed.elements if any(name.startswith("on") or name == "src" for name in a)]
    for where in (
        f"A made-up study {EVIL}", f"of ours {EVIL}, the best of 3 models", f"Headline 0 {EVIL}",
        f"Harbour Post {EVIL} · 2026-03-01", f"author on bridge toll {EVIL}", f"participant {EVIL}",
        f"Doubtful 0 {EVIL}", f"For or against? {EVIL}", f"What neither {EVIL} means.",
    ):  # fmt: skip
        assert where in parsed.said, where
    policy = next(a for tag, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    for picture in re.findall(r"<svg.*?</svg>", full(), re.DOTALL):
        assert re.match(r'<svg [^>]+role="img"><title>[^<]+</title><desc>[^<]+</desc>', picture)
        colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', picture))
        assert {c for c in colours if not c.startswith("var(")} <= {"none", "transparent", ""}


def test_the_summary_says_how_good_it_is_and_what_to_do_next() -> None:
    said = Page(full()).said
    short = said[said.index("In short") :]
    for at, sentence in enumerate(
        (
            f"Stance stance-made-up 0.580 macro-F1 (0.530 to 0.630) of ours {EVIL}, the best of 3 models, on 89 ",
            "It is not clearly better than majority: +0.040 (−0.020 to +0.100, p 0.060). ",
            f"ours {EVIL} is below annotators on average, 0.740 (0.710 to 0.770). What to do next Mend what the ",
            "2 checks to read before you quote this: articles of one story stand in two splits; the best model is ",
        )
    ):
        assert sentence in short, at
        short = short[short.index(sentence) :]


@pytest.mark.parametrize("verdict", ["within", "above"])
def test_within_is_not_called_as_good_as_people(verdict: str) -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["models"][2]["against_people"] = verdict
    said = Page(page_of(Result.model_validate(value))).said
    sentence = {"within": "is not told apart from", "above": "is above"}[verdict]
    assert (
        f"{EVIL} {sentence} annotators on average, 0.740 (0.710 to 0.770); its figure is below that of each " in said
    )
    how = (
        "People are judged one by one against the majority of the others, and models held against all those answers "
        "pooled (annotators on average): somebody who is often alone lowers their figure. "
    )
    assert how in said
    within = f"{how}Within means not told apart from them here, not as good as they are. "
    assert (within in said) == (verdict == "within")


def test_a_figure_that_is_the_same_in_every_resample_stands_without_an_interval_and_says_why() -> None:
    page = Page(page_of(same_in_every_resample()))
    why = "the same in every resample: what none of 44 clusters shows, up to 6.8% of others may show"
    assert page.open == []
    assert f"Figures without an interval: {why}." in page.said
    assert "An F1 without an interval is of too few stories, or the same in every resample" in page.said
    assert "Annotators on average reach 0.740 (0.710 to 0.770); no interval tells whether ours" in page.said
    assert "without an interval" not in Page(full()).said


def test_every_section_shows_its_figures() -> None:
    said = Page(full()).said
    for part in (
        "people, split in half",
        "21, 60, 8",
        "about 412 units",
        "about so many labelled test units give four chances in five to settle it; there are 89.",
        f"Harbour Post {EVIL}outlet",
        "Not looked at: language, because all units have the same; flag, because gold has no mentions with flags.",
        "log lossBrierECE",
        "unanimouscontested",
        "pooled2400.740 0.710 to 0.7700.800 0.770 to 0.830",
        "people, pooledeach annotator against the majority of the others, all answers together",
        "cross-entropyJensen-ShannonManhattan",
        "500 more labels would bring about +0.030 macro-F1 (+0.010 to +0.050).",
        "23 units of 1,046 judged whose gold tfidf-logreg doubts",
        "20 suspects, the most likely ones",
        "goldwire=0.1.0|data=00|scheme=stance-made-up@1.0.0|seed=0",
    ):
        assert part in said, part
    assert said.count("Doubtful") == 20


def test_what_is_not_there_says_why() -> None:
    said = Page(empty()).said
    for reason in (
        "What people reach is not applicable, because no unit of the test split has two answers.",
        "Not applicable, because there is no other model to compare with.",
        "Agreement: not applicable, because it was not measured",
        "Split in half: not applicable, because",
        "Not applicable, because these results have no slices.",
        "Not applicable, because no model gave shares that sum to one.",
        "Distance to the shares of the votes: not applicable, because",
        "Units on which annotators agree and do not: not applicable, because",
        "Not applicable, because no learning curve was measured; goldwire eval curve does it.",
        "Not applicable, because nobody looked for them; goldwire eval suspects does.",
        "Articles behind the numbers: not applicable, because the results hold none.",
        "No check found anything.",
        "Not applicable, because the results hold no counts of the articles.",
    ):
        assert reason in said, reason


@pytest.mark.parametrize(
    ("field", "type_"), list(zip(sorted(MISSING), ["single", "ordinal", "multiple", "tree"] * 2, strict=False))
)
def test_the_page_stands_without_any_one_section(field: str, type_: str) -> None:
    assert Page(page_of(made_up(type_, **{field: MISSING[field]}))).open == []


def test_reasons_of_the_curve_and_the_suspects_are_told() -> None:
    why = {"stance-made-up.stance": Curve(why="there are fewer than 50 training units")}
    none = {"stance-made-up.stance": Suspects(judged=12)}
    said = Page(page_of(made_up(), curves=why, suspects=none)).said
    assert "Not applicable, because there are fewer than 50 training units." in said
    assert "None: of 12 units judged, no gold label is likely wrong." in said


def test_cells_open_to_their_articles_with_votes_mentions_and_tasks() -> None:
    result = made_up()
    for at, cell in enumerate(result.best.confusion):
        start = full().index(f'<div id="q1-c{at}"')
        opened = full()[start : full().index("</details>", start)]
        assert opened.count("<article>") == min(8, len(cell.units))
        said = f'aria-label="{cell.actual if cell.right else f"{cell.actual} predicted as {cell.predicted}"}'
        assert said.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in full()
    first = full()[full().index('<div id="q1-c0"') :]
    said = Page(first[: first.index("</article>")] + "</article></div>").said
    assert f"Gold favor (majority) · predicted favor · votes favor 67%, {LABELS[2]} 33% of 3 · Label Studio" in said
    assert '<a href="https://labels.example.org/ls/projects/7/data?task=100" rel="noreferrer">' in first
    assert first.count("<mark>") > 2


def test_without_an_address_tasks_are_text() -> None:
    page = page_of(made_up())
    assert "task 100 of project 7" in page
    assert 'href="http' not in page


def test_of_several_labels_each_is_given_missed_or_added() -> None:
    begin = full().index('<section class="question" aria-labelledby="q2"')
    said = Page(full()[begin : full().index('<section class="corpus"')]).said
    assert "labelgivenmissedaddedin gold favor314935 against220·22 neither" in said.replace(EVIL, "")
    assert "wrong favor missed 4 units" in said
    assert "favor predicted as" not in said


def test_articles_are_bounded_and_the_rest_is_said() -> None:
    said = Page(full()).said
    assert "And 23 more units; their ids are in the results." in said  # 31 right on favor, 8 shown
