"""Confusion as cells of units: of one label, gold by predicted; of several, each label given, missed or added."""

from collections.abc import Iterator, Sequence

from goldwire.eval.result import Cell
from goldwire.eval.task import Answer, Task

_Place = tuple[str | None, str | None]


def confusion(task: Task, units: Sequence[str], actual: Sequence[Answer], predicted: Sequence[Answer]) -> list[Cell]:
    """Return the cells that are not empty, in scheme order; the units of each are sorted."""
    cells: dict[_Place, list[str]] = {}
    for unit, gold, given in zip(units, actual, predicted, strict=True):
        for place in _several(gold, given) if task.several else [(gold[0], given[0])]:
            cells.setdefault(place, []).append(unit)
    return [
        Cell(actual=place[0], predicted=place[1], units=sorted(cells[place]))
        for place in _places(task)
        if place in cells
    ]


def _several(gold: Answer, given: Answer) -> Iterator[_Place]:
    if not gold and not given:
        yield None, None
    for label in dict.fromkeys([*gold, *given]):
        yield (label if label in gold else None), (label if label in given else None)


def _places(task: Task) -> Iterator[_Place]:
    for label in task.labels:
        if task.several:
            yield from ((label, label), (label, None), (None, label))
        else:
            yield from ((label, other) for other in task.labels)
    yield None, None
