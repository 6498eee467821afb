import os
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from node import keys, people
from node.keys import NAMES, KeysUnsafe
from tests.support.cast import moot_on
from tests.support.village import MONDAY

CANARIES = {
    "text": "canary-words heating broken since October",
    "wanted": "canary-wanted a repair",
    "place": "canary-place Mill Lane 7",
    "name": "Canary Name Ada",
    "contact": "canary.ada@example.org",
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "keys"
    keys.create(folder, Random(1).randbytes)  # noqa: S311 - the same keys each time
    return folder


def test_keys_are_for_their_owner_alone(folder):
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}

    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == {f"{name}.key": 0o600 for name in NAMES}


def test_making_keys_again_changes_none(folder):
    before = {path: path.read_bytes() for path in folder.iterdir()}

    keys.create(folder, Random(2).randbytes)  # noqa: S311 - other chances

    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_missing_is_made_and_the_rest_stays(folder):
    (folder / "witness.key").unlink()
    root = (folder / "root.key").read_bytes()

    keys.create(folder, Random(2).randbytes)  # noqa: S311 - other chances

    assert keys.read(folder).root == root


def test_a_key_is_whole_before_it_has_its_name(folder, monkeypatch):
    (folder / "witness.key").unlink()
    seen = []

    def write(handle, secret):
        seen.append({path.name for path in folder.glob("*.key")})
        return os_write(handle, secret)

    os_write = os.write
    monkeypatch.setattr(os, "write", write)
    keys.create(folder, Random(2).randbytes)  # noqa: S311 - other chances

    assert "witness.key" not in seen[0]
    assert {path.suffix for path in folder.iterdir()} == {".key"}
    assert len(keys.read(folder).root) == keys.SIZE


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o700])
def test_a_file_that_others_could_use_stops_the_start(folder, mode):
    path = folder / "log.key"
    path.chmod(mode)

    with pytest.raises(KeysUnsafe, match=f"chmod 600 {path}"):
        keys.read(folder)


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o777])
def test_a_folder_that_others_could_enter_stops_the_start(folder, mode):
    folder.chmod(mode)

    with pytest.raises(KeysUnsafe, match="chmod 700"):
        keys.read(folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_is_missing_is_named(folder, name):
    (folder / f"{name}.key").unlink()

    with pytest.raises(KeysUnsafe, match=f"lacks {name}"):
        keys.read(folder)


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(KeysUnsafe, match="folkmoot init"):
        keys.read(tmp_path / "nowhere")


@pytest.mark.parametrize("secret", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_size_is_refused(folder, secret):
    (folder / "root.key").write_bytes(secret)

    with pytest.raises(KeysUnsafe, match="32 bytes"):
        keys.read(folder)


def test_a_wrap_key_without_a_number_is_refused(folder):
    (folder / "wrap-1 copy.key").write_bytes(b"k" * 32)
    (folder / "wrap-1 copy.key").chmod(0o600)

    with pytest.raises(KeysUnsafe, match="wrap-1 copy"):
        keys.read(folder)


def test_sub_keys_differ_by_purpose_epoch_day_and_node(folder, tmp_path):
    other = tmp_path / "other"
    keys.create(other, Random(2).randbytes)  # noqa: S311 - other chances
    one, two = keys.read(folder), keys.read(other)
    tomorrow = MONDAY + timedelta(days=1)

    found = [
        one.sub("session"),
        one.sub("csrf"),
        one.sub("session", epoch=2),
        two.sub("session"),
        one.mac("session", b"ada"),
        one.mac("csrf", b"ada"),
        one.mac("session", b"ben"),
        one.daily("who", b"ada", at=MONDAY),
        one.daily("who", b"ada", at=tomorrow),
        one.daily("bucket", b"ada", at=MONDAY),
    ]

    assert len(set(found)) == len(found)
    assert {len(each) for each in found} == {32}


def test_the_same_files_give_the_same_keys(folder):
    one, two = keys.read(folder), keys.read(folder)

    assert one.sub("link") == two.sub("link")
    assert one.daily("who", b"", at=MONDAY) == two.daily("who", b"", at=MONDAY)


def test_nothing_prints_a_key(folder):
    found = keys.read(folder)
    secrets = {path.read_bytes() for path in folder.iterdir()}

    shown = repr(found) + str(found)

    assert shown == "Keys()" * 2
    assert not [one for one in secrets if one.hex() in shown or str(one) in shown]


def test_the_newest_wrap_key_seals_and_older_ones_stay_readable(folder):
    (folder / "wrap-12.key").write_bytes(b"w" * 32)
    (folder / "wrap-12.key").chmod(0o600)

    found = keys.read(folder)

    assert (found.epoch, set(found.wrap)) == (12, {1, 12})


def test_what_is_stored_of_a_secret_is_not_the_secret():
    assert keys.digest(b"token") != b"token"
    assert keys.digest(b"token") == keys.digest(b"token") != keys.digest(b"other")


def test_a_stolen_database_without_keys_opens_nothing(tmp_path):
    with moot_on("", tmp_path) as moot:
        told = moot.tell(**CANARIES)
        moot.village.work(moot.node)
        mail = next(mail for to, mail in moot.village.mails if "canary" in to)
        stolen = contents(moot.node.settings.data)
    stolen += contents(tmp_path)

    assert told.link_token in mail.get_content()
    assert people.digest(moot.node, people.contact(CANARIES["contact"])) in stolen
    secrets = [*CANARIES.values(), told.link_token, " ".join(told.words)]
    secrets += ["canary", "Mill Lane", "Name Ada", "heating"]
    assert not [one for one in secrets if one.encode() in stolen]


def contents(folder: Path) -> bytes:
    """Return every byte below a folder but of the keys, and of what is derived."""
    return b"".join(
        path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".key" and "derived" not in path.parts
    )
