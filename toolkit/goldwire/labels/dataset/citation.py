"""How the dataset is cited: CITATION.cff (Citation File Format 1.2.0, Druskat et al. 2021), and BibTeX."""

import re
from typing import Any

import yaml

from goldwire.labels.card.licences import known, spdx
from goldwire.labels.card.markdown import slug
from goldwire.labels.dataset.authors import Author, authors
from goldwire.study import Params

_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
_URL = re.compile(r"(https?|s?ftp)://\S+")
_TOO_NEW = {"CDLA-Permissive-2.0"}  # format 1.2.0 has the SPDX list of May 2021
_SIGNS = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "{": "(", "}": ")"}
_SIGNS |= {sign: f"\\{sign}" for sign in "&%$#_"}

FILE = "CITATION.cff"


def citation(params: Params, digest: str) -> str | None:
    """Return the text of CITATION.cff, the same for the same params and data; None where no authors are stated.

    It has no date: when a dataset is published is not in its data.
    """
    card = params.card
    listed = authors(card.authors)
    if not listed:
        return None
    licence = spdx(card.licence)
    value: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": _line(card.title) or "Dataset",
        "authors": [_person(author) for author in listed],
        "version": params.version,
    }
    if licence is not None and licence not in _TOO_NEW:
        value["license"] = licence
    elif _URL.fullmatch(card.licence.strip()):
        value["license-url"] = card.licence.strip()
    if url := url_of(params):
        value["url"] = url
    if doi := doi_of(params):
        value["doi"] = doi
    value["identifiers"] = [
        *([{"type": "doi", "value": doi, "description": "The dataset"}] if doi else []),
        {
            "type": "other",
            "value": f"goldwire:data:{digest}",
            "description": "The content of this version: the digest that stands in the signature of the card",
        },
    ]
    if card.summary.strip():
        value["abstract"] = _line(card.summary)
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1_000)
    return text


def bibtex(params: Params, digest: str) -> str | None:
    """Return the BibTeX entry; None where no authors are stated."""
    card = params.card
    listed = authors(card.authors)
    if not listed:
        return None
    names = (f"{a.family}, {a.given}" if a.family else f"{{{_tex(a.name)}}}" for a in listed)
    fields = {
        "title": _tex(card.title),
        "author": " and ".join(name if name.startswith("{") else _tex(name) for name in names),
        "url": (url_of(params) or "").replace("{", "%7B").replace("}", "%7D"),
        "doi": doi_of(params) or "",
        "note": f"Version {_tex(params.version)}, data {digest}",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{re.sub('[^a-z0-9-]', '', slug(card.title)) or 'dataset'},\n" + ",\n".join(lines) + "\n}"


def doi_of(params: Params) -> str | None:
    """Return the DOI without a resolver before it; None where none is stated, or it is not one."""
    text = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", params.card.doi.strip(), flags=re.I)
    return text if _DOI.fullmatch(text) else None


def url_of(params: Params) -> str | None:
    """Return where the dataset is found; None where that is not stated, or is no URL."""
    text = params.card.url.strip()
    return text if _URL.fullmatch(text) else None


def licence_url(params: Params) -> str | None:
    """Return the licence as a URL, else as it was written; None where it was not stated."""
    licence = _line(params.card.licence)
    if (found := spdx(licence)) is not None:
        return f"https://spdx.org/licenses/{found}.html"
    return licence if known(licence) else None


def _person(author: Author) -> dict[str, str]:
    orcid = {"orcid": author.orcid} if author.orcid else {}
    if author.family and author.given:
        return {"family-names": author.family, "given-names": author.given, **orcid}
    return {"name": author.name, **orcid}


def _line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in _line(text))
