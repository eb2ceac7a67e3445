"""GW201: copies of one text have different gold labels, for the same target where there are targets."""

from collections import defaultdict

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.near import near
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted

Key = tuple[str, str]  # target and holder
Given = dict[tuple[str, ...], str]  # labels -> the first unit that has them


def look(subject: Subject) -> Outcome:
    """Compare the gold labels of units with the same text or near-duplicates of it, and the same target."""
    answers = subject.answers[subject.answers["labels"].notna()]
    if answers.empty:
        return NotApplicable("no unit has a gold label")
    if not subject.units["text"].notna().any():
        return NotApplicable("the texts are not there")
    found = near(subject)
    given = _given(subject, dict(zip(answers["unit_id"], map(tuple, answers["labels"]), strict=True)))
    cases = []
    for of_text in given.values():
        for kept in of_text.values():
            if len(kept) > 1:
                first, second, *_ = sorted((unit, said) for said, unit in kept.items())
                cases.append((1.0, *first, *second, "the same text"))
    same = len(cases)
    compared = 0
    for pair in found.pairs:
        here, there = given.get(pair.first, {}), given.get(pair.second, {})
        compared += bool(here.keys() & there.keys())
        for key in sorted(here.keys() & there.keys()):
            if two := _unlike(here[key], there[key]):
                cases.append((pair.containment, *two, f"containment {pair.containment:.2f}"))
    looked = f"{counted(len(answers), 'labelled unit')} with {counted(compared, 'pair')} of copies compared"
    if not cases:
        return Silent(f"{looked}.")
    cases.sort(key=lambda case: (-case[0], case[1], case[3]))
    kinds = [f"{counted(len(cases) - same, 'pair')} of near-duplicates"] * (len(cases) > same)
    kinds += [f"{counted(same, 'repeated text')}"] * bool(same)
    least = "At least " if found.crowded else ""
    figures = f"{least}{' and '.join(kinds)} with different labels ({looked})."
    shown = [f"{a} ({_said(one)}) and {b} ({_said(two)}): {how}" for _, a, one, b, two, how in cases]
    return Fired(figures, len(cases), shown)


def _given(subject: Subject, gold: dict[str, tuple[str, ...]]) -> dict[int, dict[Key, Given]]:
    """Return what was decided of each text: by target and holder, all labels with the first unit that has each."""
    units = subject.units
    rows = zip(units["unit_id"], units["target"], units["holder"], near(subject).of_unit.tolist(), strict=True)
    found: dict[int, dict[Key, Given]] = defaultdict(lambda: defaultdict(dict))
    for unit, target, holder, text in sorted((row for row in rows if row[3] >= 0), key=lambda row: row[0]):
        if unit in gold:
            found[text][_folded(target), _folded(holder)].setdefault(gold[unit], unit)
    return found


def _unlike(first: Given, second: Given) -> tuple[str, tuple[str, ...], str, tuple[str, ...]] | None:
    """Return the first two units with different labels, by unit_id."""
    unlike = [sorted([(a, one), (b, two)]) for one, a in first.items() for two, b in second.items() if one != two]
    if not unlike:
        return None
    (a, one), (b, two) = min(unlike)
    return a, one, b, two


def _said(labels: tuple[str, ...]) -> str:
    return " + ".join(labels) or "no label"


def _folded(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


CHECK = Check("GW201", "story_conflicts", "Copies of one text have different labels", "warning", True, look)
