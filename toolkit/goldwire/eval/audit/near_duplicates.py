"""GW102: a text of one split is nearly the same as one of another, whatever `story_id` says."""

from collections import defaultdict
from collections.abc import Iterable

from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.near import Near, near
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted, in_turn, portion

Place = tuple[str, str, str]  # unit_id, split, article_id


def look(subject: Subject) -> Outcome:
    """Compare every two texts of different articles and different splits."""
    units = subject.units
    if units["split"].nunique() < 2:
        return NotApplicable("the units are not in two splits or more")
    if not units["text"].notna().any():
        return NotApplicable("the texts are not there")
    found = near(subject)
    places = _places(subject, found)
    splits = sorted({split for listed in places.values() for _, split, _ in listed})
    if len(splits) < 2:
        return NotApplicable(f"only {', '.join(splits) or 'no split'} has texts of five words or more")
    same, like, met = [], [], defaultdict(set)
    for text, listed in places.items():
        if two := _apart(listed, listed):
            same.append((1.0, *two))
            met[text].add(text)
    for pair in found.pairs:
        if two := _apart(places.get(pair.first, []), places.get(pair.second, [])):
            like.append((pair.containment, *two))
            met[pair.first].add(pair.second)
            met[pair.second].add(pair.first)
    looked = f"{counted(found.texts, 'different text')} of {counted(len(units), 'unit')} compared"
    if not met:
        return Silent(f"{looked}.")
    kinds = [f"{counted(len(like), 'pair')} of different texts"] * bool(like)
    kinds += [f"{counted(len(same), 'text')} word for word"] * bool(same)
    figures = (
        f"{'At least ' if found.crowded else ''}{' and '.join(kinds)} in two splits or more ({looked}). "
        f"Units with a copy in another split: {_touched(subject, found, places, met, splits)}."
    )
    cases = in_turn(_named(like, "containment {:.2f}"), _named(same, "the same text"))
    return Fired(figures, len(like) + len(same), cases)


def _places(subject: Subject, found: Near) -> dict[int, list[Place]]:
    """Return where each text stands, by unit_id; of equal splits two articles are enough to find a different one."""
    units = subject.units
    rows = zip(units["unit_id"], units["split"], units["article_id"], found.of_unit.tolist(), strict=True)
    kept: dict[int, list[Place]] = {}
    seen: dict[tuple[int, str], set[str]] = defaultdict(set)
    for unit, split, article, text in sorted((row for row in rows if _counts(row, found)), key=lambda row: row[0]):
        articles = seen[text, split]
        if len(articles) < 2 and article not in articles:
            articles.add(article)
            kept.setdefault(text, []).append((unit, split, article))
    return kept


def _counts(row: tuple[str, str | None, str, int], found: Near) -> bool:
    return isinstance(row[1], str) and row[3] >= 0 and bool(found.enough[row[3]])


def _apart(ones: Iterable[Place], others: list[Place]) -> tuple[Place, Place] | None:
    """Return the first two places that differ in article and split, by unit_id; the same article is GW101's."""
    for one in ones:
        for other in others:
            if one[1] != other[1] and one[2] != other[2]:
                first, second = sorted((one, other))
                return first, second
    return None


def _touched(
    subject: Subject,
    found: Near,
    places: dict[int, list[Place]],
    met: dict[int, set[int]],
    splits: list[str],
) -> str:
    """Return for every split how many of its units have a near-duplicate elsewhere."""
    units = subject.units
    sizes, touched = dict.fromkeys(splits, 0), dict.fromkeys(splits, 0)
    for split, article, text in zip(units["split"], units["article_id"], found.of_unit.tolist(), strict=True):
        if split in sizes:
            sizes[split] += 1
            here = [("", split, article)]
            touched[split] += any(_apart(here, places.get(other, [])) for other in met.get(text, ()))
    return ", ".join(f"{split} {portion(touched[split], sizes[split])}" for split in splits)


def _named(cases: list[tuple[float, Place, Place]], how: str) -> list[str]:
    """Return the pairs with their splits, those with the highest containment first."""
    ordered = sorted(cases, key=lambda case: (-case[0], case[1], case[2]))
    return [f"{one[0]} ({one[1]}) and {two[0]} ({two[1]}): {how.format(share)}" for share, one, two in ordered]


CHECK = Check("GW102", "near_duplicates", "Splits share copies of a text", "error", False, look)
