"""What an adjudication is made from: votes and gold of one scheme, in the rounds whose disputes are settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self, get_args

import pyarrow as pa
import pyarrow.compute as pc

from goldwire.errors import GoldwireError, UsageError
from goldwire.labels import rounds
from goldwire.labels.adjudicate.disputes import Row
from goldwire.labels.ballots import Recode, counted, of_votes
from goldwire.labels.decide import decide
from goldwire.labels.estimate import Method
from goldwire.labels.gold.rulings import rulings
from goldwire.labels.gold.spans import Spans, merge
from goldwire.labels.interface import RELATION
from goldwire.labels.rounds import VOTE
from goldwire.scheme import Scheme, load
from goldwire.study import Study

_VOTES = ("votes", "vote_mentions", "vote_relations")
_GOLD = ("gold", "gold_mentions", "gold_relations")


@dataclass(frozen=True)
class Sources:
    """The tables of one scheme.

    Parameters
    ----------
    scheme : Scheme
        The study's current version, which the tables have.
    scheme_text : str
        Its YAML.
    rounds : list of str
        Those whose disputes are settled.
    units : set of str
        Those with votes in these rounds.
    votes : pa.Table
        All of the scheme, rulings too.
    counted : tuple of pa.Table
        votes, vote_mentions and vote_relations that count.
    decided : tuple of pa.Table
        gold, gold_mentions and gold_relations.
    """

    scheme: Scheme
    scheme_text: str
    rounds: list[str]
    units: set[str]
    votes: pa.Table
    counted: tuple[pa.Table, pa.Table, pa.Table]
    decided: tuple[pa.Table, pa.Table, pa.Table]

    @classmethod
    def read(cls, study: Study, scheme_name: str | None, of: Sequence[str]) -> Self:
        """Read the tables of a study; see `goldwire.labels.adjudicate.make.adjudicate` for the errors."""
        named = [rounds.read(study.rounds / name) for name in dict.fromkeys(of)]
        for one in named:
            if one.purpose != VOTE:
                raise GoldwireError(
                    f"round {one.round} is {'a retest' if one.retest_of else 'an adjudication'}, and has no votes",
                    hint="Name rounds of votes with --of.",
                )
        votes, mentions, relations = (study.read(name) for name in _VOTES)
        name = _scheme(scheme_name, {one.scheme for one in named}, votes)
        path = study.schemes / f"{name}.yaml"
        scheme = load(name, study.schemes)
        decided = tuple(_of(study.read(table), name) for table in _GOLD)
        answers = tuple(_of(table, name) for table in (votes, mentions, relations))
        for table in (*decided, *answers):
            if other := sorted(set(table["scheme_hash"].unique().to_pylist()) - {scheme.hash}):
                raise GoldwireError(
                    f"the tables have another state of the scheme ({other[0]}) than the study ({scheme.hash})",
                    where=str(path),
                    hint="Make them again: goldwire labels build, then goldwire labels gold",
                )
        valid = counted(answers[0])
        mine = valid.filter(pc.is_in(valid["round"], pa.array(list(of), pa.string()))) if of else valid
        asked = list(dict.fromkeys(of)) or sorted(set(valid["round"].to_pylist()))
        units = set(mine["unit_id"].to_pylist())
        if not units:
            raise GoldwireError(
                f"there are no votes in round {', '.join(of)}" if of else f"there are no votes with scheme {name}",
                hint="Pull and build first: goldwire labels pull ROUND, goldwire labels build",
            )
        undecided = units - set(decided[0]["unit_id"].to_pylist())
        if undecided and any(question.required for question in scheme.questions):
            raise GoldwireError(
                f"{len(undecided)} units with votes are not in gold, such as {min(undecided)}",
                hint="Decide again: goldwire labels gold",
            )
        recode = study.params().recode
        changed = _other_answers(decided[0], answers[0], scheme, recode)
        changed |= _other_spans(decided, answers, scheme, recode, _how(study))
        if changed:
            raise GoldwireError(
                f"votes have changed since gold was decided, such as those on {min(changed)} ({len(changed)} in all)",
                hint="Decide again: goldwire labels gold",
            )
        return cls(
            scheme,
            path.read_text(encoding="utf-8"),
            asked,
            units,
            answers[0],
            (valid, counted(answers[1]), counted(answers[2])),
            (decided[0], decided[1], decided[2]),
        )

    @property
    def gold(self) -> list[Row]:
        """The rows of gold."""
        rows: list[Row] = self.decided[0].to_pylist()
        return rows

    @property
    def names(self) -> list[str]:
        """What can be in dispute, in the order of the page; "" is the whole unit."""
        questions = [question.name for question in self.scheme.questions]
        return ["", *questions, *(layer.name for layer in self.scheme.mentions), RELATION]

    def marked(self, unit: str) -> tuple[frozenset[str], list[Row], list[Row]]:
        """Return who submitted a unit, and its rows of vote_mentions and vote_relations."""
        return frozenset(self._who[unit]), self._spans[0][unit], self._spans[1][unit]

    @cached_property
    def _who(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.counted[0].select(["unit_id", "annotator"]).to_pylist():
            found[row["unit_id"]].add(row["annotator"])
        return found

    @cached_property
    def _spans(self) -> tuple[dict[str, list[Row]], dict[str, list[Row]]]:
        found: tuple[dict[str, list[Row]], dict[str, list[Row]]] = (defaultdict(list), defaultdict(list))
        for table, by_unit in zip(self.counted[1:], found, strict=True):
            for row in table.to_pylist():
                by_unit[row["unit_id"]].append(row)
        return found

    def settled(self, study: Study, name: str) -> dict[str, str]:
        """Return units that are "adjudicated", or "waiting" in another adjudication round than `name`."""
        found = dict.fromkeys(rulings(self.votes)["unit_id"].to_pylist(), "adjudicated")
        for folder in rounds.listing(study.rounds):
            other = rounds.read(folder)
            if folder.name != name and other.adjudicates and other.scheme == self.scheme.name:
                for task in rounds.tasks(folder):
                    found.setdefault(task["data"]["unit_id"], "waiting")
        return found


def _scheme(given: str | None, of_rounds: set[str], votes: pa.Table) -> str:
    there = sorted(set(counted(votes)["scheme"].to_pylist()))
    if given is None and len(of_rounds or there) != 1:
        known = ", ".join(sorted(of_rounds) or there) or "none"
        raise UsageError(f"of which scheme? There are votes with: {known}", hint="Name one with: --scheme NAME")
    name = given or min(of_rounds or there)
    if of_rounds - {name}:
        raise UsageError(f"the rounds do not all ask {name}", hint="Name rounds of one scheme with --of.")
    if name not in there:
        raise GoldwireError(
            f"there are no votes with scheme {name}",
            hint=f"There are with: {', '.join(there) or 'none; pull and build first'}",
        )
    return name


def _other_answers(gold: pa.Table, votes: pa.Table, scheme: Scheme, recode: Recode) -> set[str]:
    """Return units whose answers are not those that gold was decided from: others would be in dispute."""
    columns = (gold[name].to_pylist() for name in ("question", "unit_id", "n_votes", "distribution"))
    before = {
        (question, unit): _shares((one["label"], one["share"]) for one in said or [])
        for question, unit, n, said in zip(*columns, strict=True)
        if n
    }
    now: dict[tuple[str, str], frozenset[tuple[str, float]]] = {}
    for answers in of_votes(votes, {scheme.name: scheme}, recode):
        sure = zip(answers.units, answers.size.tolist(), decide(answers).shares, strict=True)
        now |= {(answers.question, unit): _shares(said) for unit, n, said in sure if n}
    return {unit for (_, unit), _ in before.items() ^ now.items()}


def _other_spans(
    decided: Sequence[pa.Table],
    answers: Sequence[pa.Table],
    scheme: Scheme,
    recode: Recode,
    how: Mapping[str, str],
) -> set[str]:
    """Return units whose mentions or relations, decided again, are not those of gold; a ruled unit is not looked at.

    They are decided by the method and the seed of gold, which its file says: `how`.
    """
    method: Method = "majority"
    for known in get_args(Method):
        method = known if how.get("method") == known else method
    spans = Spans.of_tables(*(counted(table) for table in answers))
    merged = merge(spans, {scheme.name: scheme}, recode, method, int(how.get("seed", "0")))
    ruled = set(rulings(answers[0])["unit_id"].to_pylist())
    now = [*map(_mention, merged.mentions), *map(_relation, merged.relations)]
    before = [*map(_mention, decided[1].to_pylist()), *map(_relation, decided[2].to_pylist())]
    return {unit for unit, *_ in set(now) ^ set(before)} - ruled


def _how(study: Study) -> dict[str, str]:
    """Return what the file of gold says of how it was decided; reading the table leaves it out."""
    import pyarrow.parquet as pq

    written = pq.read_schema(study.table("gold")).metadata or {}
    return {key.decode(): value.decode("utf-8", "replace") for key, value in written.items()}


def _mention(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("unit_id", "question", "label", "start", "end"))


def _relation(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("unit_id", "question", "label", "from", "to"))


def _shares(given: Iterable[tuple[str, float]]) -> frozenset[tuple[str, float]]:
    return frozenset((label, round(share, 9)) for label, share in given)


def _of(table: pa.Table, scheme: str) -> pa.Table:
    return table.filter(pc.equal(table["scheme"], scheme))
