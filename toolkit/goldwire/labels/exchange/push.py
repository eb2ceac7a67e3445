"""Push: a round's tasks become a Label Studio project, once, however often it is called.

Of a blind round, each annotator has a project.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from goldwire.errors import GoldwireError
from goldwire.labels.exchange import sending
from goldwire.labels.exchange.pull import refuse_others
from goldwire.labels.exchange.push_plan import Task, There, answerable, make_plan
from goldwire.labels.rounds import Round
from goldwire.labels.server import Client, Project
from goldwire.labels.team.assigned import FIELD, shown

Assigned = Mapping[str, Sequence[str]]
"""Unit -> the pseudonyms of those who are to answer it."""


@dataclass(frozen=True)
class Pushed:
    """What a push did, or with `dry_run` would do.

    `created`, `updated`, `unchanged` and `deleted` count tasks. `kept` names the units whose task should change, or
    go, and stays as it is because somebody answered or began it; `left` those that are not in the round any more and
    stay since nobody asked for them to be deleted. `project` is the first of `projects`, None when a dry run would
    make it.
    """

    project: int | None
    projects: list[int]
    created: int
    updated: int
    unchanged: int
    deleted: int
    kept: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def push(
    client: Client,
    round_: Round,
    tasks: Sequence[Task],
    config: str,
    title: str,
    dry_run: bool = False,
    *,
    delete: bool = False,
    assigned: Assigned | None = None,
    pulled: Collection[int] = (),
    progress: Callable[[int], None] | None = None,
) -> Pushed:
    """Bring the round's project, or projects, to what `tasks` says, and make those that are not there.

    Tasks are recognised by ``data.unit_id``; tasks without one are somebody else's and are left alone. What an
    interrupted push left out is added by the next one. A task that nobody answered is replaced when its data have
    changed, and a second copy that nobody answered is deleted. A unit's probability may change with every larger
    sample, and who is to answer it with every annotator that comes or goes: neither makes it another task.

    Parameters
    ----------
    client : Client
        The server; see `goldwire.labels.server.connect`.
    round_ : Round
        Its mark is left in a project's description; its overlap is how many annotators answer a task.
    tasks : sequence of mapping
        ``data`` and ``meta`` of each; see `goldwire.labels.rounds.tasks`. `annotations` and `predictions` are
        imported with a new task.
    config : str
        The labelling interface, XML.
    title : str
        Of a new project, three characters at least.
    dry_run : bool
        Change nothing on the server.
    delete : bool
        Delete the tasks whose unit is not in the round any more, unless somebody answered them. In a blind round,
        those that were assigned to somebody else go in any case, or two would answer them.
    assigned : mapping, optional
        Needed when the round is blind. Otherwise it stands in ``data.assigned``, where the tabs find it.
    pulled : collection of int
        The projects that the round was pulled from before; a push to others is refused.
    progress : callable, optional
        Told after each batch how many tasks were imported.

    Raises
    ------
    GoldwireError
        When the server fails, the round is not ours or is blind and nobody is assigned, the interface would lose
        labels that answers may have, or a project that was pulled from is not there.
    """
    if round_.project is not None:
        raise GoldwireError(
            f"round {round_.round} is pulled from project {round_.project}, which goldwire did not make",
            where=f"labels/rounds/{round_.round}",
            hint="Nothing is pushed there. To ask on, make a round of your own: goldwire labels tasks",
        )
    found = client.projects(round_.id)
    refuse_others(client, round_, {project.id for project in found.values()}, pulled)
    sent = 0

    def told(count: int) -> None:
        if progress:
            progress(sent + count)

    done = []
    for share in _shares(round_, tasks, assigned or {}, found):
        one = _Project(client, round_, share, found.get(share.annotator), config, title)
        done.append(one.push(dry_run=dry_run, delete=delete, progress=told))
        sent += done[-1].created
    projects = [project for pushed in done for project in pushed.projects]
    return Pushed(
        project=projects[0] if projects else None,
        projects=projects,
        created=sum(pushed.created for pushed in done),
        updated=sum(pushed.updated for pushed in done),
        unchanged=sum(pushed.unchanged for pushed in done),
        deleted=sum(pushed.deleted for pushed in done),
        kept=sorted({unit for pushed in done for unit in pushed.kept}),
        left=sorted({unit for pushed in done for unit in pushed.left}),
    )


@dataclass(frozen=True)
class _Share:
    """What one project is to have. `others` are the round's units that are not in it."""

    annotator: str | None
    tasks: Sequence[Task]
    overlap: int
    others: frozenset[str] = frozenset()


def _shares(
    round_: Round, tasks: Sequence[Task], assigned: Assigned, found: Collection[str | None]
) -> Iterator[_Share]:
    if not assigned and (round_.blind or round_.overlap_share < 1):
        what = "blind" if round_.blind else f"to have {round_.overlap_share:.0%} of its units answered by several"
        raise GoldwireError(
            f"round {round_.round} is {what}, and no annotator is assigned to it",
            where=f"labels/rounds/{round_.round}",
            hint=f"Say who answers: goldwire labels annotators assign {round_.round} --annotator NAME",
        )
    if not round_.blind:
        # a task that has as many answers as the project asks for is handed to nobody else
        overlap = max([round_.overlap, *map(len, assigned.values())])
        yield _Share(None, [_shown_to(task, assigned) for task in tasks] if assigned else tasks, overlap)
        return
    units = {task["data"]["unit_id"] for task in tasks}
    left = sorted({annotator for annotator in found if annotator is not None} - {*round_.annotators})
    for annotator in [*round_.annotators, *left]:  # who left keeps what they answered, and nothing else
        mine = [task for task in tasks if annotator in assigned.get(task["data"]["unit_id"], ())]
        yield _Share(annotator, mine, 1, frozenset(units - {task["data"]["unit_id"] for task in mine}))


def _shown_to(task: Task, assigned: Assigned) -> Task:
    who = shown(assigned.get(task["data"]["unit_id"], ()))
    return {**task, "data": {**task["data"], FIELD: who}}


class _Project:
    """One project of a round, which may not be there yet."""

    def __init__(
        self, client: Client, round_: Round, share: _Share, found: Project | None, config: str, title: str
    ) -> None:
        self._client, self._round, self._share, self._found = client, round_, share, found
        self._config = config
        self._title = title if share.annotator is None else f"{title} ({share.annotator})"

    def push(self, *, dry_run: bool, delete: bool, progress: Callable[[int], None]) -> Pushed:
        there = sending.there(self._client, self._found.id) if self._found else []
        plan = make_plan(self._share.tasks, there, delete=delete, moved=self._share.others)
        outdated = self._found is not None and self._outdated(self._found, there)
        if not dry_run:
            project = self._found or self._made()
            if outdated:
                self._client.update_project(project.id, config=self._config, maximum_annotations=self._share.overlap)
            self._found = project
            before = max((task.id for task in there), default=0)
            sending.send(self._client, project.id, plan, before, progress)
        return Pushed(
            project=None,
            projects=[self._found.id] if self._found else [],
            created=len(plan.create),
            updated=len(plan.update) + len(plan.reassign),
            unchanged=plan.unchanged,
            deleted=len(plan.delete),
            kept=plan.kept,
            left=plan.left,
        )

    def _made(self) -> Project:
        description = (
            f"{self._title}\n\n{self._round.marker(self._share.annotator)} (goldwire finds the project by this mark)"
        )
        return sending.made(
            lambda: self._client.create_project(self._title, self._config, description, self._share.overlap),
            lambda: self._client.projects(self._round.id).get(self._share.annotator),
        )

    def _outdated(self, project: Project, there: Sequence[There]) -> bool:
        """Whether the project must change; an error when answers could be orphaned by that."""
        same = project.config.strip() == self._config.strip()  # the server keeps no blanks at its ends
        same = same and project.maximum_annotations == self._share.overlap
        lost = sorted(answerable(project.config) - answerable(self._config))
        if not same and lost and any(task.answered for task in there):
            raise GoldwireError(
                f"the scheme has changed, and answers may have what it lost: {', '.join(lost[:5])}",
                where=f"{self._client.url}: project {project.id}",
                hint="Say what becomes of them: goldwire labels migrate ROUND",
            )
        return not same
