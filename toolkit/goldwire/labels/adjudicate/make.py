"""Make an adjudication round: the units in dispute, in an order drawn from the seed, with why they are there."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from goldwire.errors import GoldwireError, UsageError
from goldwire.files import one_at_a_time, read_jsonl, write_jsonl
from goldwire.labels import rounds
from goldwire.labels.adjudicate import disputes as rule
from goldwire.labels.adjudicate import shown, span_disputes
from goldwire.labels.adjudicate.disputes import RULES, Dispute, Row, Rules
from goldwire.labels.adjudicate.reasons import with_reason
from goldwire.labels.adjudicate.sources import Sources
from goldwire.labels.interface import config
from goldwire.labels.rounds import Round
from goldwire.labels.tasks import Task, make_tasks
from goldwire.labels.team import annotators as people
from goldwire.labels.team import assignments
from goldwire.labels.team.assigned import together
from goldwire.labels.units import hash_of
from goldwire.provenance import digest
from goldwire.study import Study

FILE = "disputes.jsonl"


@dataclass(frozen=True)
class Adjudication:
    """An adjudication round. `units` are those that it has, `added` those that came this time; `by_rule` and
    `by_question` count units of the round ("" is a finding about the whole unit). `left_out` counts units in dispute
    that are not in it: "adjudicated" already, or "waiting" in another adjudication round.
    """

    round: str
    units: int
    added: int
    by_rule: dict[str, int]
    by_question: dict[str, int]
    left_out: dict[str, int] = field(default_factory=dict)


def adjudicate(
    study: Study,
    name: str,
    *,
    of: Sequence[str] = (),
    scheme: str | None = None,
    rules: Rules | None = None,
    units: Path | None = None,
    annotators: Sequence[str] = (),
    blind: bool = False,
    again: bool = False,
    dry_run: bool = False,
) -> Adjudication:
    """Make a round of the units in dispute, or add to one: labels/rounds/NAME. What is in it stays as it is.

    Beside a round's files it gets disputes.jsonl, a line for each unit, question and rule (see `Dispute`), and
    shown.jsonl, what the adjudicators are shown (see `goldwire.labels.adjudicate.shown`). Without a dispute nothing
    is written.

    Parameters
    ----------
    study : Study
        With votes and gold, as they were built last.
    name : str
    of : sequence of str
        The rounds whose disputes are settled; by default all that ask the scheme.
    scheme : str, optional
        Needed when there is gold of several schemes, and no round is named.
    rules : Rules, optional
        By default a tie; with `units` and no rules, the findings alone.
    units : Path, optional
        A check's findings; see `goldwire.labels.adjudicate.disputes.of_file`.
    annotators : sequence of str
        The adjudicators, by pseudonym: units are dealt out among them.
    blind : bool
        A project for each adjudicator.
    again : bool
        Also units that are adjudicated, or wait in another adjudication round.
    dry_run : bool
        Write nothing.

    Raises
    ------
    UsageError
        When a rule is out of range or names a question that the scheme has not, a posterior is about mentions or
        relations, or nothing says what a dispute is.
    GoldwireError
        When tables are missing or older than the scheme, a round is no round of votes, the round is there and is
        another one, a finding does not fit, or a text has changed since it was labelled. Nothing is written then.
    """
    rules = rules or Rules(tie=units is None)
    if not rules.tie and rules.share is None and rules.posterior is None and units is None:
        raise UsageError("nothing says what a dispute is", hint="Give --tie, --share, --posterior or --units FILE.")
    known = people.read(study.annotators).known.values()
    if strangers := [who for who in annotators if who not in known]:
        raise GoldwireError(
            f"{strangers[0]} is not in {study.annotators.name}",
            where=str(study.annotators),
            hint="Add them with: goldwire labels annotators add FILE",
        )
    if twice := [who for who, times in Counter(annotators).items() if times > 1]:
        raise UsageError(f"--annotator {twice[0]} stands twice", hint="Name each once.")
    together(annotators)
    sources = Sources.read(study, scheme, of)
    rule.check(rules, sources.scheme)
    config(with_reason(sources.scheme))
    found = _disputes(study, sources, rules, units)
    folder = study.rounds / name
    # two at once would take the same units, or each write over what the other took
    with one_at_a_time(study.rounds), one_at_a_time(folder) if folder.is_dir() else nullcontext():
        before = _before(study, name, sources)
        there = rounds.tasks(folder) if before else []
        asked = {task["data"]["unit_id"] for task in there}
        kept = [Dispute.of(row) for row in _there(folder / FILE, asked)]
        outside = {} if again else sources.settled(study, name)
        new = {one.unit_id for one in found} - asked
        left_out = dict(Counter(outside[unit] for unit in new if unit in outside))
        new -= outside.keys()
        found = [one for one in found if one.unit_id in new]
        every = [*kept, *found]
        made = Adjudication(
            name,
            len(asked) + len(new),
            len(new),
            _count(every, [(one.rule, one.unit_id) for one in every], RULES),
            _count(every, [(one.question or "", one.unit_id) for one in every], sources.names),
            dict(sorted(left_out.items())),
        )
        round_ = _round(study, name, before, sources, annotators, blind)
        if annotators:
            assignments.staffed(round_, annotators)  # what is wrong with them is said before anything is written
        tasks = _tasks(study, sources, new, round_.seed)
        records = _shown(sources, found)
        shown.guesses(with_reason(sources.scheme), tasks, records)
        if new and not dry_run:
            order = {task["data"]["unit_id"]: place for place, task in enumerate(tasks)}
            # an interrupted call is made good by the next one: what a unit needs is there before the unit, and a
            # round is one when round.yaml is there
            rounds.write_scheme(folder, sources.scheme_text)
            if before:
                rounds.write(folder, round_)
            write_jsonl(folder / FILE, [one.as_dict() for one in [*kept, *_sorted(found, order, sources.names)]])
            write_jsonl(folder / shown.FILE, [*_there(folder / shown.FILE, asked), *records])
            write_jsonl(folder / "tasks.jsonl", [*there, *tasks])
            if not before:
                rounds.write(folder, round_)
    if made.units and not dry_run:
        open_ = (asked | new) - assignments.read(folder).keys() if round_.annotators else set()
        if annotators or open_:
            assignments.assign_round(study, name, named=annotators)
    return made


def _there(path: Path, units: Collection[str]) -> list[Row]:
    """Return the lines about units that are in the round; what was cut short may have left others."""
    return [row for _, row in read_jsonl(path) if row["unit_id"] in units] if units else []


def _disputes(study: Study, sources: Sources, rules: Rules, units: Path | None) -> list[Dispute]:
    gold = [row for row in sources.gold if row["unit_id"] in sources.units]
    found = rule.of_gold(gold, sources.scheme, rules)
    unit_questions = {question.name for question in sources.scheme.questions}
    if set(rules.questions) - unit_questions:
        recodes = study.params().recode.get(sources.scheme.name, {})
        for unit in sorted(sources.units):
            who, mentions, relations = sources.marked(unit)
            found += span_disputes.of_unit(unit, who, mentions, relations, rules, recodes)
    if units is not None:
        known: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in gold:
            known[row["unit_id"]][row["question"]] = row
        found += rule.of_file(units, known, rule.layers_of(sources.scheme))
    return found


def _before(study: Study, name: str, sources: Sources) -> Round | None:
    folder = study.rounds / name
    if not (folder / "round.yaml").is_file():
        return None
    before = rounds.read(folder)
    if not before.adjudicates:
        raise GoldwireError(
            f"round {name} is there, and is no adjudication", hint="Give the adjudication another name."
        )
    if (before.scheme, before.scheme_hash) != (sources.scheme.name, sources.scheme.hash):
        raise GoldwireError(
            f"round {name} asks {before.scheme} {before.scheme_version} ({before.scheme_hash}), and the votes are to "
            f"{sources.scheme.name} {sources.scheme.version} ({sources.scheme.hash})",
            where=str(folder / "round.yaml"),
            hint="Give the adjudication of these another name.",
        )
    return before


def _round(
    study: Study, name: str, before: Round | None, sources: Sources, annotators: Sequence[str], blind: bool
) -> Round:
    if before:
        if blind and not before.blind:
            raise GoldwireError(f"round {name} is there, and is not blind", hint="Leave out --blind.")
        more = [one for one in sources.rounds if one not in before.adjudicates]
        return before.model_copy(update={"adjudicates": [*before.adjudicates, *more]})
    if blind and not annotators:
        raise UsageError("--blind needs to know who adjudicates", hint="Name them with: --annotator PSEUDONYM")
    scheme = sources.scheme
    try:
        return Round(
            round=name,
            scheme=scheme.name,
            scheme_version=scheme.version,
            scheme_hash=scheme.hash,
            blind=blind,
            adjudicates=sources.rounds,
            seed=study.params().seed,
        )
    except ValidationError:
        raise UsageError(
            f'"{name}" cannot be the name of a round', hint="A name is letters, digits, . _ and -"
        ) from None


def _tasks(study: Study, sources: Sources, units: Collection[str], seed: int) -> list[Task]:
    if not units:
        return []
    table = study.read("units")
    table = table.filter(pc.is_in(table["unit_id"], pa.array(sorted(units), pa.string())))
    articles = study.read("articles")
    wanted = table["article_id"].combine_chunks()
    tasks = make_tasks(articles.filter(pc.is_in(articles["article_id"], wanted)), table)
    for task in tasks:
        if hash_of(task["data"]["text"]) != task["meta"]["content_hash"]:
            raise GoldwireError(
                f"the text of unit {task['data']['unit_id']} has changed since it was labelled",
                where=f"round {', '.join(sources.rounds)}",
                hint="Its votes are about the old text: import the article again as it was.",
            )
    return sorted(tasks, key=lambda task: digest(str(seed), "adjudication order", task["data"]["unit_id"]))


def _shown(sources: Sources, found: Sequence[Dispute]) -> list[Row]:
    units = {one.unit_id for one in found}
    by_annotators = shown.of_votes(*(_of(table, units) for table in sources.counted))
    gold, mentions, relations = (_of(table, units) for table in sources.decided)
    return [*by_annotators, *shown.agreed(gold, mentions, relations, found, sources.scheme)]


def _of(table: pa.Table, units: Collection[str]) -> list[Row]:
    rows: list[Row] = table.filter(pc.is_in(table["unit_id"], pa.array(sorted(units), pa.string()))).to_pylist()
    return rows


def _sorted(found: Sequence[Dispute], order: Mapping[str, int], names: Sequence[str]) -> list[Dispute]:
    places = {name: place for place, name in enumerate(names)}

    def key(one: Dispute) -> tuple[Any, ...]:
        spans = [(span.start, span.end) for span in one.spans]
        return order[one.unit_id], places[one.question or ""], RULES.index(one.rule), spans, one.finding or ""

    return sorted(found, key=key)


def _count(every: Sequence[Dispute], pairs: Sequence[tuple[str, str]], order: Sequence[str]) -> dict[str, int]:
    counts = Counter(name for name, _ in set(pairs))
    return {name: counts[name] for name in order if counts[name]} if every else {}
