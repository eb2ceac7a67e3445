"""The report: one page that stands alone and is sound HTML, its Markdown, and what DVC reads."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import vl_convert

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval import report
from goldwire.eval.report import markdown, plots, words
from goldwire.eval.result import Figure, read_all
from goldwire.study import Study

MakeStudy = Callable[..., Study]
VOID = {"meta", "br", "link", "img", "hr"}


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
        "plots/confusion/events-small.main_event.json",
        "plots/confusion/stance-small.stance.json",
        "plots/labels/events-small.main_event.json",
        "plots/labels/stance-small.stance.json",
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
    assert len(pictures) == 8  # models and labels of two questions, for wide pages and phones
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
    assert "what people reach" in first
    assert "Not scored: events-small, topics (not applicable, because a question of type multiple is" in said
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


def test_markdown_says_the_same_in_sound_tables(scored: Study) -> None:
    report.write(scored)
    text = scored.report.with_suffix(".md").read_text(encoding="utf-8")
    assert text.count("\n## ") == 3  # two questions, and what is not scored
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        assert len({row.count(" | ") for row in block.strip().splitlines()}) == 1
    result = read_all(scored.results)[0][1]
    assert f"`{result.signature}`" in text
    assert "| tfidf-logreg-text-only (probe) |" in text
    assert "script" not in text


def test_markdown_escapes_what_it_would_act_on() -> None:
    assert markdown.plain("a|b\n<i>*x*</i> [y](z) `c` #1") == "a\\|b \\<i\\>\\*x\\*\\</i\\> \\[y\\](z) \\`c\\` \\#1"


def test_metrics_are_few_and_leave_probes_out(scored: Study) -> None:
    report.write(scored)
    metrics = json.loads((scored.eval / "metrics.json").read_text())
    expected = {
        r.scheme: {
            r.question: {m.name: {"macro-f1": m.metrics["macro-f1"].value} for m in r.models if m.role != "probe"}
        }
        for r in read_all(scored.results)[0]
    }
    assert metrics == expected
    assert len(metrics["stance-small"]["stance"]) == 2
    rows = json.loads((scored.eval / "plots" / "confusion" / "events-small.main_event.json").read_text())
    assert len(rows) == 19
    assert set(rows[0]) == {"actual", "predicted"}
    labels = json.loads((scored.eval / "plots" / "labels" / "stance-small.stance.json").read_text())
    assert [row["label"] for row in labels] == ["favor", "against", "none"]


def test_without_results_it_says_what_to_run(make_study: MakeStudy) -> None:
    with pytest.raises(GoldwireError) as error:
        report.write(make_study())
    assert (error.value.message, error.value.hint) == ("there are no results", "Make them: goldwire eval score")


def test_a_result_of_another_version_is_refused_and_the_report_stays(scored: Study) -> None:
    report.write(scored)
    before = scored.report.read_bytes()
    path = scored.results / "stance-small.stance.json"
    value = files.read_json(path)
    del value["ceiling"]
    files.write_json(path, value)
    with pytest.raises(GoldwireError) as error:
        report.write(scored)
    assert str(error.value) == f"{path}: not a result of this version of goldwire: ceiling: Field required"
    assert scored.report.read_bytes() == before


def test_names_of_models_and_labels_cannot_break_a_picture() -> None:
    rows = [plots.Row('<script>"x"</script>', Figure(value=0.5)), plots.Row("none", Figure(value=None, why="x"))]
    picture = plots.intervals(rows, title='<t> & "u"', axis="F1", width=200)
    assert "<script" not in picture
    assert '<title>&lt;t&gt; &amp; "u"</title>' in picture
    assert "none not defined</desc>" in picture


@pytest.mark.dvc
def test_dvc_shows_the_metrics_and_the_plots(scored: Study) -> None:
    report.write(scored)
    lines = ["metrics: [eval/metrics.json]", "plots:"]
    lines += ["  - eval/plots/confusion: {template: confusion, x: actual, y: predicted}"]
    lines += ["  - eval/plots/labels: {template: bar_horizontal, x: f1, y: label}"]
    (scored.root / "dvc.yaml").write_text("\n".join(lines) + "\n")

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=scored.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("git", "init", "--quiet")
    dvc = [sys.executable, "-m", "dvc"]
    run(*dvc, "init", "--quiet")
    shown = json.loads(run(*dvc, "metrics", "show", "--json"))
    metrics = json.loads((scored.eval / "metrics.json").read_text())
    assert shown[""]["data"]["eval/metrics.json"]["data"] == metrics
    drawn = json.loads(run(*dvc, "plots", "show", "--json"))["data"]
    assert sorted(drawn) == [
        "eval/plots/confusion/events-small.main_event.json",
        "eval/plots/confusion/stance-small.stance.json",
        "eval/plots/labels/events-small.main_event.json",
        "eval/plots/labels/stance-small.stance.json",
    ]
    for name, (plot,) in drawn.items():
        picture = vl_convert.vegalite_to_svg(plot["content"])
        expected = ("favor", "against") if "stance" in name else ("PROTEST", "NO_EVENT")
        assert all(label in picture for label in expected)
