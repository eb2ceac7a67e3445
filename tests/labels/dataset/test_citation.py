"""CITATION.cff is valid by the rules of the format, and says what was stated, nothing else."""

import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goldwire.labels.dataset.authors import Author, authors
from goldwire.labels.dataset.citation import bibtex, citation
from goldwire.study import Params

CARD = {
    "title": "Ports: for & against",
    "summary": "Stances\non ports.",
    "licence": "CC BY 4.0",
    "authors": ["Ahmad, Aisha (https://orcid.org/0000-0002-1825-0097)", "Б. Орлов", "Port Institute"],
    "url": "https://example.org/ports",
    "doi": "https://doi.org/10.5281/zenodo.1234",
}
URL = re.compile(r"(https|http|ftp|sftp)://.+")
DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
LICENCES = {"Apache-2.0", "CC-BY-4.0", "CDLA-Permissive-1.0", "ODbL-1.0"}  # those used here, and short ones by chance
LICENCES |= {"AFL-3.0", "BSL-1.0", "CC0-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0", "EUPL-1.1", "GPL-2.0", "GPL-3.0"}
LICENCES |= {"ISC", "LGPL-2.1", "LGPL-3.0", "MIT", "MPL-2.0", "MS-PL", "NCSA", "OFL-1.1", "OSL-3.0", "WTFPL", "Zlib"}
LICENCES |= {"AGPL-3.0", "C-UDA-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "LPPL-1.3c", "PDDL-1.0", "Unlicense"}
CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")
ORCID = re.compile(r"https://orcid\.org/\d{4}-\d{4}-\d{4}-\d{3}[\dX]")


def is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def check(value: Any) -> None:
    """Assert the rules of Citation File Format 1.2.0 for the keys that goldwire writes; other keys are mistakes."""
    rules = {
        "cff-version": lambda v: v == "1.2.0",
        "message": is_text,
        "type": lambda v: v in ("dataset", "software"),
        "title": is_text,
        "authors": lambda v: isinstance(v, list) and v and all(is_author(one) for one in v) and is_unique(v),
        "version": is_text,
        "license": lambda v: v in LICENCES,
        "license-url": lambda v: URL.fullmatch(v),
        "url": lambda v: URL.fullmatch(v),
        "doi": lambda v: DOI.fullmatch(v),
        "identifiers": lambda v: isinstance(v, list) and v and all(is_identifier(one) for one in v) and is_unique(v),
        "abstract": is_text,
    }
    assert isinstance(value, dict)
    assert {"authors", "cff-version", "message", "title"} <= value.keys() <= rules.keys()
    for key, found in value.items():
        assert rules[key](found), key


def is_author(value: Any) -> bool:
    orcid = {"orcid"} if ORCID.fullmatch(value.get("orcid", "")) else set()
    forms = ({"family-names", "given-names"} | orcid, {"name"} | orcid)
    return value.keys() in forms and all(map(is_text, value.values()))


def is_identifier(value: Any) -> bool:
    rule = {"doi": DOI.fullmatch, "url": URL.fullmatch, "other": is_text}[value["type"]]
    return (
        value.keys() == {"type", "value", "description"}
        and is_text(value["description"])
        and bool(rule(value["value"]))
    )


def is_unique(values: list[Any]) -> bool:
    return all(value not in values[:place] for place, value in enumerate(values))


def cited(**card: Any) -> Any:
    text = citation(Params.model_validate({"card": {**CARD, **card}, "version": "1.2.0"}), "0123456789abcdef")
    return None if text is None else yaml.safe_load(text)


def test_everything_stated_stands_in_it() -> None:
    found = cited()
    check(found)
    assert found == {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": "Ports: for & against",
        "authors": [
            {"family-names": "Ahmad", "given-names": "Aisha", "orcid": "https://orcid.org/0000-0002-1825-0097"},
            {"family-names": "Орлов", "given-names": "Б."},
            {"name": "Port Institute"},
        ],
        "version": "1.2.0",
        "license": "CC-BY-4.0",
        "url": "https://example.org/ports",
        "doi": "10.5281/zenodo.1234",
        "identifiers": [
            {"type": "doi", "value": "10.5281/zenodo.1234", "description": "The dataset"},
            {
                "type": "other",
                "value": "goldwire:data:0123456789abcdef",
                "description": "The content of this version: the digest that stands in the signature of the card",
            },
        ],
        "abstract": "Stances on ports.",
    }


def test_there_is_none_without_authors() -> None:
    params = Params.model_validate({"card": {**CARD, "authors": ["  "]}})
    assert (citation(params, "0"), bibtex(params, "0")) == (None, None)


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"licence": "unknown"}, {}),
        ({"licence": "© the publishers"}, {}),
        ({"licence": "CDLA-Permissive-2.0"}, {}),  # younger than the format
        ({"licence": "odbl"}, {"license": "ODbL-1.0"}),
        ({"licence": "https://example.org/terms"}, {"license-url": "https://example.org/terms"}),
    ],
)
def test_a_licence_is_named_only_as_the_format_knows_it(card: dict[str, str], expected: dict[str, str]) -> None:
    found = cited(**card)
    check(found)
    assert {key: value for key, value in found.items() if key.startswith("license")} == expected


def test_what_is_no_doi_or_url_is_left_out() -> None:
    found = cited(doi="in preparation", url="our shared drive", summary=" ")
    check(found)
    assert not {"doi", "url", "abstract"} & found.keys()
    assert [one["type"] for one in found["identifiers"]] == ["other"]


@given(title=st.text(), names=st.lists(st.text(), max_size=4), summary=st.text(), licence=st.text(max_size=9))
def test_any_text_gives_a_valid_file(title: str, names: list[str], summary: str, licence: str) -> None:
    found = cited(title=title, authors=names, summary=summary, licence=licence)
    assert (found is None) == (not any(name.translate(CONTROLS).strip() for name in names))
    if found is not None:
        check(found)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ahmad, Aisha", Author("Ahmad, Aisha", "Ahmad", "Aisha")),
        ("van der Berg, J.-P.", Author("van der Berg, J.-P.", "van der Berg", "J.-P.")),
        ("A. B. Ahmad", Author("A. B. Ahmad", "Ahmad", "A. B.")),
        ("Aisha Ahmad", Author("Aisha Ahmad")),
        ("goldwire developers", Author("goldwire developers")),
        ("University of Ports, Institute for News", Author("University of Ports, Institute for News")),
        ("Ports, Inc.", Author("Ports, Inc.")),
        ("Aisha Ahmad 0000-0002-1825-009X", Author("Aisha Ahmad", orcid="https://orcid.org/0000-0002-1825-009X")),
        ("0000-0002-1825-009X", Author("0000-0002-1825-009X")),
    ],
)
def test_who_is_a_person_is_told_by_how_the_name_is_written(name: str, expected: Author) -> None:
    assert authors([name, f" {name} "]) == [expected]


def test_bibtex_escapes_what_tex_would_read() -> None:
    params = Params.model_validate({"card": {**CARD, "title": "100% {of} $_ \\x", "authors": ["A and B & Co"]}})
    assert bibtex(params, "0123") == (
        "@misc{100-of-x,\n  title = {100\\% (of) \\$\\_ \\textbackslash{}x},\n  author = {{A and B \\& Co}},\n"
        "  url = {https://example.org/ports},\n  doi = {10.5281/zenodo.1234},\n  note = {Version 0.1.0, data 0123}\n}"
    )
