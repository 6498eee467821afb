from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from governance.suppression import (
    SMALLEST,
    STEP,
    published,
    suppressed,
    with_sums,
)

COUNTS = st.integers(1, 4).flatmap(
    lambda wide: st.lists(
        st.lists(st.integers(0, 40), min_size=wide, max_size=wide),
        min_size=1,
        max_size=5,
    )
)


def solved(rows, hidden):
    """Return the hidden cells that the sums settle, by elimination, with no graph.

    Each row and each column is an equation: its cells are its sum.
    """
    names = sorted(hidden)
    lines = [
        *(
            [(row, column) for column in range(len(rows[0]))]
            for row in range(len(rows))
        ),
        *(
            [(row, column) for row in range(len(rows))]
            for column in range(len(rows[0]))
        ),
    ]
    matrix = [
        [Fraction(sign(line, name)) if name in line else Fraction(0) for name in names]
        for line in lines
    ]
    rank = 0
    for at in range(len(names)):
        pivot = next((it for it in range(rank, len(matrix)) if matrix[it][at]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        matrix[rank] = [value / matrix[rank][at] for value in matrix[rank]]
        for other in range(len(matrix)):
            if other != rank and matrix[other][at]:
                times = matrix[other][at]
                matrix[other] = [
                    one - times * two
                    for one, two in zip(matrix[other], matrix[rank], strict=True)
                ]
        rank += 1
    known = [row for row in matrix if sum(1 for value in row if value) == 1]
    return {names[row.index(1)] for row in known}


def both_ways(table):
    """Return the cells of each row, then of each column."""
    rows = [[(row, at) for at in range(len(line))] for row, line in enumerate(table)]
    return [*rows, *map(list, zip(*rows, strict=True))]


def sign(line, name):
    return -1 if name == line[-1] else 1


@given(COUNTS)
def test_no_hidden_count_can_be_worked_out_from_what_is_shown(counts):
    table = with_sums(counts)
    hidden = suppressed(table)

    assert solved(table, hidden) == set()


@given(COUNTS)
def test_no_count_between_none_and_ten_is_shown(counts):
    shown = published(counts)

    table = with_sums(counts)
    for line, whole in zip(shown, table, strict=True):
        for cell, count in zip(line, whole, strict=True):
            assert cell is None or (cell % STEP == 0 and abs(cell - count) <= STEP // 2)
            assert cell is None or count == 0 or count >= SMALLEST


@given(COUNTS)
def test_a_line_hides_nothing_or_more_than_one_small_number(counts):
    table = with_sums(counts)
    hidden = suppressed(table)
    rows = [
        [(row, column) for column in range(len(table[0]))] for row in range(len(table))
    ]

    for line in [*rows, *map(list, zip(*rows, strict=True))]:
        gone = [cell for cell in line if cell in hidden]
        if gone and len(gone) < len(line):
            assert len(gone) > 1
            assert sum(table[row][column] for row, column in gone) >= 2 * SMALLEST


def test_large_numbers_are_shown_with_their_sums():
    assert published([[20, 30], [40, 50]]) == [
        [20, 30, 50], [40, 50, 90], [60, 80, 140],
    ]  # fmt: skip


def test_a_small_number_takes_others_with_it():
    shown = published([[3, 30, 40], [50, 60, 70], [80, 90, 95]])

    assert shown[0][0] is None
    assert sum(cell is None for line in shown for cell in line) >= 4


def test_where_lines_alone_would_give_a_number_away_more_is_hidden():
    table = with_sums([[0, 15, 3], [15, 30, 15], [0, 15, 0], [0, 0, 30]])
    lines = {
        (0, 1), (0, 2), (0, 3), (1, 0), (1, 2), (2, 1), (2, 3), (4, 0), (4, 2),
    }  # fmt: skip

    assert solved(table, lines) == {(0, 2)}
    assert suppressed(table) == lines | {(1, 1)}


def test_one_small_number_alone_hides_all_there_is():
    assert published([[3]]) == [[None, None], [None, None]]


def test_nothing_to_tell_is_told():
    assert published([[0, 0]]) == [[0, 0, 0], [0, 0, 0]]
