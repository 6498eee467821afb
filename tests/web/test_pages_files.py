import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.support.pictures import PDF, PLACE, bomb, huge, photo
from tests.web.conftest import STORY
from tests.web.reader import HERE
from web.guards.headers import SANDBOX


def form(reader, action):
    return next(one for one in reader.forms if one.action == action)


def send(reader, action, *brought, status=200, **typed):
    """Fill in a form with files, as a browser does."""
    fields = {**form(reader, action).values, **typed}
    fields["files"] = [(BytesIO(raw), name, kind) for raw, name, kind in brought]
    return reader.post(action, status, **fields)


LETTER = (PDF, "letter.pdf", "application/pdf")
WALL = (photo(), "wall.jpg", "image/jpeg")


def addresses(reader):
    found = re.findall(r'href="(/cases/[^"]+/files/[^"]+)"', reader.html)
    return list(dict.fromkeys(found))


def fetch(reader, path, status=200):
    page = reader.client.get(path, base_url=HERE)
    assert page.status_code == status
    return page


def to_the_end(reader):
    reader.send("/tell/2", area="none")
    reader.send("/tell/3", reach="words")
    reader.send("/tell/4", audience="assigned")


def test_what_is_told_brings_pictures_and_papers(guest):
    guest.open("/tell/1")
    send(guest, "/tell/1", LETTER, WALL, text=STORY)
    to_the_end(guest)
    assert "letter.pdf, wall.jpg" in guest.text
    guest.send("/tell/5")

    reference = re.search(r"[A-Z]{2}-[0-9A-Z]{7}", guest.text)[0]
    guest.open(f"/cases/{reference}")

    assert "letter.pdf PDF · 1 KB" in guest.text
    paper, picture = addresses(guest)
    assert fetch(guest, paper).data == PDF
    assert PLACE not in fetch(guest, picture).data


def test_files_wait_while_the_other_steps_are_filled_in_and_can_be_left_out(guest):
    guest.open("/tell/1")
    send(guest, "/tell/1", LETTER, WALL, text=STORY)
    guest.open("/tell/1")
    assert "Leave out letter.pdf" in guest.text
    first = re.search(r'name="drop" type="checkbox" value="([^"]+)"', guest.html)[1]

    send(guest, "/tell/1", text=STORY, drop=first)
    to_the_end(guest)

    assert "wall.jpg" in guest.text
    assert "letter.pdf" not in guest.text


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ((bomb(), "letter.docx", ""), "We keep pictures, PDF and plain text"),
        ((huge(10_000, 5_000), "wall.png", "image/png"), "Send it smaller"),
        ((photo(), "letter.pdf", "application/pdf"), "something else than its name"),
        ((b"", "empty.txt", "text/plain"), "One of the files is empty"),
        ((photo()[:300], "wall.jpg", "image/jpeg"), "cannot be read"),
    ],
)
def test_a_file_that_is_not_kept_is_named_and_no_word_is_lost(house, guest, bad, said):
    guest.open("/tell/1")
    send(guest, "/tell/1", LETTER, bad, status=422, text=STORY)

    assert said in guest.text
    assert STORY in guest.html
    assert not list((house.node.settings.data / "files").rglob("*.sealed"))


def test_member_and_advocate_send_each_other_files(house):
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}")
    send(cleo, f"/desk/cases/{reference}/reply", LETTER, reply="Please sign this.")
    guest.open(f"/cases/{reference}")
    assert "added a file" in guest.text
    send(guest, f"/cases/{reference}/messages", WALL, write="Here is the wall.")

    cleo.open(f"/desk/cases/{reference}")
    assert len(addresses(cleo)) == len(addresses(guest)) == 2
    assert 'loading="lazy"' in cleo.html


@pytest.mark.parametrize("side", ["member", "desk"])
def test_a_file_that_is_refused_leaves_the_words_in_their_field(house, side):
    guest, cleo, reference = house.taken()
    reader, page, action, name = {
        "member": (guest, f"/cases/{reference}", "messages", "write"),
        "desk": (cleo, f"/desk/cases/{reference}", "reply", "reply"),
    }[side]
    reader.open(page)
    bad = (bomb(), "all.zip", "application/zip")

    send(reader, f"{page}/{action}", bad, status=422, **{name: "Look at this."})

    assert "We keep pictures, PDF and plain text" in reader.text
    assert "Look at this." in form(reader, f"{page}/{action}").values[name]


def test_a_file_is_handed_over_so_that_nothing_in_it_runs(house):
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}")
    evil = (b"<script>alert(1)</script>", "a\u202eb;c.txt", "text/plain")
    send(guest, f"/cases/{reference}/messages", LETTER, WALL, evil, write="See.")
    cleo.open(f"/desk/cases/{reference}")

    for path, how in zip(
        addresses(cleo), ("attachment", "inline", "attachment"), strict=True
    ):
        page = fetch(cleo, path)
        assert page.headers["Content-Disposition"].startswith(f"{how}; filename=")
        assert page.headers["Content-Security-Policy"] == SANDBOX
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Cache-Control"] == "private, no-store"
    assert page.content_type == "text/plain; charset=utf-8"
    assert page.headers["Content-Disposition"].endswith("filename*=UTF-8''ab%3Bc.txt")


@pytest.mark.parametrize("short", [True, False])
def test_who_may_not_see_the_case_gets_the_answer_of_a_missing_file(house, short):
    guest, _, reference = house.taken()
    guest.open(f"/cases/{reference}")
    send(guest, f"/cases/{reference}/messages", LETTER, write="See this.")
    path = addresses(guest)[0]
    start = "/files/" if short else f"/cases/{reference}/files/"
    path = start + path.rpartition("/")[2]
    missing = f"{start}00000000-0000-4000-8000-000000000000"

    for reader in (house.member("ada@ash.example"), house.member("ben@ash.example")):
        answers = [as_sent(fetch(reader, one, 404), one) for one in (path, missing)]
        assert answers[0] == answers[1]


def test_all_files_of_ones_cases_come_as_one_archive_and_no_others(house):
    ada, ben = house.member("ada@ash.example"), house.member("ben@ash.example")
    for reader in (ada, ada, ben):
        reader.open("/tell/1")
        brought = (LETTER, LETTER) if reader is ada else (WALL,)
        send(reader, "/tell/1", *brought, text=STORY)
        reader_ends(reader)

    ada.open("/me/data")
    assert "/me/data/files" in ada.links
    page = fetch(ada, "/me/data/files")
    with ZipFile(BytesIO(page.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        read = {archive.read(it) for it in names}

    assert page.headers["Content-Disposition"].startswith("attachment")
    assert read == {PDF}
    assert len({it.split("/")[0] for it in names}) == 2
    assert [it.split("/")[1] for it in names] == [
        "001 letter.pdf",
        "002 letter.pdf",
    ] * 2


def test_a_file_that_the_store_lost_is_named_and_the_others_come(house):
    ada = house.member("ada@ash.example")
    ada.open("/tell/1")
    send(ada, "/tell/1", LETTER, WALL, text=STORY)
    reader_ends(ada)
    sealed = sorted((house.node.settings.data / "files").rglob("*.sealed"))
    sealed[0].unlink()

    with ZipFile(BytesIO(fetch(ada, "/me/data/files").data)) as archive:
        names = archive.namelist()
        (lost,) = [it for it in names if it.endswith(".lost.txt")]
        assert b"cannot be read any more" in archive.read(lost)
    assert len(names) == 2


def reader_ends(reader):
    reader.send("/tell/2", area="none")
    reader.send("/tell/4", audience="assigned")
    reader.send("/tell/5")


def test_somebody_without_files_gets_an_archive_with_nothing_in_it(house):
    ada = house.member("ada@ash.example")

    with ZipFile(BytesIO(fetch(ada, "/me/data/files").data)) as archive:
        assert archive.namelist() == []


def as_sent(page, path):
    """Return an answer without what stands in every one of them anew."""
    told = page.headers["X-Request-Id"][:8]
    text = page.text.replace(told, "").replace(path, "")
    return re.sub(r'name="(csrf|form_token)" value="[^"]*"', "", text)


def test_a_file_opens_under_its_own_case_only_and_for_nobody_else(house):
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}")
    send(guest, f"/cases/{reference}/messages", LETTER, write="See this.")
    path = addresses(guest)[0]
    file_id = path.rpartition("/")[2]

    assert fetch(cleo, f"/files/{file_id}").data == PDF
    assert fetch(guest, path).data == PDF
    fetch(cleo, f"/cases/AM-0000000/files/{file_id}", 404)
    stranger = house.reader()
    stranger.open(path)
    assert stranger.path.startswith("/sign-in")


def test_more_than_fits_is_refused_before_it_is_read(house):
    guest, _, reference = house.taken()
    page = guest.client.post(
        f"/cases/{reference}/messages",
        base_url=HERE,
        data=b"a" * 28_000_000,
        content_type="multipart/form-data; boundary=a",
        headers={"Origin": HERE},
    )

    assert page.status_code == 413


def test_a_browser_that_sends_an_empty_control_sends_no_file(house):
    guest, _, reference = house.taken()
    guest.open(f"/cases/{reference}")
    action = f"/cases/{reference}/messages"

    send(guest, action, (b"", "", "application/octet-stream"), write="Only words.")

    assert "Only words." in guest.text
    assert addresses(guest) == []
