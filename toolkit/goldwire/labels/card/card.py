"""The dataset card: README.md, written from the data, with a YAML header that `datasets` and the Hub read.

What only people know stands in `params.card`; where they left a field empty, the card says that it was not stated.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import yaml

from goldwire import __version__
from goldwire.labels.card import checks as checked
from goldwire.labels.card import counts, facts, markdown
from goldwire.labels.card.datasheet import datasheet
from goldwire.labels.card.figures import figures, marked_figures
from goldwire.labels.card.header import header as written_header
from goldwire.labels.card.licences import known
from goldwire.labels.card.people import process
from goldwire.labels.card.sampled import sampling
from goldwire.labels.dataset.citation import bibtex
from goldwire.labels.dataset.config import UNASSIGNED, Config
from goldwire.labels.dataset.mask import mask
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Scheme
from goldwire.study import Params, Splits


def card(
    configs: Sequence[Config],
    schemes: Sequence[Scheme],
    params: Params,
    *,
    header: Mapping[str, Any],
    agreement: Mapping[str, Any] | None,
    left_out: Sequence[str],
    signature: str,
    notes: Sequence[str] = (),
    checks: Sequence[Mapping[str, Any]] | None = None,
    samples: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
) -> str:
    """Return the text of README.md.

    Parameters
    ----------
    configs : sequence of Config
        All of the dataset's.
    header : mapping
        What the YAML header says about files, features and sizes; the rest of it is added here.
    agreement : mapping, optional
        Figures as ``goldwire labels agreement --json`` prints them: of one question, or nested by ``questions``.
    left_out : sequence of str
        Articles that have units without a split.
    signature : str
        The line that names data, schemes, seed and version.
    notes : sequence of str
        Whole sentences of the splitter: what was left out, dropped, undated or divided anew, and why.
    checks : sequence of mapping, optional
        Findings of the audit, with the keys of `goldwire.eval.audit.finding.Finding`; None when it was not run.
    samples : mapping, optional
        How the articles of rounds were drawn: round -> designs, first phase first.
    """
    tables = {config.name: config.table for config in configs}
    if params.dataset.scrub:  # both name targets, outlets and groups
        notes = [mask(note) for note in notes]
        checks = None if checks is None else [{**one, "text": mask(str(one["text"]))} for one in checks]
    described = [counts.of_scheme(scheme, tables, params) for scheme in schemes]
    sizes = facts.sizes(configs)
    text = _template().render(
        card=params.card,
        version=params.version,
        goldwire=__version__,
        configs=sizes,
        schemes=described,
        splits=SPLITS,
        sources=facts.sources(tables["articles"]),
        chances=facts.chances(tables["gold"]),
        samples=sampling(samples or {}),
        votes=process(tables["votes"], schemes),
        agreement=list(figures(agreement or {}, "")),
        marked=marked_figures(agreement or {}),
        decisions=list(facts.decisions(tables["gold"])),
        level=params.eval.level,
        method=_METHODS[params.gold.method],
        ties=_TIES[params.gold.ties],
        divided=_divided(params.splits),
        by=params.splits.by,
        shares=params.splits,
        folds=params.splits.folds,
        left_out=left_out,
        notes=notes,
        shown=facts.SHOWN,
        unassigned=sum(rows[UNASSIGNED] for config, rows in sizes if config.name == "articles"),
        units=len(tables["gold"]["unit_id"].unique()),
        checks=None if checks is None else checked.checks(checks),
        few=counts.FEW,
        scarce=list(counts.scarce(described)),
        datasheet=datasheet(params.card.datasheet),
        texts=params.dataset.texts,
        scrubbed=params.dataset.scrub,
        has=_columns(configs),
        licence_known=known(params.card.licence),
        bibtex=bibtex(params, signature.partition("data:")[2].partition("|")[0]),
        signature=" ".join(signature.split()),
    )
    top = {**written_header(tables, schemes, params), **header}
    return f"---\n{yaml.safe_dump(top, sort_keys=False, allow_unicode=True, width=1_000)}---\n\n{text}"


_METHODS = {
    "majority": "By majority",
    "dawid-skene": "By the model of Dawid and Skene (1979), which estimates each annotator's confusions,",
    "mace": "By MACE (Hovy et al., 2013), which estimates how often each annotator guesses,",
}
_TIES = {
    "unresolved": "A tie is left unresolved and flagged.",
    "first-label": "A tie is flagged, and settled by the order of the labels in the scheme.",
    "random": "A tie is flagged, and settled by a draw from the seed.",
}
_BY = {
    "random": "Units were divided at random, from the seed.",
    "time": "Units were divided by time: train is the oldest, test the newest.",
    "outlet": "Units were divided by outlet: no outlet is in two splits.",
    "target": "Units were divided by target: no target is in two splits, so those of test were never seen.",
}


_BESIDE = ("soft", "posterior")


def _divided(params: Splits) -> str:
    """Say how units were divided, and what was kept together."""
    if params.by == "official":
        return f"The split is the official one, `{markdown.code(params.column)}` in the `meta` of each article."
    fields = ["article", "story", *(name for name in params.group_by if name != params.by)]
    together = f"{', '.join(fields[:-1])} or {fields[-1]}"
    spread = "" if params.by == "time" else "; beyond that, labels are spread in proportion"
    return f"{_BY[params.by]} Units of one {together} are never divided{spread}."


def _columns(configs: Sequence[Config]) -> set[str]:
    """Return the names of all columns; "*_soft" and "*_posterior" where they stand beside label classes."""
    found = {name for config in configs for name in config.table.column_names}
    of_classes = {f"{column}_{what}": f"*_{what}" for one in configs for column in one.classes for what in _BESIDE}
    return found | {pattern for name, pattern in of_classes.items() if name in found}


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("goldwire.labels.card", "."),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )
    environment.filters |= {"cell": markdown.cell, "name": markdown.name, "prose": markdown.prose}
    return environment.get_template("card.md.j2")
