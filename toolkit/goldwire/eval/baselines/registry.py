"""The baselines by name: those of this folder, and those that installed packages bring.

A package brings a baseline by an entry point of the group ``goldwire.baselines`` that names a `Baseline`::

    [project.entry-points."goldwire.baselines"]
    mine = "my_package.my_module:BASELINE"
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

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


@cache
def known() -> dict[str, Baseline]:
    """Return all baselines by name: ours in a fixed order, then those of other packages by name.

    Raises
    ------
    GoldwireError
        When an entry point cannot be loaded, is no `Baseline`, has a name that cannot be a file's or that of one
        that is there, or a probe that is not.
    """
    found = {one.name: one for stem in _MODULES for one in import_module(f"goldwire.eval.baselines.{stem}").BASELINES}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        where = f"entry point {point.name} = {point.value}"
        try:
            one = point.load()
        except Exception as error:
            raise GoldwireError(f"the baseline cannot be loaded: {error}", where=where) from error
        if not isinstance(one, Baseline):
            raise GoldwireError("is no goldwire.eval.baselines.base.Baseline", where=where)
        if one.name in found:
            raise GoldwireError(f'there is a baseline "{one.name}" already', where=where)
        if not _NAME.fullmatch(one.name):
            raise GoldwireError(f'"{one.name}" is no name of a baseline: letters, digits, - and _', where=where)
        found[one.name] = one
    for one in found.values():
        if lost := [probe for probe in one.probes if probe not in found]:
            raise GoldwireError(f'baseline "{one.name}" has a probe "{lost[0]}", and there is none of that name')
    return found


def chosen(names: Sequence[str], task: Task, *, has_targets: bool) -> dict[str, Baseline]:
    """Return the baselines of these names and their probes, those that apply to the question, in order.

    Raises
    ------
    GoldwireError
        When there is no baseline of a name.
    """
    baselines = known()
    if unknown := [name for name in names if name not in baselines]:
        raise GoldwireError(
            f'there is no baseline "{unknown[0]}"',
            where="params.yaml: eval.baselines",
            hint=f"There are: {', '.join(baselines)}",
        )
    probes = [probe for name in names for probe in baselines[name].probes]
    listed = {name: baselines[name] for name in dict.fromkeys([*names, *probes])}
    return {name: one for name, one in listed.items() if one.applies(task, has_targets=has_targets)}
