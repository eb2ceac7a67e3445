"""The baselines by name: those of this folder, and those that installed packages bring.

A package brings a baseline by an entry point of the group ``goldwire.baselines``. It names a `Baseline`, and has the
name of that baseline::

    [project.entry-points."goldwire.baselines"]
    mine = "my_package.my_module:BASELINE"

It is loaded when its name is asked for and not before, so that a package that is broken troubles nobody who does not
name it. `listed` tries them all.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from goldwire.errors import GoldwireError
from goldwire.eval.baselines.base import Baseline
from goldwire.eval.task import Task

GROUP = "goldwire.baselines"
_MODULES = (
    "majority",
    "stratified",
    "keywords",
    "keyword_counts",
    "keyword_trees",
    "tfidf_logreg",
    "tfidf_svm",
    "tfidf_nb",
    "per_target",
    "lead",
    "sentences",
    "one_vs_rest",
    "hierarchical",
    "pair_hgb",
    "two_step",
    "embeddings",
    "combined",
    "llm",
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")  # it becomes part of the names of files
_HINT = "Mend or remove the package. All baselines, and which are broken: goldwire eval baselines"


class Known(Mapping[str, Baseline]):
    """All baselines by name: ours in a fixed order, then those of other packages by name, which are loaded when
    they are looked up.

    Looking up raises GoldwireError when the entry point cannot be loaded, when it is no `Baseline`, has another name
    or one that cannot be a file's, when two packages bring one of that name, or a probe of it is not there.
    """

    def __init__(self, ours: Sequence[Baseline], points: Sequence[EntryPoint]) -> None:
        self._loaded = {one.name: one for one in ours}
        self.ours = frozenset(self._loaded)
        self.points = sorted(points, key=lambda point: (point.name, point.value, package_of(point) or ""))
        self._names = list(dict.fromkeys([*self._loaded, *(point.name for point in self.points)]))

    def __getitem__(self, name: str) -> Baseline:
        if name not in self._loaded:
            points = [point for point in self.points if point.name == name]
            if not points:
                raise KeyError(name)
            if len(points) > 1:
                raise _broken(points[1], f'there is a baseline "{name}" already, of {_where(points[0])}')
            self._loaded[name] = self.load(points[0])
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def load(self, point: EntryPoint) -> Baseline:
        """Return the baseline of an entry point.

        Raises
        ------
        GoldwireError
            When it cannot be used.
        """
        if point.name in self.ours:
            raise _broken(point, f'there is a baseline "{point.name}" already')
        if not _NAME.fullmatch(point.name):
            raise _broken(point, f'"{point.name}" is no name of a baseline: letters, digits, - and _')
        try:
            one = point.load()
        except (Exception, SystemExit) as error:
            raise _broken(point, f"the baseline cannot be loaded: {type(error).__name__}: {error}") from error
        if not isinstance(one, Baseline):
            raise _broken(point, "is no goldwire.eval.baselines.base.Baseline")
        if one.name != point.name:
            raise _broken(point, f'its baseline is called "{one.name}"; the two names must be the same')
        if lost := [probe for probe in one.probes if probe not in self]:
            raise _broken(point, f'the baseline has a probe "{lost[0]}", and there is none of that name')
        return one


@dataclass(frozen=True)
class Entry:
    """A baseline as it is listed.

    Attributes
    ----------
    baseline : Baseline or None
        None when it is broken.
    package : str or None
        The installed package that brings it; None when its metadata do not say.
    broken : str or None
        Why it cannot be used.
    """

    name: str
    baseline: Baseline | None
    package: str | None
    broken: str | None = None


@cache
def known() -> Known:
    """Return all baselines by name; see `Known`."""
    ours = [one for stem in _MODULES for one in import_module(f"goldwire.eval.baselines.{stem}").BASELINES]
    return Known(ours, list(entry_points(group=GROUP)))


def listed() -> list[Entry]:
    """Return all baselines in the order of `known`, each loaded, and those that are broken with the reason."""
    there = known()
    points: dict[str, list[EntryPoint]] = {}
    for point in there.points:
        points.setdefault(point.name, []).append(point)
    found = [Entry(name, there[name], "goldwire") for name in there if name in there.ours]
    for name, same in points.items():
        for point in same:
            try:
                one = (
                    there.load(point) if name in there.ours else there[name]
                )  # ours, or two of a name: neither is it
                found.append(Entry(name, one, package_of(point)))
            except GoldwireError as error:
                found.append(Entry(name, None, package_of(point), str(error)))
    return found


def chosen(names: Sequence[str], task: Task, *, has_targets: bool) -> dict[str, Baseline]:
    """Return the baselines of these names and their probes, those that apply to the question, in order.

    Raises
    ------
    GoldwireError
        When there is no baseline of a name, or it is broken.
    """
    baselines = known()
    if unknown := [name for name in names if name not in baselines]:
        raise GoldwireError(
            f'there is no baseline "{unknown[0]}"',
            where="params.yaml: eval.baselines",
            hint=f"There are: {', '.join(baselines)}",
        )
    probes = [probe for name in names for probe in baselines[name].probes]
    wanted = {name: baselines[name] for name in dict.fromkeys([*names, *probes])}
    return {name: one for name, one in wanted.items() if one.applies(task, has_targets=has_targets)}


def package_of(point: EntryPoint) -> str | None:
    """Return the name of the package whose entry point this is."""
    return point.dist.name if point.dist else None


def _where(point: EntryPoint) -> str:
    return f"entry point {point.name} = {point.value}"


def _broken(point: EntryPoint, message: str) -> GoldwireError:
    return GoldwireError(message, where=_where(point), hint=_HINT)
