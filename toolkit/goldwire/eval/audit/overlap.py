"""GW104: texts of this dataset stand in another one as well, so that neither is a test of what was learnt from it."""

from collections import defaultdict

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.near import near_duplicates
from goldwire.eval.audit.subject import Other, Subject
from goldwire.eval.audit.wording import counted, portion


def look(subject: Subject) -> Outcome:
    """Compare the texts with those of every other dataset that is named."""
    if not subject.others:
        return NotApplicable("no other dataset is named")
    if not subject.units["text"].notna().any():
        return NotApplicable("the texts are not there")
    ours = _by_text(subject)
    said, cases, shared = [], [], 0
    for other in subject.others:
        found = _overlap(list(ours), other)
        touched = {text for text, *_ in found}
        shared += len(touched)
        units = sum(len(ours[text]) for text in touched)
        in_test = sum(split == "test" for text in touched for _, split in ours[text])
        said.append(
            f"{portion(len(touched), len(ours))} texts are also in {other.name}, which has {len(other.texts):,}: "
            f"{counted(units, 'unit')}, {in_test:,} of them in test."
        )
        cases += [(-how, *ours[text][0], name, other.name) for text, name, how in found]
    if not shared:
        names = ", ".join(f"{counted(len(other.texts), 'text')} of {other.name}" for other in subject.others)
        return Silent(f"{counted(len(ours), 'text')} compared with {names}.")
    cases.sort(key=lambda case: (case[0], case[1], case[4], case[3]))
    return Fired(
        " ".join(said),
        shared,
        [
            f"{unit} ({split or 'no split'}) and {name} of {other}: {_how(-c)}"
            for c, unit, split, name, other in cases
        ],
    )


def _by_text(subject: Subject) -> dict[str, list[tuple[str, str]]]:
    """Return the units of every text, as (unit_id, split or "")."""
    units = subject.units.sort_values("unit_id")
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit, split, text in zip(units["unit_id"], units["split"], units["text"], strict=True):
        if isinstance(text, str):
            found[text].append((unit, split if isinstance(split, str) else ""))
    return found


def _overlap(ours: list[str], other: Other) -> list[tuple[str, str, float]]:
    """Return (our text, the id of theirs, containment), a text of theirs under its first id."""
    theirs: dict[str, str] = {}
    for name, text in sorted(other.texts.items()):
        theirs.setdefault(text, name)
    texts = list(dict.fromkeys([*ours, *theirs]))
    enough, pairs, _ = near_duplicates(texts)
    found = [(text, theirs[text], 1.0) for text, long in zip(ours, enough, strict=False) if long and text in theirs]
    for pair in pairs:
        a, b = texts[pair.first], texts[pair.second]
        if pair.first < len(ours) and b in theirs:
            found.append((a, theirs[b], pair.containment))
        if pair.second < len(ours) and a in theirs:
            found.append((b, theirs[a], pair.containment))
    return found


def _how(containment: float) -> str:
    return f"containment {containment:.2f}"


CHECK = Check("GW104", "overlap", "Texts stand in another dataset, too", "warning", False, look)
