"""Which answers are in dispute, by which rule, and what the votes were."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from goldwire import tables
from goldwire.errors import GoldwireError, UsageError
from goldwire.labels.interface import RELATION
from goldwire.scheme import Scheme

Row = dict[str, Any]

TIE, SHARE, POSTERIOR, FINDING = "tie", "share", "posterior", "finding"
RULES: Final = (TIE, SHARE, POSTERIOR, FINDING)


@dataclass(frozen=True)
class Rules:
    """What makes a dispute.

    Parameters
    ----------
    tie : bool
        A tie, or nobody who was sure.
    share, posterior : float, optional
        A vote share, or a posterior, below it, above 0 and at most 1; see `least_certain`.
    questions : sequence of str
        Which questions, mention layers and "relation" they are about; none: every question about the unit.
    """

    tie: bool = True
    share: float | None = None
    posterior: float | None = None
    questions: Sequence[str] = ()

    def asks(self, name: str, *, unit: bool) -> bool:
        """Whether a question (`unit`), or a layer or "relation", is looked at."""
        return name in self.questions if self.questions else unit


@dataclass(frozen=True)
class Span:
    """Where in the article's text the disputed words are."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Dispute:
    """Why a unit is in an adjudication round.

    `question` is a question, a mention layer or "relation"; None for a finding about the whole unit. `distribution`
    is that of the votes, as in gold. `spans` are the disputed mention, or both ends of the disputed relation; there
    are none for a finding, which is about all of a layer.
    """

    unit_id: str
    question: str | None
    rule: str
    n_votes: int
    distribution: list[Row]
    finding: str | None = None
    spans: list[Span] = field(default_factory=list)

    def as_dict(self) -> Row:
        """Return it as a line of disputes.jsonl."""
        return asdict(self)

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> "Dispute":
        """Return the dispute of a line of disputes.jsonl."""
        return cls(**{**line, "spans": [Span(**span) for span in line["spans"]]})


def check(rules: Rules, scheme: Scheme) -> None:
    """Raise UsageError for a bound out of range, a question the scheme has not, or a posterior of what is marked.

    Gold has no posterior of a mention or relation that it leaves out, and those are most of what is in dispute.
    """
    for name, bound in ((SHARE, rules.share), (POSTERIOR, rules.posterior)):
        if bound is not None and not 0 < bound <= 1:
            raise UsageError(f"--{name} is above 0 and at most 1, not {bound}")
    known = [*(question.name for question in scheme.questions), *layers_of(scheme)]
    for name in rules.questions:
        if name not in known:
            raise UsageError(
                f'scheme {scheme.name} has no question or layer "{name}"', hint=f"It has: {', '.join(known)}"
            )
    marked = [name for name in rules.questions if name in layers_of(scheme)]
    if rules.posterior is not None and marked:
        raise UsageError(
            f'--posterior is about questions, and "{marked[0]}" is not one',
            hint="Give --tie or --share for mentions and relations.",
        )


def layers_of(scheme: Scheme) -> list[str]:
    """Return what can be marked: the mention layers, and "relation" where there are some."""
    return [layer.name for layer in scheme.mentions] + ([RELATION] if scheme.relations else [])


def of_gold(gold: Sequence[Row], scheme: Scheme, rules: Rules) -> list[Dispute]:
    """Return the disputes about questions.

    Parameters
    ----------
    gold : sequence of dict
        Rows of `gold` of the scheme.

    Raises
    ------
    GoldwireError
        When a posterior is asked for, and no row has one.
    """
    if rules.posterior is not None and gold and not any(row["posterior"] for row in gold):
        raise GoldwireError(
            "--posterior needs a probability of each answer, and the votes were counted by majority",
            hint="Decide with: goldwire labels gold --method dawid-skene; or give --share.",
        )
    several = {q.name for q in scheme.questions if q.type in ("multiple", "tree")}
    found = []
    for row in gold:
        if not rules.asks(row["question"], unit=True):
            continue
        said = row["distribution"] or []
        why = []
        if rules.tie and (row["tied"] or row["decided_by"] == "unresolved"):
            why.append(TIE)
        if below(said, row["n_votes"], rules.share, row["question"] in several):
            why.append(SHARE)
        posterior = row["posterior"] or []
        if posterior and below(posterior, row["n_votes"], rules.posterior, row["question"] in several):
            why.append(POSTERIOR)
        found += [Dispute(row["unit_id"], row["question"], rule, row["n_votes"], said) for rule in why]
    return found


def below(shares: Sequence[Row], votes: int, bound: float | None, several: bool) -> bool:
    """Whether the answer is less certain than the bound; see `least_certain`."""
    return bound is not None and least_certain([one["share"] for one in shares], votes, several) < bound


def least_certain(shares: Sequence[float], votes: int, several: bool) -> float:
    """Return the share of the most given answer, 0 to 1.

    Where several labels may be given, each is an answer, yes or no: it is that of the label about which the
    annotators were most divided. Without a sure vote it is 0.
    """
    if not votes:
        return 0.0
    if several:
        return min((max(share, 1 - share) for share in shares), default=1.0)
    return max(shares, default=0.0)


def of_file(path: Path, known: Mapping[str, Mapping[str, Row]], layers: Collection[str] = ()) -> list[Dispute]:
    """Return the disputes of a check's findings: a table with unit_id, and perhaps question and finding.

    Parameters
    ----------
    known : mapping
        Unit -> question -> row of `gold`.
    layers : collection of str
        What `question` can also be: mention layers and "relation". All that is marked there is in dispute then.

    Raises
    ------
    GoldwireError
        When unit_id is not there, or a unit has no votes, or not to the question.
    """
    table = tables.read(path)
    if not table.num_columns:
        return []  # JSONL of a check that found nothing
    if "unit_id" not in table.column_names:
        raise GoldwireError(
            'there is no column "unit_id"', where=str(path), hint=f"The columns are: {', '.join(table.column_names)}"
        )
    return list(_findings(table.to_pylist(), path, known, layers))


def _findings(
    rows: Iterable[Row], path: Path, known: Mapping[str, Mapping[str, Row]], layers: Collection[str]
) -> Iterator[Dispute]:
    seen: set[tuple[str, str | None, str | None]] = set()
    for number, row in enumerate(rows, start=1):
        unit, question, finding = (_text(row.get(name)) for name in ("unit_id", "question", "finding"))
        if unit is None or unit not in known:
            raise GoldwireError(
                f"unit {unit} has no votes in the rounds" if unit else "there is no unit",
                where=f"{path}: row {number}, unit_id",
                hint="Give units of the scheme and the rounds that are adjudicated, after: goldwire labels gold",
            )
        if question is not None and question not in known[unit] and question not in layers:
            raise GoldwireError(
                f'nobody answered "{question}" of unit {unit}',
                where=f"{path}: row {number}, question",
                hint=f"Answered: {', '.join(known[unit])}",
            )
        if (unit, question, finding) not in seen:
            seen.add((unit, question, finding))
            decided = known[unit].get(question or "", {})
            shares = decided.get("distribution") or []
            yield Dispute(unit, question, FINDING, decided.get("n_votes", 0), shares, finding)


def _text(value: object) -> str | None:
    missing = value is None or value != value  # NaN is how a column without any text is often written
    return None if missing or str(value).strip() == "" else str(value).strip()
