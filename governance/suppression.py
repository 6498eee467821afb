"""Which cells of a published table are hidden, so that none points at a person.

Small counts are hidden, and then as many more as it takes until no hidden count can be
worked out from the sums. A line with one hidden cell gives that cell away; but several
lines together can too. Rows and columns as points, hidden cells as the ways between
them: a cell can be worked out exactly if its way is a bridge (Gusfield, "A graph
theoretic approach to statistical data security", 1988).

Once each line hides two cells or none, a bridge always has a cell that lays a way
around it: both its sides have a row and a column.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

#: No count below this is shown, nor what is left of a sum when it is taken away.
SMALLEST: Final = 10
#: What is shown is rounded to this, so that two tables say nothing about one person.
STEP: Final = 5

Cell = tuple[int, int]
#: A row (0, its number) or a column (1, its number).
Point = tuple[int, int]


def published(counts: Sequence[Sequence[int]]) -> list[list[int | None]]:
    """Return a table with its sums at the end of each line, as it may be shown.

    The last row and the last column are sums, and the last cell is the whole. None
    stands for what is hidden.
    """
    table = with_sums(counts)
    hidden = suppressed(table)
    return [
        [
            None if (row, column) in hidden else STEP * round(count / STEP)
            for column, count in enumerate(line)
        ]
        for row, line in enumerate(table)
    ]


def with_sums(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return a table with the sum of each row and each column, and of all."""
    rows = [[*line, sum(line)] for line in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def suppressed(table: Sequence[Sequence[int]]) -> frozenset[Cell]:
    """Return the cells to hide of a table with its sums.

    No hidden cell follows from what is shown, and no line's hidden cells add up to
    less than two of the smallest counts.
    """
    hidden = {cell for cell in _cells(table) if 0 < _at(table, cell) < SMALLEST}
    while True:
        more = _of_a_line(table, hidden)
        if more is None:
            found = _bridge(hidden)
            if found is None:
                return frozenset(hidden)
            more = _around(table, hidden, found)
        hidden.add(more)


def _cells(table: Sequence[Sequence[int]]) -> Iterator[Cell]:
    return product(range(len(table)), range(len(table[0])))


def _at(table: Sequence[Sequence[int]], cell: Cell) -> int:
    return table[cell[0]][cell[1]]


def _smallest(table: Sequence[Sequence[int]], cells: list[Cell]) -> Cell:
    """Return the cell whose loss says least: the smallest that is not zero, or zero."""

    def loss(cell: Cell) -> tuple[bool, int, Cell]:
        return _at(table, cell) == 0, _at(table, cell), cell

    return min(cells, key=loss)


def _of_a_line(table: Sequence[Sequence[int]], hidden: set[Cell]) -> Cell | None:
    """Return a cell to hide in the first line that hides too little."""
    for line in _lines(table):
        gone = [cell for cell in line if cell in hidden]
        if not gone:
            continue
        if len(gone) > 1 and sum(_at(table, it) for it in gone) >= 2 * SMALLEST:
            continue
        shown = [cell for cell in line if cell not in hidden]
        if shown:
            return _smallest(table, shown)
    return None


def _lines(table: Sequence[Sequence[int]]) -> Iterator[list[Cell]]:
    rows, columns = range(len(table)), range(len(table[0]))
    yield from ([(row, column) for column in columns] for row in rows)
    yield from ([(row, column) for row in rows] for column in columns)


def _bridge(hidden: set[Cell]) -> Cell | None:
    """Return a hidden cell that follows from what is shown."""
    for cell in sorted(hidden):
        if (1, cell[1]) not in _reached(hidden - {cell}, (0, cell[0])):
            return cell
    return None


def _reached(ways: set[Cell], point: Point) -> set[Point]:
    """Return the rows and columns that cells lead to from one, with itself."""
    seen, todo = {point}, [point]
    while todo:
        side, number = todo.pop()
        ends = {(1 - side, way[1 - side]) for way in ways if way[side] == number}
        todo += ends - seen
        seen |= ends
    return seen


def _around(table: Sequence[Sequence[int]], hidden: set[Cell], bridge: Cell) -> Cell:
    """Return the smallest cell that lays a second way around a bridge."""
    ways = hidden - {bridge}
    near, far = _reached(ways, (0, bridge[0])), _reached(ways, (1, bridge[1]))
    joins = [
        cell
        for cell in _cells(table)
        if cell not in hidden
        and any(
            (0, cell[0]) in one and (1, cell[1]) in other
            for one, other in ((near, far), (far, near))
        )
    ]
    return _smallest(table, joins)
