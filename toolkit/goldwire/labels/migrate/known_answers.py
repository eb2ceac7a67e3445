"""What becomes of a round's known answers in the round that asks its units again."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from goldwire.labels.migrate.rules import Migration
from goldwire.labels.team.references import Reference


def brought(
    before: Iterable[Reference], units: Collection[str], migration: Migration
) -> tuple[list[Reference], list[Reference]]:
    """Return the known answers of these units under the new version, and those that are not known any more.

    An answer stays known when each of its labels stays the same, or alone becomes another one. That of a label which
    was split or retired is not known; of one that was merged, it is for the user to say.

    Parameters
    ----------
    before : iterable of Reference
        Those of the old round.
    units : collection of str
        The unit_ids of the new round.
    migration : Migration

    Returns
    -------
    tuple
        Those brought along, with the new names; those left out, as they were.
    """
    kept: list[Reference] = []
    left_out: list[Reference] = []
    for one in before:
        if one.unit_id in units:
            now = _under(one, migration)
            (kept if now else left_out).append(now or one)
    return kept, left_out


def _under(one: Reference, migration: Migration) -> Reference | None:
    rule = migration.rules.get(one.question)
    labels = rule.of(one.labels).labels if rule else None
    if rule is None or rule.new is None or not labels or len(labels) != len(one.labels):
        return None
    targets = list(rule.labels.values())
    for label in one.labels:
        to = rule.labels.get(label)
        if isinstance(to, str) and (
            (to != label and targets.count(to) > 1) or rule.new.labels[to][1] == "unsure"  # an abstention
        ):
            return None
    return replace(one, question=rule.new.name, labels=labels)
