import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import files
from governance.errors import (
    FileEmpty,
    FileKind,
    FileLies,
    FilePixels,
    FileTooLarge,
    FileTooMany,
    Invalid,
)
from governance.files import LARGEST, Media, check, safe_name, sniff

BEGIN = {
    Media.JPEG: b"\xff\xd8\xff\xe0 and so on",
    Media.PNG: b"\x89PNG\r\n\x1a\n and so on",
    Media.WEBP: b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    Media.GIF: b"GIF89a and so on",
    Media.PDF: b"%PDF-1.7\n",
    Media.TEXT: b"Dear landlord,\r\n\tsince Monday \xc2\xa3 5.\f",
}
MORE = st.binary(max_size=60)


@pytest.mark.parametrize("media", BEGIN)
def test_a_file_is_what_its_bytes_say(media):
    assert sniff(BEGIN[media]) is media


@given(st.sampled_from([one for one in BEGIN if one is not Media.TEXT]), MORE)
def test_whatever_follows_the_first_bytes_does_not_change_what_a_file_is(media, more):
    assert sniff(BEGIN[media] + more) is media


@given(st.binary(max_size=80))
def test_every_file_is_of_one_kind_or_refused(raw):
    try:
        media = sniff(raw)
    except FileKind:
        return
    assert media is Media.TEXT or raw[:3] == BEGIN[media][:3]
    assert media is not Media.TEXT or raw.decode().encode() == raw


@given(st.text(max_size=60))
def test_text_is_text_as_long_as_no_sign_in_it_steers_anything(text):
    steers = any(sign < " " and sign not in "\t\n\r\f" for sign in text)
    if steers or "\x7f" in text:
        with pytest.raises(FileKind):
            sniff(text.encode())
    else:
        assert sniff(text.encode()) in {Media.TEXT, Media.PDF, Media.GIF}


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04 an archive, and every office file",
        b"\x7fELF a program",
        b"MZ\x90\x00\x03 a program",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old office file",
        b"\x1f\x8b\x08\x00 packed",
        b"II*\x00 a TIFF",
        b"RIFF\x10\x00\x00\x00AVI  a film",
        b" %PDF-1.7 \x00 not at its beginning",
        b"caf\xe9",
        b"a\x00b",
        b"a\x7fb",
        b"\xff\xd8",
    ],
)
def test_what_is_on_no_list_is_refused(raw):
    with pytest.raises(FileKind):
        check(raw, "photo.jpg" if raw[:1] == b"\xff" else "file")


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("letter.pdf", Media.JPEG),
        ("letter.txt", Media.PDF),
        ("photo.JPG", Media.PDF),
        ("photo.png", Media.TEXT),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, media):
    with pytest.raises(FileLies):
        check(BEGIN[media], name)


@pytest.mark.parametrize("said", ["application/pdf", "text/html", "image/svg+xml"])
def test_a_file_that_is_not_what_its_sender_says_is_refused(said):
    with pytest.raises(FileLies):
        check(BEGIN[Media.JPEG], "photo", said)


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.docx", "a.exe", "a.pdf.zip"])
def test_a_name_that_ends_in_another_kind_is_refused_whatever_is_inside(name):
    with pytest.raises(FileKind):
        check(BEGIN[Media.TEXT], name)


@pytest.mark.parametrize(
    ("name", "said", "media"),
    [
        ("photo.jpg", "image/jpeg", Media.WEBP),
        ("photo", "image/png", Media.JPEG),
        ("photo.png", "", Media.PNG),
        ("letter.v2 final", "text/plain; charset=utf-8", Media.TEXT),
        (".pdf", "application/octet-stream", Media.PDF),
        ("", "", Media.GIF),
    ],
)
def test_honest_files_and_pictures_under_each_others_names_are_taken(name, said, media):
    assert check(BEGIN[media], name, said) is media


def test_an_empty_file_and_one_that_is_too_large_are_refused():
    with pytest.raises(FileEmpty):
        check(b"", "a.txt")
    with pytest.raises(FileTooLarge):
        check(b"a" * (LARGEST + 1), "a.txt")
    assert check(b"a" * LARGEST, "a.txt") is Media.TEXT


def test_so_many_files_and_bytes_go_with_one_message_and_into_one_case():
    files.check_count([1] * files.MOST_AT_ONCE)
    files.check_count([], before=files.MOST_IN_A_CASE)
    with pytest.raises(FileTooMany):
        files.check_count([1] * (files.MOST_AT_ONCE + 1))
    with pytest.raises(FileTooLarge):
        files.check_count([LARGEST, LARGEST, LARGEST])
    with pytest.raises(FileTooMany):
        files.check_count([1], before=files.MOST_IN_A_CASE)


def test_a_picture_of_fifty_megapixels_is_refused():
    files.check_pixels(Media.JPEG, 8000, 5000)
    files.check_pixels(Media.PNG, 4000, 4000)
    with pytest.raises(FilePixels):
        files.check_pixels(Media.JPEG, 10_000, 5_000)
    with pytest.raises(FilePixels):
        files.check_pixels(Media.PNG, 4000, 4001)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etcpasswd.pdf"),
        ("CON.pdf", "file.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("-rf.pdf", "rf.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("", "file.pdf"),
        (" . ", "file.pdf"),
        ("Brief vom 3. März.PDF", "Brief vom 3. März.pdf"),
        ("合同.pdf", "合同.pdf"),
        ("photo.jpeg", "photo.pdf"),
    ],
)
def test_a_name_means_nothing_to_any_file_system(name, safe):
    assert safe_name(name, Media.PDF) == safe


@given(st.text(max_size=300), st.sampled_from(list(BEGIN)))
def test_every_name_comes_out_short_visible_and_ending_in_what_the_file_is(name, media):
    safe = safe_name(name, media)

    assert len(safe) <= 125
    assert not set(safe) & set('/\\:*?"<>|\r\n\0')
    assert safe[0] not in ". -"
    assert all(unicodedata.category(sign)[0] != "C" for sign in safe)
    assert check(BEGIN[media], safe) is media


def test_a_message_as_it_came_is_no_file_that_somebody_chooses():
    name = safe_name("message", Media.MAIL)

    assert name == "message.eml"
    with pytest.raises(FileKind):
        check(b"From: ada@ash.example", name)


@given(st.binary(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_a_check_says_yes_or_refuses_by_its_code_and_never_breaks(raw, name, said):
    with suppress(Invalid):
        assert check(raw, name, said) is sniff(raw)
