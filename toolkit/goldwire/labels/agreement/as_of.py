"""A round as it was when one of its parts had been pulled, such as the last one before a meeting."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.ballots import counted
from goldwire.labels.fold import rows_of
from goldwire.labels.fold import units as round_units
from goldwire.labels.fold.columns import sorted_tables
from goldwire.labels.fold.units import Texts
from goldwire.labels.foreign import mapping as foreign
from goldwire.labels.migrate.chain import recast_tables
from goldwire.labels.parts.lines import check, listing, name
from goldwire.labels.rounds import Round
from goldwire.scheme import load
from goldwire.study import Study

Tables = Mapping[str, pa.Table]
"""votes, vote_mentions, vote_relations, units."""

_PART = re.compile(r"(?:part-)?(\d+)(?:\.jsonl)?")


@dataclass(frozen=True)
class AsOf:
    """A round as of a part.

    Attributes
    ----------
    part : int
    pulled : str or None
        When it was pulled, by the server's clock; None for an export that was downloaded by hand.
    then, after : mapping
        votes, vote_mentions, vote_relations and units: as they were then; and those of the units that were first
        answered after that, as they are now. All are of this round by itself, under the study's version of its
        scheme.
    changed : dict
        ANNOTATOR -> answers (those that counted then, one for each question), changed (they say something else now),
        gone (nothing of the annotator counts for the unit now: deleted, or turned into a skip).
    """

    part: int
    pulled: str | None
    then: Tables
    after: Tables
    changed: dict[str, dict[str, int]]


def as_of(study: Study, round_: Round, part: str) -> AsOf:
    """Fold a round as of a part, and as it is now, without writing anything.

    A round that was migrated, or whose scheme was, is brought to the study's version as `labels build` does. So is
    one that was adopted, unless its scheme was filled in after the last build.

    Parameters
    ----------
    part : str
        Its number, or its name: 3, part-00003 or part-00003.jsonl.

    Raises
    ------
    GoldwireError
        When there is no such part or one of the parts is damaged, and as `labels build` does.
    """
    number, pulled = _part(study, round_, part)
    folder = study.rounds / round_.round
    if foreign.read(folder) is not None and load(round_.scheme, study.schemes).hash != round_.scheme_hash:
        raise GoldwireError(
            f"the scheme of the adopted round {round_.round} was filled in since its answers were last folded",
            where=str(study.schemes / f"{round_.scheme}.yaml"),
            hint="Fold them with it first: goldwire labels build",
        )
    units = round_units.read(folder)
    then, now = _folded(study, round_, units, number), _folded(study, round_, units, None)
    answered = counted(then["votes"])["unit_id"].combine_chunks()
    after = {
        key: table.filter(pc.invert(pc.is_in(table["unit_id"], value_set=answered))) for key, table in now.items()
    }
    return AsOf(number, pulled, then, after, _changed(then["votes"], now["votes"]))


def _part(study: Study, round_: Round, said: str) -> tuple[int, str | None]:
    folder = study.rounds / round_.round / "pulls"
    there = listing(folder)
    match = _PART.fullmatch(said)
    if match is None or not 1 <= int(match[1]) <= len(there):
        last = f"{name(1)} to {name(len(there))}" if len(there) > 1 else name(1)
        raise GoldwireError(
            f'round {round_.round} has no part "{said}"',
            where=str(folder),
            hint=f"Parts: {last}." if there else f"Pull it first: goldwire labels pull {round_.round}",
        )
    number = int(match[1])
    pulled = check(there[number - 1]).header.get("pulled_at")
    return number, None if pulled is None else str(pulled)


def _folded(study: Study, round_: Round, units: list[dict[str, Any]], upto: int | None) -> dict[str, pa.Table]:
    scheme = rounds.scheme_of(study, round_)
    texts = Texts(study, {unit["article_id"] for unit in units})
    rows = rows_of(study, round_, scheme, {unit["unit_id"]: unit for unit in units}, texts, upto)
    folded = sorted_tables([batch for batches, _ in rows for batch in batches], study.params().gold.repeats)
    made = recast_tables(study, folded)
    return {**made, "units": tables.build("units", units)}


def _changed(then: pa.Table, now: pa.Table) -> dict[str, dict[str, int]]:
    later: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)  # annotator and unit, question
    for who, unit, question, said in _said(now):
        later[who, unit][question] = said
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for who, unit, question, said in _said(then):
        counts[who]["answers"] += 1
        if (who, unit) not in later:
            counts[who]["gone"] += 1
        elif later[who, unit].get(question) != said:
            counts[who]["changed"] += 1
    return {who: {key: counts[who][key] for key in ("answers", "changed", "gone")} for who in sorted(counts)}


def _said(votes: pa.Table) -> Iterator[tuple[str, str, str, Any]]:
    rows = counted(votes)
    columns = (rows[key].to_pylist() for key in ("annotator", "unit_id", "question", "labels", "value"))
    for who, unit, question, labels, value in zip(*columns, strict=True):
        yield who, unit, question, (None if labels is None else sorted(labels), value)
