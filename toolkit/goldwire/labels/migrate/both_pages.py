"""One labelling page with what two have: on it, answers to either are shown while they are being rewritten."""

import xml.etree.ElementTree as ET
from copy import deepcopy


def both(old: str, new: str) -> str:
    """Return the new page with the old one's controls and labels, as far as it lacks them, out of sight.

    Parameters
    ----------
    old, new : str
        Labelling interfaces, XML.
    """
    page = ET.fromstring(new)
    there = _controls(page)
    hidden = ET.SubElement(page, "View", style="display: none")
    for name, control in _controls(ET.fromstring(old)).items():
        own = there.get(name)
        if own is None:
            added = deepcopy(control)
            added.attrib.pop("required", None)  # nobody can answer what is out of sight
            hidden.append(added)
        elif own.tag == control.tag:
            known = {_value(label) for label in own}
            own.extend(deepcopy(label) for label in control if _value(label) not in known)
    for label in hidden.iter():
        label.attrib.pop("hotkey", None)
    return ET.tostring(page, encoding="unicode") + "\n"


def _controls(page: ET.Element) -> dict[str, ET.Element]:
    return {one.get("name", ""): one for one in page.iter() if one.get("toName")}


def _value(label: ET.Element) -> str | None:
    return label.get("alias") or label.get("value")
