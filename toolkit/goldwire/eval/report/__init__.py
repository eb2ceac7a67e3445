"""The report: the results of a study as one page, as Markdown, and as DVC's metrics and plots.

In: eval/results. Out: eval/report.html, eval/report.md, eval/metrics.json, eval/plots. No number is made here.
"""

from goldwire import files
from goldwire.eval import facts
from goldwire.eval.models import Written
from goldwire.eval.report import dvc, html, markdown
from goldwire.eval.result import read_all
from goldwire.study import Study


def write(study: Study, *, notice: str | None = None) -> Written:
    """Render the results of a study.

    Parameters
    ----------
    notice : str, optional
        What readers must know before they read a number, shown at the top. By default the limits from the card in
        params.yaml, as the results hold them.

    Returns
    -------
    Written
        The files, sorted.

    Raises
    ------
    GoldwireError
        When there are no results, or they are of another version.
    """
    scored, unscored = read_all(study.results)
    if notice is None:
        notice = next((result.data.limits for result in scored if result.data.limits), "")
    counts = facts.read(study.results)
    page = html.render(scored, unscored, notice, counts)
    text = markdown.render(scored, unscored, notice, counts)
    written = [
        study.report,
        study.report.with_suffix(".md"),
        *dvc.write(scored, study.eval),
    ]
    files.write_text(study.report, page)
    files.write_text(study.report.with_suffix(".md"), text)
    return Written(sorted(written), sorted(f"{r.key}.{m.name}" for r in scored for m in r.models))
