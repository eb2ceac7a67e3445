"""What is written beside the page: Markdown, and what DVC reads; and what is refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
import vl_convert

from goldwire import files
from goldwire.errors import GoldwireError
from goldwire.eval import report
from goldwire.eval.report import markdown
from goldwire.eval.result import read_all
from goldwire.study import Study
from reported import bare, made_up, same_in_every_resample

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
    text = markdown.render([made_up()], [], "")
    assert "\n\nPeople are judged one by one against the majority of the others. Within means not told apart " in text
    assert "Units needed: if the difference is as large as seen, about so many labelled test units give four " in text
    assert "without an interval" not in text
    constant = markdown.render([same_in_every_resample()], [], "")
    assert "\n\nFigures without an interval: the same in every resample: what none of 44 clusters shows, " in constant
    assert "Units needed: " not in constant
    assert "Within means" not in markdown.render([bare()], [], "")


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


@pytest.mark.dvc
def test_dvc_shows_the_metrics_and_the_plots(scored: Study) -> None:
    report.write(scored)
    lines = ["metrics: [eval/metrics.json]", "plots:"]
    lines += ["  - eval/plots/confusion: {template: confusion, x: actual, y: predicted}"]
    lines += ["  - eval/plots/labels: {template: bar_horizontal, x: f1, y: label}"]
    lines += ["  - eval/plots/models: {template: bar_horizontal, x: value, y: model}"]
    lines += ["  - eval/plots/reliability: {template: linear, x: share, y: right}"]
    lines += ["  - eval/plots/curve: {template: linear, x: n, y: value}"]
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
        f"eval/plots/{kind}/{question}.json"
        for kind in ("confusion", "curve", "labels", "models", "reliability")
        for question in ("events-small.main_event", "stance-small.stance")
    ]
    assert drawn["eval/plots/curve/stance-small.stance.json"] == []  # no curve was measured
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
