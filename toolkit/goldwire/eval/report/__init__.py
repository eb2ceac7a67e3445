"""The report: the results of a study as one page, as Markdown, as tables of a paper, and as DVC's metrics and plots.

In: eval/results, and beside it curve.json and suspects.json where they are. Out: eval/report.html, eval/report.md,
eval/metrics.json, eval/plots. No number is made here.
"""

from pathlib import Path

from goldwire import files
from goldwire.eval import facts
from goldwire.eval.models import Written
from goldwire.eval.report import beside, bidi, dvc, html, latex, markdown
from goldwire.eval.result import read_all
from goldwire.study import Study


def write(study: Study, *, notice: str | None = None, link: str | None = None) -> Written:
    """Render the results of a study.

    Parameters
    ----------
    notice : str, optional
        What readers must know before they read a number, shown at the top. By default the limits from the card in
        params.yaml, as the results hold them.
    link : str, optional
        The address of the Label Studio to which units link on the page; without it their tasks stand as text.

    Returns
    -------
    Written
        The files, sorted.

    Raises
    ------
    GoldwireError
        When there are no results, they or what stands beside them are of another version, or `link` is no address.
    """
    scored, unscored = read_all(study.results)
    if notice is None:
        notice = next((result.data.limits for result in scored if result.data.limits), "")
    counts = facts.read(study.results)
    curves, suspects = beside.curves(study.eval), beside.suspects(study.eval)
    shown = [bidi.closed_in(result) for result in scored]
    doubted = {key: bidi.closed_in(one) for key, one in suspects.items()}
    page = html.render(shown, unscored, notice, counts, curves=curves, suspects=doubted, link=link)
    text = markdown.render(shown, unscored, notice, counts, curves=curves, suspects=doubted)
    written = [
        study.report,
        study.report.with_suffix(".md"),
        *dvc.write(scored, study.eval, curves),
    ]
    files.write_text(study.report, page)
    files.write_text(study.report.with_suffix(".md"), text)
    return Written(sorted(written), sorted(f"{r.key}.{m.name}" for r in scored for m in r.models))


def write_latex(study: Study, folder: Path) -> Written:
    """Write the tables of a study for a paper into `folder`, and nothing else; see `goldwire.eval.report.latex`.

    Raises
    ------
    GoldwireError
        When there are no results, or they are of another version.
    """
    scored, _ = read_all(study.results)
    written = latex.write(scored, folder)
    return Written(written, sorted(f"{r.key}.{m.name}" for r in scored for m in r.models))
