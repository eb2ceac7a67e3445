"""The dataset card: README.md, written from the data, with a YAML header that `datasets` and the Hub read.

What only people know stands in `params.card`; where they left a field empty, the card says that it was not stated.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import pyarrow as pa
import yaml

from goldwire import __version__
from goldwire.labels.card import facts
from goldwire.labels.dataset.configs import UNASSIGNED, Config
from goldwire.labels.splits.division import SPLITS
from goldwire.scheme import Scheme
from goldwire.study import Params

_HUB_LICENCES = (  # names the Hub knows; any other goes under `license_name`
    *("apache-2.0", "mit", "bsd-3-clause", "cc0-1.0", "cdla-permissive-2.0", "odbl", "odc-by", "pddl", "gpl-3.0"),
    *("cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "cc-by-nc-3.0", "cc-by-nc-4.0"),
    *("cc-by-nd-4.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "unknown"),
)
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def card(
    configs: Sequence[Config],
    schemes: Sequence[Scheme],
    params: Params,
    *,
    header: Mapping[str, Any],
    agreement: Mapping[str, Any] | None,
    left_out: Sequence[str],
    signature: str,
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
        Articles that have units but no split.
    signature : str
        The line that names data, schemes, seed and version.
    """
    from jinja2 import Environment, StrictUndefined

    tables = {config.name: config.table for config in configs}
    described = [facts.of_scheme(scheme, tables, params) for scheme in schemes]
    environment = Environment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined, autoescape=False
    )
    environment.filters["cell"] = _cell
    template = environment.from_string(
        (resources.files("goldwire.labels.card") / "card.md.j2").read_text(encoding="utf-8")
    )
    text = template.render(
        card=params.card,
        version=params.version,
        goldwire=__version__,
        configs=[(config, {name: part.num_rows for name, part in config.parts().items()}) for config in configs],
        schemes=described,
        splits=SPLITS,
        sources=facts.sources(tables["articles"]),
        votes=facts.process(tables["votes"], schemes),
        agreement=list(facts.figures(agreement or {}, "")),
        decisions=list(facts.decisions(tables["gold"])),
        level=params.eval.level,
        marked=facts.marked_figures(agreement or {}),
        method=_METHODS[params.gold.method],
        ties=_TIES[params.gold.ties],
        shares=params.splits,
        left_out=left_out,
        unassigned=tables["articles"]["split"].to_pylist().count(UNASSIGNED),
        units=len(tables["gold"]["unit_id"].unique()),
        few=facts.FEW,
        scarce=list(facts.scarce(described)),
        signature=signature,
        key=_slug(params.card.title) or "dataset",
    )
    top = yaml.safe_dump(
        {**_header(tables, schemes, params), **header}, sort_keys=False, allow_unicode=True, width=1_000
    )
    return f"---\n{top}---\n\n{text}"


def _header(tables: Mapping[str, pa.Table], schemes: Sequence[Scheme], params: Params) -> dict[str, Any]:
    languages = sorted(
        {code for code in tables["articles"]["language"].to_pylist() if re.fullmatch("[a-z]{2,3}", code or "")}
    )
    licence = _slug(params.card.licence) or "unknown"
    marks = any(scheme.mentions for scheme in schemes)
    tags = ["news", *(scheme.name for scheme in schemes), "annotator-disagreement", "label-studio", "goldwire"]
    units = tables["gold"].num_rows
    return {
        "pretty_name": params.card.title,
        "version": params.version,
        **({"language": languages} if languages else {}),
        **({"license": licence} if licence in _HUB_LICENCES else {"license": "other", "license_name": licence}),
        "task_categories": ["text-classification", *(["token-classification"] if marks else [])],
        "tags": list(dict.fromkeys(tags)),
        "size_categories": [next((name for limit, name in _SIZES if units < limit), "n>1M")],
    }


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


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.")


def _cell(value: Any) -> str:
    """Return a value as it can stand in a cell of a Markdown table."""
    return " ".join(str(value).replace("\\", "\\\\").replace("|", "\\|").split())
