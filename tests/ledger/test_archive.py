from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import archive, proof
from ledger.errors import Invalid
from tests.ledger.test_note import code_of

ONE = {"head": b"the head", "a.tlog-proof": b"first" * 99, "README.txt": b"hello"}


def zipped(held=ONE, way=ZIP_DEFLATED, remark=b""):
    written = BytesIO()
    with ZipFile(written, "w", way) as made:
        made.comment = remark
        for name, content in held.items():
            made.writestr(name, content)
    return written.getvalue()


def code(raw):
    return code_of(archive.read, raw)


def patched(raw, at, *values):
    return raw[:at] + bytes(values) + raw[at + len(values) :]


@pytest.fixture
def raw():
    return zipped()


def lines(raw):
    """Return where each line of the directory stands, and its end."""
    found, at = [], raw.find(b"PK\1\2")
    while at >= 0:
        found.append(at)
        at = raw.find(b"PK\1\2", at + 1)
    return found, raw.rfind(b"PK\5\6")


@pytest.mark.parametrize("way", [ZIP_STORED, ZIP_DEFLATED])
def test_receipts_and_the_head_are_read_and_nothing_else(way):
    kept = {name: content for name, content in ONE.items() if name != "README.txt"}

    assert archive.read(zipped(way=way)) == kept


def test_an_archive_says_which_entries_were_erased():
    found = archive.read(zipped(ONE | {"erased": b"0\n12\n"}))

    assert archive.erased(found[archive.ERASED]) == {0, 12}
    assert archive.listed([12, 0, 12]) == b"0\n12\n"
    assert archive.erased(b"") == frozenset()


@pytest.mark.parametrize(
    "raw",
    [b"1", b"1\r\n", b"2\n1\n", b"1\n1\n", b"01\n", b"-1\n", b"x\n", b"\n",
     "²\n".encode(), b"9" * 30 + b"\n", b"9007199254740992\n"],
)  # fmt: skip
def test_a_list_of_erased_entries_is_written_in_one_way(raw):
    assert code_of(archive.erased, raw) == "archive"


def test_an_archive_of_nothing_holds_nothing():
    assert archive.read(zipped({})) == {}


def test_an_archive_that_was_written_as_a_stream_is_read():
    # Its sizes stand behind each file, and in the directory.
    class Stream(BytesIO):
        def seekable(self):
            return False

    written = Stream()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        made.writestr("head", b"the head")

    assert archive.read(written.getvalue()) == {"head": b"the head"}


def test_an_archive_with_more_about_its_files_is_read():
    written = BytesIO()
    with ZipFile(written, "w") as made:
        info = ZipInfo("head")
        info.extra, info.comment = b"\x99\x99\x02\x00ab", b"a remark"
        made.writestr(info, b"the head")

    assert archive.read(written.getvalue()) == {"head": b"the head"}


@pytest.mark.parametrize("other", [b"", b"hello", b"PK\5\6", bytes(22), bytes(99)])
def test_what_is_no_archive_is_refused(other):
    assert code(other) == "archive"


def test_what_stands_before_or_after_an_archive_is_refused(raw):
    for other in (b"x" + raw, raw + b"x", raw + raw, zipped(remark=b"more"), raw[:-1]):
        assert code(other) == "archive"


def test_an_archive_that_is_too_long_is_refused_at_once():
    assert code(bytes(archive.LIMIT + 1)) == "archive"


def test_a_file_that_blows_up_is_not_unpacked():
    large = {"a.tlog-proof": bytes(proof.LIMIT + 1)}

    assert code(zipped(large)) == "archive"
    assert archive.read(zipped({"a.txt": bytes(proof.LIMIT + 1)})) == {}


def test_many_files_that_blow_up_together_are_refused():
    most = archive.LIMIT // proof.LIMIT
    many = {f"{n}.tlog-proof": bytes(proof.LIMIT) for n in range(most + 1)}

    assert code(zipped(many)) == "archive"


def test_a_file_that_is_longer_or_shorter_than_it_says_is_refused(raw):
    (head, _, _), _ = lines(raw)

    for size in (0, 7, 9):
        assert code(patched(raw, head + 24, size)) == "archive"


def test_two_files_of_one_name_are_refused(raw):
    written = BytesIO(raw)
    with ZipFile(written, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("head", b"another")

    assert code(written.getvalue()) == "archive"


def test_a_name_that_is_no_text_is_refused():
    named = zipped({"é.tlog-proof": b"x"})

    assert code(named.replace("é".encode(), b"\xff\xff")) == "archive"


def test_ways_of_packing_that_we_do_not_read_are_refused():
    assert code(zipped(way=ZIP_BZIP2)) == "archive"


@pytest.mark.parametrize(
    ("place", "values"),
    [
        (0, b"XX"),  # no line of a directory
        (8, b"\1"),  # encrypted
        (10, b"\0"),  # another way than the file itself says
        (16, b"\0\0\0\0"),  # another sum
        (20, b"\xff\xff\xff\0"),  # more than there is
        (20, b"\1"),  # less than there is
        (28, b"\xff\xff"),  # a name without end
        (30, b"\xff"),  # more about it than there is
        (42, b"\1"),  # not where the file begins
        (42, b"\xff\xff\xff\0"),  # behind the end
    ],
)
def test_a_damaged_line_of_the_directory_is_refused(raw, place, values):
    (head, _, _), _ = lines(raw)

    assert code(patched(raw, head + place, *values)) == "archive"


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_a_directory_of_another_length_is_refused(raw, count):
    _, end = lines(raw)

    assert code(patched(raw, end + 8, count, 0, count, 0)) == "archive"


@pytest.mark.parametrize("place", [4, 6, 8, 12, 16])
def test_a_damaged_end_is_refused(raw, place):
    _, end = lines(raw)

    assert code(patched(raw, end + place, raw[end + place] ^ 1)) == "archive"


def test_packed_bytes_that_are_damaged_are_refused(raw):
    start = raw.index(b"a.tlog-proof") + len("a.tlog-proof")
    packed = raw.index(b"PK", start) - start

    for at in range(packed):
        for bit in (1, 16, 128):
            damaged = patched(raw, start + at, raw[start + at] ^ bit)
            try:
                held = archive.read(damaged)
            except Invalid as no:
                assert no.code == "archive"  # noqa: PT017 - or it is unharmed
            else:
                assert held["a.tlog-proof"] == ONE["a.tlog-proof"]


@settings(max_examples=200)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_arbitrary_bytes_are_read_or_refused(noise, at):
    raw = zipped()
    for one in (noise, raw[:at] + noise + raw[at:], noise + raw[-22:]):
        try:
            archive.read(one)
        except Invalid as no:
            assert no.code == "archive"  # noqa: PT017 - either is right
