from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select

from governance.cases import Act, State
from governance.errors import (
    FileDamaged,
    FileKind,
    FileLies,
    FilePixels,
    FileTooMany,
    NotFound,
    NotYours,
    WordsMissing,
    WrongState,
)
from governance.files import Media
from ledger import entry
from ledger.encoding import b64u
from node import (
    attachments,
    cases,
    files,
    submissions,
    threads,
    tidying,
    vault,
)
from node.accounts import GUEST
from node.erasing import Level
from node.errors import Unready
from node.files import sealing, store
from node.log.chains import disclosure_place
from node.models.files import Attachment
from node.models.log import LedgerDisclosure
from node.models.vault import ContentKey
from node.threads import Words
from tests.support.cast import told
from tests.support.erased import erase, left, settle, stores, wish
from tests.support.members import Statements
from tests.support.pictures import PDF, PLACE, bomb, drawing, huge, photo, upload


@pytest.fixture
def made(moot):
    made = moot.tell(contact="ada@mailbox.example")
    moot.bring(made, State.WORKING)
    return made


def write(moot, made, *uploads, by=None, text="See this."):
    words = Words(uuid4(), text, files=uploads)
    by = by or moot.guest(made)
    say = threads.write if by.case_id else threads.reply
    return say(moot.node, made.reference, words, by=by)


def shown(moot, made, by=None):
    view = cases.view(moot.node, made.reference, by=by or moot.guest(made))
    return [one for one in view.timeline if one.kind == "file"]


def opened(moot, file_id, by):
    return attachments.opened(moot.node, file_id, by=by)


def sealed_files(node):
    folder = node.settings.data / "files"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def rows(node, model):
    with node.read() as tx:
        return tx.scalar(select(func.count()).select_from(model))


@pytest.mark.capability("2.2")
def test_a_file_stands_in_the_thread_behind_the_words_it_came_with(moot, made):
    write(moot, made, upload(), upload(b"A note.", "note.txt"))

    pdf, note = shown(moot, made)
    assert [pdf.file.name, note.file.name] == ["letter.pdf", "note.txt"]
    assert (pdf.who, shown(moot, made, moot["cleo"])[0].who) == ("you", "member")
    assert moot.kinds(made)[-3:] == ["reply", "attach", "attach"]
    assert opened(moot, pdf.file.id, moot.guest(made)).raw == PDF
    assert opened(moot, note.file.id, moot["cleo"]).raw == b"A note."


def test_the_entry_of_a_file_says_how_long_it_is_and_its_hash(moot, made):
    write(moot, made, upload())
    seq = shown(moot, made)[0].seq
    moot.entries(made)

    with moot.node.read() as tx:
        key = vault.key_of(moot.node, tx, "case", made.case_id)
        said = {}
        for row in tx.scalars(select(LedgerDisclosure)):
            try:
                raw = vault.unseal(
                    key, disclosure_place(row.oid, row.n), row.disclosure
                )
            except vault.Damaged:
                continue
            one = entry.read_disclosure(raw)
            said[one.name] = one.value

    assert seq == len(moot.entries(made)) - 1
    assert (said["len"], said["type"]) == (len(PDF), "application/pdf")
    assert said["sha256"] == b64u(sha256(PDF).digest())


def test_what_was_told_brings_its_files_along(moot):
    kept = files.keep(moot.node, [upload(), upload(photo(), "wall.jpg")])

    made = submissions.submit(moot.node, told(files=kept), by=GUEST)

    assert [one.file.name for one in shown(moot, made)] == ["letter.pdf", "wall.jpg"]
    assert moot.kinds(made)[:2] == ["submission", "claim"]


def test_a_file_goes_with_one_telling_only(moot):
    kept = files.keep(moot.node, [upload()])
    submissions.submit(moot.node, told(files=kept), by=GUEST)

    with pytest.raises(FileDamaged):
        submissions.submit(moot.node, told(files=kept), by=GUEST)


def test_the_same_telling_sent_twice_binds_its_files_once(moot):
    kept = files.keep(moot.node, [upload()])
    same = told(files=kept)

    first = submissions.submit(moot.node, same, by=GUEST)

    assert submissions.submit(moot.node, same, by=GUEST).again
    assert len(shown(moot, first)) == 1


def test_the_same_message_sent_twice_keeps_its_file_once(moot, made):
    words = Words(uuid4(), "See this.", files=(upload(),))
    for _ in range(2):
        threads.write(moot.node, made.reference, words, by=moot.guest(made))

    assert len(shown(moot, made)) == len(sealed_files(moot.node)) == 1
    assert rows(moot.node, Attachment) == 1


def test_the_desk_sends_files_too(moot, made):
    write(moot, made, upload(), by=moot["cleo"])

    assert shown(moot, made)[0].who == "advocate"
    assert moot.entries(made)[-1].role == "advocate"


def test_a_file_without_words_is_added_by_its_member_and_by_who_works_on_it(moot, made):
    for by in (moot.guest(made), moot["cleo"]):
        added = attachments.attach(moot.node, made.reference, upload(), by=by)
        assert opened(moot, added.id, by).line.entry_seq == added.seq

    with pytest.raises(NotYours):
        attachments.attach(moot.node, made.reference, upload(), by=moot["iris"])
    with pytest.raises(NotFound):
        attachments.attach(moot.node, made.reference, upload(), by=moot["ben"])
    moot.act(made, Act.WITHDRAW, moot.guest(made))
    with pytest.raises(WrongState):
        attachments.attach(moot.node, made.reference, upload(), by=moot.guest(made))
    assert len(sealed_files(moot.node)) == 2


@pytest.mark.parametrize("who", ["ben", "eve", "dov", "finn"])
def test_whoever_may_not_see_the_case_is_told_the_same_as_of_no_file(moot, made, who):
    write(moot, made, upload())
    file_id = shown(moot, made)[0].file.id
    waiting = files.keep(moot.node, [upload()])[0].id
    other = moot.tell()

    said = set()
    for by in (moot[who], moot.guest(other), GUEST):
        for wanted in (file_id, waiting, uuid4()):
            with pytest.raises(NotFound) as refused:
                opened(moot, wanted, by)
            said.add((refused.value.code, refused.value.reason))
    assert len(said) == 1


def test_a_photo_leaves_behind_where_and_with_what_it_was_taken(moot, made):
    raw = photo((400, 200), turned=True)
    assert PLACE in raw

    write(moot, made, upload(raw, "wall.jpg", "image/jpeg"))

    kept = opened(moot, shown(moot, made)[0].file.id, moot.guest(made)).raw
    assert PLACE not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (200, 400))
        assert not dict(picture.getexif())
        assert "comment" not in picture.info


@pytest.mark.parametrize(
    ("kind", "mode", "media"),
    [
        ("PNG", "RGBA", Media.PNG),
        ("PNG", "I;16", Media.PNG),
        ("PNG", "1", Media.PNG),
        ("GIF", "P", Media.PNG),
        ("WEBP", "RGBA", Media.PNG),
        ("WEBP", "RGB", Media.JPEG),
        ("JPEG", "CMYK", Media.JPEG),
        ("JPEG", "L", Media.JPEG),
    ],
)
def test_every_kind_of_picture_is_drawn_anew(moot, made, kind, mode, media):
    write(moot, made, upload(drawing(kind, mode), "picture"))

    line = shown(moot, made)[0].file
    kept = opened(moot, line.id, moot.guest(made)).raw
    assert (line.media, line.picture) == (media, True)
    assert PLACE not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (8, 6)


def test_a_large_photo_is_kept_at_the_size_a_page_can_be_read_at(moot, made):
    write(moot, made, upload(photo((5000, 100)), "wide.jpg"))

    kept = opened(moot, shown(moot, made)[0].file.id, moot.guest(made)).raw
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size[0] <= 4096


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        (upload(huge(10_000, 5_000), "wall.png"), FilePixels),
        (upload(huge(30_000, 30_000), "wall.png"), FilePixels),
        (upload(huge(12_000, 8_000), "wall.png"), FilePixels),
        (upload(huge(1_000, 1_000), "wall.png"), FileDamaged),
        (upload(photo()[:300], "wall.jpg"), FileDamaged),
        (upload(b"\xff\xd8\xff", "wall.jpg"), FileDamaged),
        (upload(bomb(), "letter.docx"), FileKind),
        (upload(bomb(), "letter.pdf"), FileKind),
        (upload(bomb(), "letter"), FileKind),
        (upload(photo(), "letter.pdf"), FileLies),
        (upload(PDF, "letter.pdf", "text/html"), FileLies),
        (upload(b"<svg onload='x()'/>", "wall.svg"), FileKind),
    ],
)
def test_one_bad_file_is_refused_with_a_code_and_nothing_is_half_kept(
    moot, made, bad, refusal
):
    before = moot.size()

    with pytest.raises(refusal):
        write(moot, made, upload(), bad)

    assert moot.size() == before
    assert sealed_files(moot.node) == []
    assert rows(moot.node, Attachment) == 0


def test_more_files_than_fit_with_one_message_are_refused(moot, made):
    with pytest.raises(FileTooMany):
        write(moot, made, *[upload()] * 6)
    assert sealed_files(moot.node) == []


def test_words_that_are_refused_leave_no_file_behind(moot, made):
    with pytest.raises(WordsMissing):
        write(moot, made, upload(), text=" ")
    with pytest.raises(NotYours):
        write(moot, made, upload(), by=moot["iris"])

    assert sealed_files(moot.node) == []
    assert rows(moot.node, Attachment) == rows_of_files(moot.node) == 0


def rows_of_files(node):
    with node.read() as tx:
        kinds = select(func.count()).where(ContentKey.kind == "file")
        return tx.scalar(kinds)


def test_nothing_of_a_file_can_be_read_on_disk(moot, made):
    write(moot, made, upload(PDF, "canary letter.pdf"))
    settle(moot)

    for name, raw in stores(moot.node).items():
        assert b"%%EOF canary" not in raw, name
        assert b"canary letter" not in raw, name


def test_a_file_opens_only_whole_and_only_as_itself(moot, made):
    write(moot, made, upload(), upload(b"Another.", "note.txt"))
    first, second = (one.file.id for one in shown(moot, made))
    keep = store.of(moot.node)
    kept = keep.get(store.path(first))

    for changed in (
        keep.get(store.path(second)),
        kept[:-1],
        kept[:-1] + bytes([kept[-1] ^ 1]),
        b"\x01" + kept[1:],
    ):
        keep.put(store.path(first), changed)
        with pytest.raises(vault.Damaged):
            opened(moot, first, moot.guest(made))


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 20, 25])
def test_a_sealed_file_opens_whatever_its_length(moot, monkeypatch, size):
    monkeypatch.setattr(sealing, "PIECE", 10)
    key, place = b"k" * 32, vault.Place("attachment", "bytes", "x")
    data = bytes(range(size))
    sealed = sealing.seal(moot.node, key, place, data)

    assert sealing.unseal(key, place, sealed) == data
    if size > 10:
        with pytest.raises(vault.Damaged):
            sealing.unseal(key, place, sealed[: 8 + 26])


def test_files_that_no_words_took_along_are_let_go(moot):
    kept = files.keep(moot.node, [upload()])
    moot.village.pass_time(hours=29)
    files.tidy(moot.node)
    assert len(sealed_files(moot.node)) == 1

    moot.village.pass_time(hours=2)
    tidying.tidy(moot.node, "all")

    assert sealed_files(moot.node) == []
    with pytest.raises(FileDamaged):
        submissions.submit(moot.node, told(files=kept), by=GUEST)


def test_a_store_that_takes_nothing_is_said_to_be_unready(moot, made):
    (moot.node.settings.data / "files").write_text("in the way")

    with pytest.raises(Unready):
        write(moot, made, upload())
    assert rows(moot.node, Attachment) == 0
    write(moot, made)


def test_an_erased_case_leaves_nothing_of_its_files_in_any_store(moot, made):
    write(moot, made, upload(PDF, "canary letter.pdf"), upload(photo(), "wall.jpg"))
    first = shown(moot, made)[0].file.id
    secret = {"sealed bytes": store.of(moot.node).get(store.path(first))}
    with moot.node.read() as tx:
        secret["name"] = tx.get_one(Attachment, first).name
        secret["wrapped"] = tx.get_one(ContentKey, ("file", first)).wrapped
    settle(moot)
    assert len(left(moot.node, secret)) >= 3

    erase(moot, made, wish(Level.CHAIN, 0))
    settle(moot)

    assert left(moot.node, secret) == set()
    assert sealed_files(moot.node) == []
    with pytest.raises(NotFound):
        opened(moot, first, moot["cleo"])


@pytest.mark.parametrize("level", [Level.CONTENT, Level.ENTRY])
def test_one_file_can_be_erased_and_all_else_stays(moot, made, level):
    write(moot, made, upload(PDF, "canary letter.pdf"), upload(b"Note.", "note.txt"))
    first, second = shown(moot, made)
    settle(moot)

    erase(moot, made, wish(level, first.seq))
    settle(moot)

    assert [one.file.name for one in shown(moot, made)] == ["note.txt"]
    assert opened(moot, second.file.id, moot["cleo"]).raw == b"Note."
    assert len(sealed_files(moot.node)) == 1
    with pytest.raises(NotFound):
        opened(moot, first.file.id, moot.guest(made))


def test_files_lie_in_a_folder_of_the_operators_choice(moot, tmp_path):
    node = moot.village.open(replace(moot.node.settings, files=str(tmp_path / "away")))
    kept = files.keep(node, [upload()])[0]

    assert (tmp_path / "away" / store.path(kept.id)).is_file()
    files.let_go(node, [kept.id])
    assert not (tmp_path / "away" / store.path(kept.id)).exists()


def test_more_files_ask_no_more_of_the_database(moot, made):
    counts = []
    for number in (1, 4):
        for _ in range(number):
            attachments.attach(moot.node, made.reference, upload(), by=moot["cleo"])
        with Statements(moot.node) as said:
            assert shown(moot, made)
        counts.append(len(said))

    assert counts[1] == counts[0]
