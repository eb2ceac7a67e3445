"""What was in dispute, as the rounds keep it, under the names of the study's current schemes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from goldwire.files import read_jsonl
from goldwire.labels import parts, rounds
from goldwire.labels.adjudicate.disputes import Dispute
from goldwire.labels.adjudicate.make import FILE
from goldwire.labels.migrate.chain import path_to_current
from goldwire.labels.migrate.rules import Migration
from goldwire.study import Study

Disputed = tuple[str, str, str | None]
"""Scheme, unit, and question, mention layer or "relation"; None is every question about the unit."""


def of_round(study: Study, name: str) -> list[Dispute]:
    """Return the disputes of an adjudication round, without those about what the scheme has no more.

    Raises
    ------
    GoldwireError
        When there is no such round, a file is damaged, or no mapping leads from its scheme to the study's.
    """
    folder = study.rounds / name
    round_ = rounds.read(folder)
    way = path_to_current(study, round_.scheme, round_.scheme_hash)
    asked = {task["data"]["unit_id"] for task in rounds.tasks(folder)}
    lines = (Dispute.of(line) for _, line in read_jsonl(folder / FILE) if line["unit_id"] in asked)
    return list(_now(lines, way))


def disputed(study: Study) -> set[Disputed]:
    """Return what was in dispute in all adjudication rounds that have answers."""
    found: set[Disputed] = set()
    for folder in rounds.listing(study.rounds):
        round_ = rounds.read(folder)
        if round_.adjudicates and parts.listing(folder / "pulls"):
            found |= {(round_.scheme, one.unit_id, one.question) for one in of_round(study, folder.name)}
    return found


def _now(disputes: Iterator[Dispute], way: Sequence[Migration]) -> Iterator[Dispute]:
    for dispute in disputes:
        one: Dispute | None = dispute
        for step in way:
            one = _moved(one, step) if one else None
        if one:
            yield one


def _moved(one: Dispute, step: Migration) -> Dispute | None:
    if one.question is None:
        return one
    rule = step.rules.get(one.question)
    if rule is None or rule.new is None:
        return None
    names = {old: new for old, new in rule.labels.items() if isinstance(new, str)}
    said = [{**share, "label": names.get(share["label"], share["label"])} for share in one.distribution]
    return replace(one, question=rule.new.name, distribution=said)
