"""GW205: the units without gold are the hard ones; what is left is easier."""

from collections import Counter

from goldwire.eval.audit.answered import NO_GOLD, parts
from goldwire.eval.audit.finding import Check, Fired, NotApplicable, Outcome, Silent
from goldwire.eval.audit.subject import Subject
from goldwire.eval.audit.wording import counted


def look(subject: Subject) -> Outcome:
    """Find the units in splits that are unresolved, or were never answered though others of their kind were.

    A question is asked of all units of a kind, or of none: with or without a target, wholes or parts.
    """
    answers = subject.answers.set_index("unit_id")["labels"]
    if not answers.notna().any():
        return NotApplicable(NO_GOLD)
    units = subject.units[subject.units["split"].notna()].sort_values("unit_id")
    listed = units["unit_id"].isin(answers.index)
    if not listed.any():
        return NotApplicable("no unit of the question is in a split")
    kind = units["target"].notna().astype(str) + parts(subject)[units.index].astype(str)
    asked = units[kind.isin(set(kind[listed]))]
    labels = asked["unit_id"].map(answers)
    open_ = asked[labels.isna()]
    if not len(open_):
        return Silent(f"Each of {counted(len(asked), 'unit')} in splits has gold.")
    unresolved = open_["unit_id"].isin(answers.index)
    how = [
        f"{n:,} {what}" for n, what in ((unresolved.sum(), "unresolved"), ((~unresolved).sum(), "not answered")) if n
    ]
    of_split = Counter(asked["split"])
    where = ", ".join(f"{n:,} of {of_split[name]:,} in {name}" for name, n in sorted(Counter(open_["split"]).items()))
    cases = [
        f"{unit}: {'unresolved' if tied else 'no answer'}, {split}"
        for unit, tied, split in zip(open_["unit_id"], unresolved, open_["split"], strict=True)
    ]
    text = f"{counted(len(open_), 'unit')} in splits without gold ({', '.join(how)}): {where}."
    return Fired(text, len(open_), cases)


CHECK = Check("GW205", "unlabelled", "Some units in splits have no gold", "note", True, look)
