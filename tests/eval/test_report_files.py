"""What is written beside the page: Markdown, and what DVC reads; and what is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import resources

import pytest
import vl_convert
import yaml

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval import report
from goldwire.eval.report import html, markdown
from goldwire.eval.result import Result, read_all
from goldwire.study import Study
from reported import CURVE, SUSPECTS, bare, made_up, same_in_every_resample

MakeStudy = Callable[..., Study]


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


def test_markdown_says_what_within_means_and_why_a_figure_has_no_interval() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["models"][1]["against_people"] = "within"
    text = markdown.render([Result.model_validate(value)], [], "")
    assert "\n\nPeople are judged one by one against the majority of the others, and models held against all " in text
    assert " lowers their figure. Within means not told apart from them here, " in text
    assert "Units needed: if the difference is as large as seen, about so many labelled test units give four " in text
    assert "without an interval" not in text
    constant = markdown.render([same_in_every_resample()], [], "")
    assert "\n\nFigures without an interval: the same in every resample: what none of 44 clusters shows, " in constant
    assert "Units needed: " not in constant
    assert "Within means" not in constant
    assert "People are judged" not in markdown.render([bare()], [], "")


def test_markdown_has_what_the_page_has_in_short_tables() -> None:
    value = made_up().model_dump(mode="json", by_alias=True)
    value["comparisons"][2] |= {"a": "tfidf-logreg"}
    value["models"][2]["by_votes"]["one vote"] = {"value": 0.5, "low": 0.4, "high": 0.6}
    value["comparisons"][1] |= {"needed": None, "needed_why": "it is near 0"}
    result = Result.model_validate(value)
    text = markdown.render([result], [], "", curves={result.key: CURVE}, suspects={result.key: SUSPECTS})
    for part in (
        "| tfidf-logreg less majority | +0.320 (+0.260 to +0.380) | <0.001 | 21/60/8 | 0.052 | settled |\n",
        " less majority | +0.040 (−0.020 to +0.100) | 0.060 | 21/60/8 | 0.052 | not told |\n",
        "\n\nNot told: it is near 0.\n\n",
        "<summary>Differences label by label</summary>\n\n| F1 | Difference | p, Holm | ",
        "\n| favor: ours ",
        "| favor | 200 | 44 | 0.580 | 0.580 | 0.580 (0.500 to 0.660) |\n",
        "### Slices\n\n5 of 17, the worst:\n\n| Slice | Units | Macro-F1 | Rest | Difference | p, Holm |\n",
        " | 20 | 0.310 (0.190 to 0.430) | 0.600 | −0.290 (−0.390 to −0.190) | 0.004 |\n",
        "<summary>Reliability of ours ",
        "\n| 0.2 to 0.3 | 3 | 0.250 | 0.040 |\n",
        "Macro-F1 where annotators agree, where they do not, and where there is one vote:\n\n"
        "| Model | Unanimous | Contested | One vote |\n",
        "| 0.660 (0.610 to 0.710) | 0.410 (0.360 to 0.460) | 0.500 (0.400 to 0.600) |\n",
        "<summary>Distance of a model’s shares to those of the votes; less is better</summary>",
        "<summary>Each annotator against the majority of the others, on 85 units of the test split</summary>",
        "\n| annotator-02 | 73 | 0.740 (0.700 to 0.780) | 0.800 (0.750 to 0.850) |\n",
        "\n| pooled | 240 | 0.740 (0.710 to 0.770) | 0.800 (0.770 to 0.830) |\n",
        "500 more labels would bring about +0.030 (+0.010 to +0.050) macro-F1.\n",
        "\n| 803 | 0.520 (0.480 to 0.560) |\n| 903 (now, expected) | 0.530 (0.485 to 0.575) |\n| 1,003 (expected) | ",
        "The gold of 23 units of 1,046 judged may be wrong: tfidf-logreg doubts it when it has not learned ",
        "<summary>10 of 23, the most likely</summary>\n\n| Unit | Gold | Suggested | Share of gold | Votes |\n",
        "\n| article-09000/target/0 | favor | against | 0.020 | favor 67%, against 33% |\n",
    ):
        assert part in text, part
    assert text.count("<details>") == text.count("</details>") == 6
    assert "Doubtful" not in text  # titles and texts are on the page
    assert not re.search(r"(?<!\\)<script", text)
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE):
        assert len({row.count(" | ") for row in block.strip().splitlines()}) == 1
    assert "where they do not, and where there is one vote</caption>" in html.render([result], [], "")


def test_markdown_says_of_each_section_why_it_is_not_there() -> None:
    text = markdown.render([bare()], [], "")
    for reason in (
        "there are no slices that are large enough", "no model gave shares that sum to one",
        "there are no votes on units of the test split", "agreement was not measured",
        "no learning curve was measured; goldwire eval curve does it",
        "nobody looked for them; goldwire eval suspects does",
    ):  # fmt: skip
        assert f"\n\nNot applicable, because {reason}" in text, reason


def test_markdown_escapes_what_it_would_act_on() -> None:
    assert markdown.plain("a|b\n<i>*x*</i> [y](z) `c` #1") == "a\\|b \\<i\\>\\*x\\*\\</i\\> \\[y\\](z) \\`c\\` \\#1"
    assert markdown.plain("~~a~~ &lt; $x$ https://x.org WWW.x.org") == (
        "\\~\\~a\\~\\~ \\&lt; \\$x\\$ https\\://x.org WWW\\.x.org"
    )
    assert markdown.plain("@team a@b.org @ noon") == "@\u2060team a@\u2060b.org @ noon"
    assert [markdown.plain(one) for one in ("- a", "+a", "12. a", "3) a", "1.5")] == [
        "\\- a", "\\+a", "12\\. a", "3\\) a", "1\\.5",
    ]  # fmt: skip
    assert [markdown.code(one) for one in ("a\nb", "a`b", "``a")] == ["`a b`", "`` a`b ``", "``` ``a ```"]


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


@pytest.mark.dvc
def test_dvc_shows_the_metrics_and_the_plots(scored: Study) -> None:
    point = {"low": 0.2, "high": 0.9}
    curve = {
        "points": [{"n": n, "value": n / 100, **point} for n in (25, 50)],
        "now": {"n": 60, "value": 0.6, **point},
        "forecast": [{"n": n, "value": n / 100, **point} for n in (75, 90)],
    }
    files.write_json(scored.eval / "curve.json", {"events-small.main_event": curve})
    report.write(scored)
    template = yaml.safe_load((resources.files("goldwire.template") / "dvc.yaml").read_text(encoding="utf-8"))
    template["stages"] = {"report": template["stages"]["report"]}
    (scored.root / "dvc.yaml").write_text(yaml.safe_dump(template))

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
        f"eval/plots/{kind}/{question}.json"
        for kind in ("confusion", "curve", "labels", "models", "reliability")
        for question in ("events-small.main_event", "stance-small.stance")
    ]
    assert drawn["eval/plots/curve/stance-small.stance.json"] == []  # no curve was measured
    (grows,) = drawn["eval/plots/curve/events-small.main_event.json"]
    content = grows["content"] if isinstance(grows["content"], dict) else json.loads(grows["content"])
    lines = {
        field: [
            (row["n"], row["dvc_inferred_y_value"])
            for row in content["data"]["values"]
            if row["field"] == field and row["dvc_inferred_y_value"] is not None
        ]
        for field in ("measured", "expected", "low", "high")
    }
    assert lines["measured"] == [(25, 0.25), (50, 0.5)]
    assert lines["expected"] == [(60, 0.6), (75, 0.75), (90, 0.9)]
    assert [lines[end] for end in ("low", "high")] == [[(n, at) for n in (25, 50, 60, 75, 90)] for at in (0.2, 0.9)]
    assert vl_convert.vegalite_to_svg(content).count("mark-line") > 1
    of_labels = [
        (name, plot) for name, plots in drawn.items() if "confusion" in name or "labels" in name for plot in plots
    ]
    assert len(of_labels) == 4
    for name, plot in of_labels:
        picture = vl_convert.vegalite_to_svg(plot["content"])
        expected = ("favor", "against") if "stance" in name else ("PROTEST", "NO_EVENT")
        assert all(label in picture for label in expected)
    (models,) = drawn["eval/plots/models/stance-small.stance.json"]
    assert "tfidf-logreg" in vl_convert.vegalite_to_svg(models["content"])
    run(*dvc, "plots", "show")
    assert (scored.root / "dvc_plots" / "index.html").is_file()
