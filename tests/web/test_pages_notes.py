from tests.web.test_pages_files import form

CANARY = "canary: she sounded afraid"


def desk(house):
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")
    return guest, cleo, f"/desk/cases/{reference}"


def test_a_note_stands_on_the_desk_and_on_no_page_of_the_member(house):
    guest, cleo, page = desk(house)
    assert "The member does not see it" in cleo.text

    cleo.send(f"{page}/notes", note=CANARY, kind="working")

    assert "The note is kept." in cleo.text
    assert CANARY in cleo.text
    assert CANARY not in guest.open(page.removeprefix("/desk"))


def test_the_form_says_who_reads_a_note_and_asks_why_it_is_sealed(house):
    _, cleo, page = desk(house)
    assert "Whoever works on the case, and the coordinator" in cleo.text

    cleo.send(f"{page}/notes", 422, note=CANARY, kind="sealed")
    assert "Say why nobody else shall read this note" in cleo.text
    assert form(cleo, f"{page}/notes").values["note"] == CANARY
    cleo.send(f"{page}/notes", note=CANARY, kind="sealed", note_reason="Her neighbour.")

    assert "sealed: Her neighbour." in cleo.text


def test_an_empty_note_is_refused_beside_its_field(house):
    _, cleo, page = desk(house)

    cleo.send(f"{page}/notes", 422, note=" ", kind="working")

    assert "Write something first" in cleo.text


def draft(reader, page, text, status=200, **typed):
    values = form(reader, f"{page}/reply").values
    values.pop("files", None)
    fields = {**values, "reply": text, **typed}
    return reader.post(f"{page}/draft", status, **fields)


def test_a_draft_waits_in_the_field_until_it_is_sent(house):
    guest, cleo, page = desk(house)

    draft(cleo, page, "Dear Ann,")
    assert form(cleo, f"{page}/reply").values["reply"] == "Dear Ann,"
    assert "Dear Ann," not in guest.open(page.removeprefix("/desk"))
    draft(cleo, page, "Dear Ann, it is done.")
    cleo.send(f"{page}/reply")

    assert form(cleo, f"{page}/reply").values["reply"] == ""
    assert "Dear Ann, it is done." in guest.open(page.removeprefix("/desk"))


def test_an_old_page_changes_nothing_and_loses_no_word(house):
    _, cleo, page = desk(house)
    draft(cleo, page, "First.")
    draft(cleo, page, "Second.")

    draft(cleo, page, "From an old tab.", 409, version="1")

    assert "Somebody changed this reply meanwhile" in cleo.text
    assert "From an old tab." in cleo.text
    cleo.open(page)
    assert form(cleo, f"{page}/reply").values["reply"] == "Second."


def test_an_empty_draft_is_refused(house):
    _, cleo, page = desk(house)

    draft(cleo, page, " ", 422)

    assert "Write something first" in cleo.text
