"""Licences: what a person wrote, as the name that the Hugging Face Hub has for it, and as its SPDX identifier."""

from goldwire.labels.card.markdown import slug

_SPDX = (  # of the licences on https://huggingface.co/docs/hub/repositories-licenses that SPDX has
    *("AFL-3.0", "AGPL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Clear"),
    *("BSL-1.0", "C-UDA-1.0", "CC0-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-NC-2.0"),
    *("CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0"),
    *("CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CDLA-Permissive-1.0"),
    *("CDLA-Permissive-2.0", "CDLA-Sharing-1.0", "ECL-2.0", "EPL-1.0", "EPL-2.0", "etalab-2.0", "EUPL-1.1"),
    *("GPL-2.0", "GPL-3.0", "ISC", "LGPL-2.1", "LGPL-3.0", "LPPL-1.3c", "MIT", "MPL-2.0", "MS-PL", "NCSA"),
    *("ODbL-1.0", "ODC-By-1.0", "OFL-1.1", "OSL-3.0", "PDDL-1.0", "PostgreSQL", "Unlicense", "WTFPL", "Zlib"),
)
_HUB = {"C-UDA-1.0": "c-uda", "ODbL-1.0": "odbl", "ODC-By-1.0": "odc-by", "PDDL-1.0": "pddl"}  # elsewhere lower case
_OF = {name: spdx for spdx in _SPDX for name in (spdx.lower(), _HUB.get(spdx, spdx.lower()))}


def known(licence: str) -> bool:
    """Return whether a licence was stated at all."""
    return slug(licence) not in ("", "unknown")


def spdx(licence: str) -> str | None:
    """Return the SPDX identifier, ``CC-BY-4.0`` for "CC BY 4.0"; None where there is none that we know."""
    return _OF.get(slug(licence))


def hub(licence: str) -> dict[str, str]:
    """Return the licence as the header of a dataset card on the Hub names it."""
    if not known(licence):
        return {"license": "unknown"}
    if (found := spdx(licence)) is not None:
        return {"license": _HUB.get(found, found.lower())}
    return {"license": "other", "license_name": slug(licence)}
