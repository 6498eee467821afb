from tests.house.capabilities import DOCUMENT, document, marks, table
from tests.house.reading import text


def test_there_are_132_rows_and_26_that_others_were_asked_for():
    assert len(table()) == 132 + 26


def test_every_mark_names_a_row():
    assert marks().keys() <= table().keys()


def test_the_document_says_what_the_marks_say():
    assert text(DOCUMENT) == document(marks()), "run `make capabilities`"


def test_a_row_without_a_test_is_open():
    assert "0 of 158 rows are held" in document({})
    assert "| held |" not in document({})
