"""The report as one HTML file: no network, no script, articles escaped.

The page forbids scripts and anything from outside by a content security policy of its own, so that a script in a
headline would not run even if it were not escaped.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from goldwire import __version__, page
from goldwire.eval.facts import CorpusFacts
from goldwire.eval.report import corpus, links, question, titles, words
from goldwire.eval.report.beside import Curve, Suspects
from goldwire.eval.report.marked import pieces
from goldwire.eval.result import Result, Task, Unscored

if TYPE_CHECKING:
    from markupsafe import Markup


def render(
    results: Sequence[Result],
    unscored: Sequence[Unscored],
    notice: str,
    facts: CorpusFacts | None = None,
    *,
    curves: Mapping[str, Curve] | None = None,
    suspects: Mapping[str, Suspects] | None = None,
    link: str | None = None,
) -> str:
    """Return the page.

    Parameters
    ----------
    results, unscored : sequence
        The questions.
    notice : str
        Stands at the top when it is not empty.
    facts : CorpusFacts, optional
        Counts of the articles, for the section Corpus.
    curves, suspects : mapping, optional
        By ``<scheme>.<question>``.
    link : str, optional
        The address of a Label Studio, to which units link; without it their tasks stand as text.
    """
    base = None if link is None else links.server(link)
    environment = page.environment("goldwire.eval.report")
    environment.filters |= {
        "number": words.number,
        "interval": words.interval,
        "signed": words.signed,
        "p_value": words.p_value,
        "counted": words.count,
        "because": words.because,
        "first_upper": words.first_upper,
        "first_lower": words.first_lower,
        "metric": titles.title,
        "percent": _percent,
        "figure_in_words": words.figure,
        "joined": ", ".join,
        "breaking": _breaking,
    }
    environment.globals |= {
        "pieces": pieces,
        "address": lambda task: _address(base, task),
        "settled": words.settled,
        "pooled": words.POOLED,
    }
    return environment.get_template("report.html.j2").render(
        title=results[0].data.title,
        data=results[0].data,
        notice=notice,
        questions=[
            question.view(result, f"q{i}", (curves or {}).get(result.key), (suspects or {}).get(result.key))
            | {"called": called}
            for i, (result, called) in enumerate(zip(results, _called(results), strict=True), 1)
        ],
        unscored=unscored,
        corpus=None if facts is None else _corpus(facts),
        css=page.css(),
        version=__version__,
        bootstrap=results[0].bootstrap,
    )


def _corpus(facts: CorpusFacts) -> dict[str, Any]:
    return {
        "sentences": corpus.sentences(facts),
        "pictures": corpus.pictures(facts),
        "tables": corpus.tables(facts),
    }


def _called(results: Sequence[Result]) -> list[str]:
    """Return names that tell questions apart, for those who hear the page: two schemes can ask the same."""
    names = [question.name(result) for result in results]
    return [
        f"{name}, {result.scheme}" if names.count(name) > 1 else name
        for name, result in zip(names, results, strict=True)
    ]


def _breaking(name: str) -> "Markup":
    """Return the name of a label, in which a line may end after a slash or an underscore but not within a word."""
    from markupsafe import Markup

    return Markup("<wbr>").join(re.split(r"(?<=[/_])(?=[^/_])", name))


def _percent(share: float) -> str:
    """A share in percent, 97.5% with its digit."""
    return f"{100 * share:.3g}%" if share else "0%"


def _address(base: str | None, task: Task) -> str | None:
    return None if base is None else links.address(base, task)
