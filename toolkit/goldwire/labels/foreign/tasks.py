"""The tasks of a project that goldwire did not make, read from its parts as those of goldwire's own are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from goldwire.labels import rounds
from goldwire.labels.fold import typed
from goldwire.labels.foreign import mapping as foreigns
from goldwire.labels.foreign.answers import CONVERTED, Item, prepared
from goldwire.labels.foreign.mapping import Foreign, mapped, tasks_to_units, unit_of
from goldwire.labels.interface import Control, controls
from goldwire.labels.parts.lines import decode
from goldwire.labels.rounds import Round
from goldwire.scheme import Scheme
from goldwire.study import Study


@dataclass
class ForeignTasks:
    """Gives tasks their unit, and their answers the form and the names that goldwire's own page sends.

    `controls` are those of the project, `own` those that a page of goldwire's would have; `remarks` says what was
    left out of an annotation, by its id (``draft-7`` for a draft), as the tables name it.
    """

    foreign: Foreign
    controls: dict[str, Control]
    own: dict[str, Control]
    units: dict[int, str]
    article_of: dict[str, str]
    articles: Mapping[str, str]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    _converted: set[int] = field(default_factory=set)

    def task(self, line: bytes) -> typed.Task:
        """Read a line of a part, as `goldwire.labels.fold.typed.task` does."""
        return typed.of(self.prepare(decode(line)))

    def prepare(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """Return a task of a part with ``data.unit_id``, and each result as goldwire's own page would have sent it.

        A task that has no unit keeps its answers as they are.
        """
        unit = unit_of(task, self.units) if self.units else None
        made = {**task, "data": {"unit_id": unit}}
        if unit is None:
            return made
        text = self.articles.get(self.article_of[unit], "")
        for kind, begin in (("annotations", ""), ("drafts", "draft-")):
            if kind in task:
                made[kind] = [self._answer(answer, begin, text) for answer in task[kind]]
        return made

    def notes(self) -> list[str]:
        """Return what is to be said once of all that was read."""
        if not self._converted:
            return []
        return [f"{CONVERTED} ({len(self._converted)} annotations, the first {min(self._converted)})"]

    def _answer(self, answer: Mapping[str, Any], begin: str, text: str) -> dict[str, Any]:
        found = prepared(answer.get("result") or [], text, self.foreign, self.controls)
        if found.converted:
            self._converted.add(int(answer["id"]))
        if found.remarks:
            self.remarks[f"{begin}{answer['id']}"] = found.remarks
        return {**answer, "result": self._named(found.items)}

    def _named(self, items: Sequence[Item]) -> list[Item]:
        at: dict[str, list[str]] = defaultdict(list)  # region -> labels
        for item in items:
            if item.get("type") == "labels" and item.get("from_name") in self.controls:
                at[str(item["id"])] += item["value"]["labels"]
        return [item if "from_name" not in item else self._renamed(item, at[str(item.get("id"))]) for item in items]

    def _renamed(self, item: Item, labels: Sequence[str]) -> Item:
        name = str(item["from_name"])
        control = self.controls.get(name)
        if control is None:  # somebody else's: it must not be taken for one of ours that has its name
            return {**item, "from_name": f"{name} (of the project)"} if name in self.own else item
        for own, asked in self.own.items():
            if (asked.kind, asked.name) == (control.kind, control.name) and (
                control.kind not in ("attribute", "author")
                or any(label in asked.spans and label in control.spans for label in labels)
            ):
                return {**item, "from_name": own}
        return item


def of_round(study: Study, round_: Round, scheme: Scheme, articles: Mapping[str, str]) -> ForeignTasks | None:
    """Return the reader of an adopted round's tasks; None for a round of goldwire's own, which needs none.

    Parameters
    ----------
    articles : mapping
        article_id to text.
    """
    folder = study.rounds / round_.round
    foreign = foreigns.read(folder)
    if foreign is None:
        return None
    lines = rounds.tasks(folder)
    article_of = {line["data"]["unit_id"]: line["meta"]["article_id"] for line in lines}
    mapped_ = mapped(foreign, scheme, str(folder / foreigns.FILE))
    return ForeignTasks(foreign, mapped_, controls(scheme), tasks_to_units(lines), article_of, articles)
