"""The confusions of a model, as a table whose numbers open to articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from goldwire.eval.examples import PER_CELL
from goldwire.eval.result import Cell, Example, ModelResult, Result


@dataclass(frozen=True)
class MatrixCell:
    """A number of the table; `share` is of the units with its gold label, `said` is it in words."""

    n: int
    share: float
    right: bool
    anchor: str | None
    said: str


@dataclass(frozen=True)
class Matrix:
    """Rows of gold labels: each with its units and its cells, in the order of `columns`."""

    columns: list[str]
    rows: list[tuple[str, int, list[MatrixCell]]]


@dataclass(frozen=True)
class Opened:
    """What a cell opens to: the first examples, and how many more there are."""

    anchor: str
    cell: Cell
    name: str
    examples: list[tuple[str, Example]]
    more: int


GIVEN, MISSED, ADDED = "given", "missed", "added"
NO_LABEL = "no label"
"""Units to which gold and the model alike give none of several labels."""


def matrix(result: Result, model: ModelResult, anchors: dict[int, str]) -> Matrix:
    """Return the table of a model; `anchors` has where a cell opens, by its place in the confusion."""
    return _several(result, model, anchors) if several(result) else _one(result, model, anchors)


def several(result: Result) -> bool:
    """Whether an answer can have several labels, so that cells are about one of them."""
    return result.type in ("multiple", "tree")


def opened(result: Result, anchor: str) -> list[Opened]:
    """Return the cells of the best model that have examples, errors first, each kind by size."""
    found = []
    for at, cell in enumerate(result.best.confusion):
        shown = [(unit, result.examples[unit]) for unit in cell.units if unit in result.examples][:PER_CELL]
        if shown:
            found.append(Opened(f"{anchor}-c{at}", cell, name(cell), shown, len(cell.units) - len(shown)))
    return sorted(found, key=lambda one: (one.cell.right, -len(one.cell.units)))


def anchors(opened_cells: Sequence[Opened], model: ModelResult) -> dict[int, str]:
    """Return where each cell opens, by its place in the confusion."""
    by_cell = {(one.cell.actual, one.cell.predicted): one.anchor for one in opened_cells}
    return {
        at: by_cell[cell.actual, cell.predicted]
        for at, cell in enumerate(model.confusion)
        if (cell.actual, cell.predicted) in by_cell
    }


def name(cell: Cell) -> str:
    """Say what a cell is about."""
    if cell.actual is None and cell.predicted is None:
        return NO_LABEL
    if cell.predicted is None:
        return f"{cell.actual} missed"
    if cell.actual is None:
        return f"{cell.predicted} added"
    return cell.actual if cell.right else f"{cell.actual} predicted as {cell.predicted}"


def _one(result: Result, model: ModelResult, anchors: dict[int, str]) -> Matrix:
    cells = {(cell.actual, cell.predicted): (at, len(cell.units)) for at, cell in enumerate(model.confusion)}
    # Labels that have support or were predicted, in scheme order: the others would be empty columns.
    used = {label for pair in cells for label in pair}
    columns = [label.name for label in result.labels if label.name in used]
    rows = []
    for label in result.labels:
        support = sum(n for (actual, _), (_, n) in cells.items() if actual == label.name)
        if not support:
            continue
        row = []
        for column in columns:
            at, n = cells.get((label.name, column), (-1, 0))
            right = column == label.name
            said = label.name if right else f"{label.name} predicted as {column}"
            row.append(MatrixCell(n, n / support, right, anchors.get(at), said))
        rows.append((label.name, support, row))
    return Matrix(columns, rows)


def _several(result: Result, model: ModelResult, anchors: dict[int, str]) -> Matrix:
    cells = {(cell.actual, cell.predicted): (at, len(cell.units)) for at, cell in enumerate(model.confusion)}
    rows = []
    for label in result.labels:
        pairs = {GIVEN: (label.name, label.name), MISSED: (label.name, None), ADDED: (None, label.name)}
        found = {kind: cells.get(pair, (-1, 0)) for kind, pair in pairs.items()}
        support = found[GIVEN][1] + found[MISSED][1]
        whole = support + found[ADDED][1]
        if not whole:
            continue
        row = [
            MatrixCell(n, n / whole, kind == GIVEN, anchors.get(at), f"{label.name} {kind}")
            for kind, (at, n) in found.items()
        ]
        rows.append((label.name, support, row))
    if (None, None) in cells:
        at, n = cells[None, None]
        nothing = MatrixCell(0, 0.0, False, None, "")
        rows.append((NO_LABEL, n, [MatrixCell(n, 1.0, True, anchors.get(at), NO_LABEL), nothing, nothing]))
    return Matrix([GIVEN, MISSED, ADDED], rows)
