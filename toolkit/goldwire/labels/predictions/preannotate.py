"""Pre-annotations: what models say of a round's units becomes the start of the annotators' answers, never twice."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from goldwire import tables
from goldwire.errors import GoldwireError
from goldwire.labels import rounds
from goldwire.labels.predictions.tables import SHOWN, Guess, Table, read_guesses
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client
from goldwire.labels.server import predictions as server
from goldwire.labels.server.bulk import batches
from goldwire.scheme import Scheme
from goldwire.study import Study

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Preannotated:
    """What was done, or with `dry_run` would be done.

    `created`, `unchanged`, `replaced` and `deleted` (second copies) count predictions on the server, where a unit of
    a blind round can have several. `left_out` counts rows: of other schemes, without an answer, or (when asked for)
    of units that the round has not. `missing` names units that have no task on the server (only in a dry run; they
    are counted as created). `model` is the one whose predictions the page starts from.
    """

    created: int
    unchanged: int
    replaced: int
    deleted: int
    left_out: int
    missing: list[str]
    models: list[str]
    model: str | None


@dataclass
class _Plan:
    """For one project: what to import, (id, prediction) to change, ids to delete."""

    create: list[Row] = field(default_factory=list)
    change: list[tuple[int, Row]] = field(default_factory=list)
    delete: list[int] = field(default_factory=list)
    unchanged: int = 0
    refused: list[str] = field(default_factory=list)


def preannotate(
    client: Client,
    round_: Round,
    scheme: Scheme,
    projects: Sequence[int],
    tasks: Sequence[Row],
    predictions: Sequence[Table],
    mentions: Sequence[Table] = (),
    relations: Sequence[Table] = (),
    *,
    model: str | None = None,
    extra: Literal["error", "ignore"] = "error",
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Preannotated:
    """Send predictions to the tasks of a round, and let the labelling page start from those of one model.

    A prediction on the server is the same when its task, model, answers and score are. What is there is left alone;
    what has changed under the same model's name replaces the old, unless an answer began from that, or somebody is at
    work on the task; second copies are removed. An interrupted call is completed by the next one.

    Parameters
    ----------
    client : Client
    round_, scheme : Round, Scheme
    projects : sequence of int
        The round's projects, after its tasks were pushed. None, in a dry run: as if they were there.
    tasks : sequence of mapping
        The round's; see `goldwire.labels.rounds.tasks`.
    predictions, mentions, relations : sequence of Table
        See `goldwire.labels.predictions.tables.read_guesses`.
    model : str, optional
        Of tables without such a column; and, of several models, the one whose predictions the page starts from.
    extra : "error" or "ignore"
        What becomes of predictions for units that the round has not.
    progress : callable, optional
        Told how many predictions were sent so far.

    Raises
    ------
    GoldwireError
        When a prediction does not fit the round or the scheme, one in use would have to change, there are several
        models and none is named (nothing was sent, then); or the server fails or leaves any out.
    """
    guesses, left_out = read_guesses(scheme, tasks, predictions, mentions, relations, model=model, extra=extra)
    return send(client, round_, projects, guesses, left_out, model=model, dry_run=dry_run, progress=progress)


def send(
    client: Client,
    round_: Round,
    projects: Sequence[int],
    guesses: Sequence[Guess],
    left_out: int = 0,
    *,
    model: str | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Preannotated:
    """Send what was read to the tasks of a round; for the rules, parameters and errors see `preannotate`."""
    models = sorted({guess.model for guess in guesses})
    shown = _shown(models, model)
    there = {project: server.tasks_by_unit(client, project) for project in projects}
    missing = sorted(
        {guess.unit_id for guess in guesses if not any(guess.unit_id in units for units in there.values())}
    )
    if missing and not dry_run:
        raise GoldwireError(
            f"{len(missing)} units have no task on the server: {', '.join(missing[:5])}",
            where=f"{client.url}: round {round_.round}",
            hint=f"Push the round first: goldwire labels push {round_.round}",
        )
    plans = {project: _plan(client, project, units, guesses) for project, units in there.items()}
    if refused := [line for plan in plans.values() for line in plan.refused]:
        more = [f"and {len(refused) - SHOWN} more"] if len(refused) > SHOWN else []
        raise GoldwireError(
            "\n".join([f"{len(refused)} predictions have changed that are in use:", *refused[:SHOWN], *more]),
            where=f"{client.url}: round {round_.round}",
            hint="Nothing was sent. Give what the model says now another name, such as --model NAME-2.",
        )
    if not dry_run:
        sent = _Sent(client, progress)
        for project, plan in plans.items():
            sent.send(project, plan)
            if any(guess.unit_id in there[project] for guess in guesses if guess.model == shown):
                _show(client, project, shown)
    lost = set(missing)
    return Preannotated(
        created=sum(len(plan.create) for plan in plans.values()) + sum(guess.unit_id in lost for guess in guesses),
        unchanged=sum(plan.unchanged for plan in plans.values()),
        replaced=sum(len(plan.change) for plan in plans.values()),
        deleted=sum(len(plan.delete) for plan in plans.values()),
        left_out=left_out,
        missing=missing,
        models=models,
        model=shown,
    )


def _shown(models: list[str], model: str | None) -> str | None:
    if len(models) > 1 and model not in models:
        raise GoldwireError(
            f"predictions are of several models: {', '.join(models)}",
            hint="Name the one from which annotators start: --model NAME",
        )
    return model if model in models else next(iter(models), None)


def _plan(client: Client, project: int, units: Mapping[str, int], guesses: Sequence[Guess]) -> _Plan:
    found: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for prediction in server.listing(client, project):
        found[prediction["task"], prediction["model_version"]].append(prediction)
    plan = _Plan()
    unclear: list[tuple[str, Row, list[Row]]] = []
    for guess in guesses:
        if (task := units.get(guess.unit_id)) is None:
            continue
        wanted: Row = {"task": task, "model_version": guess.model, "score": guess.score, "result": guess.result}
        copies = found.get((task, guess.model), [])
        if not copies:
            plan.create.append(wanted)
        elif len(copies) == 1 and _content(copies[0]) == _content(wanted):
            plan.unchanged += 1
        else:
            unclear.append((guess.unit_id, wanted, copies))
    if unclear:
        used = server.in_use(client, project, [wanted["task"] for _, wanted, _ in unclear])
        for unit, wanted, copies in unclear:
            _settle(plan, unit, wanted, copies, used)
    return plan


def _settle(plan: _Plan, unit: str, wanted: Row, copies: Sequence[Row], used: set[int]) -> None:
    """Decide what becomes of predictions of one model for one task, of which there are several or another one."""
    same = [copy for copy in copies if _content(copy) == _content(wanted)]
    same.sort(key=lambda copy: (copy["id"] not in used, copy["id"]))
    others = [copy for copy in copies if copy not in same]
    free = [copy for copy in others if copy["id"] not in used]
    if same:
        plan.unchanged += 1
        plan.delete += [int(copy["id"]) for copy in [*same[1:], *free] if copy["id"] not in used]
    elif len(free) < len(others):
        plan.refused.append(f"{unit}: {wanted['model_version']}")
    else:
        plan.change.append((int(free[0]["id"]), wanted))
        plan.delete += [int(copy["id"]) for copy in free[1:]]


def _content(prediction: Row) -> tuple[Any, Any]:
    return prediction["score"], prediction["result"]


class _Sent:
    """Sends plans, counts what was sent, and makes sure that it arrived."""

    def __init__(self, client: Client, progress: Callable[[int], None] | None) -> None:
        self.client, self.progress, self.count = client, progress, 0

    def send(self, project: int, plan: _Plan) -> None:
        first = 0
        for batch in batches(plan.create):
            try:
                server.create(self.client, project, batch)
            except GoldwireError:
                # Perhaps it arrived, and only the answer did not. It is never sent again before that is known.
                if self._lacking(project, plan.create[first : first + len(batch)]):
                    raise
            first += len(batch)
            self._done(len(batch))
        for number, prediction in plan.change:
            server.change(self.client, number, prediction)
            self._done(1)
        for number in plan.delete:
            server.delete(self.client, number)
        wanted = [*plan.create, *(prediction for _, prediction in plan.change)]
        if wanted and (lacking := self._lacking(project, wanted)):
            tasks = ", ".join(str(prediction["task"]) for prediction in lacking[:5])
            raise GoldwireError(
                f"the server left out {len(lacking)} predictions of {len(wanted)}, such as for task {tasks}",
                where=f"{self.client.url}: project {project}",
                hint="Push again: what is missing is added. If it stays out, see the server's log for the reason.",
            )

    def _lacking(self, project: int, wanted: Sequence[Row]) -> list[Row]:
        """Return what the project has not."""
        there: dict[tuple[int, str], list[Any]] = defaultdict(list)
        for prediction in server.listing(self.client, project):
            there[prediction["task"], prediction["model_version"]].append(_content(prediction))
        return [row for row in wanted if _content(row) not in there[row["task"], row["model_version"]]]

    def _done(self, count: int) -> None:
        self.count += count
        if self.progress:
            self.progress(self.count)


def _show(client: Client, project: int, model: str | None) -> None:
    if model is not None and server.shown(client, project) != model:
        server.show(client, project, model)


def refuse_adjudication(round_: Round) -> None:
    """Raise when a round's page has predictions of its own: the annotators' answers, and what is agreed."""
    if round_.adjudicates:
        raise GoldwireError(
            f"round {round_.round} is an adjudication: its page shows the annotators' answers as predictions, and "
            "begins from what is agreed",
            where=f"labels/rounds/{round_.round}",
            hint="Leave out --predictions, --mentions and --relations; a model's answers would stand in their place.",
        )


def preannotate_round(
    study: Study,
    name: str,
    projects: Sequence[int],
    *,
    client: Client,
    predictions: Sequence[Path] = (),
    mentions: Sequence[Path] = (),
    relations: Sequence[Path] = (),
    model: str | None = None,
    extra: Literal["error", "ignore"] = "error",
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Send predictions from files to the projects of a round; see `preannotate`.

    Returns
    -------
    dict
        The fields of `Preannotated`.
    """
    folder = study.rounds / name
    refuse_adjudication(round_ := rounds.read(folder))
    given = [[Table(path.name, tables.read(path)) for path in paths] for paths in (predictions, mentions, relations)]
    made = preannotate(
        client,
        round_,
        rounds.scheme_of(study, round_),
        projects,
        rounds.tasks(folder),
        *given,
        model=model,
        extra=extra,
        dry_run=dry_run,
        progress=progress,
    )
    return asdict(made)
