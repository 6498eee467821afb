"""The folder that a saved case asks for, made by the lines that its README has."""

import os
import re
from subprocess import PIPE, run
from textwrap import dedent
from zipfile import ZipFile

import pytest

from ledger import __main__ as command
from node import cases, log
from tests.ledger.honest import Node as Log
from tests.ledger.test_audit import served
from tests.node.test_log_standing import holder, publish, tell
from tests.support.village import Village


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a case's archive, its log and a policy; and the node's key."""
    folder = tmp_path_factory.mktemp("saved")
    village = Village(folder / "village")
    ash = village.found("https://ash.example")
    made = tell(ash)
    publish(village, ash)
    (folder / "case.zip").write_bytes(
        cases.bundle(ash, made.reference, by=holder(ash, made))
    )
    (folder / "policy").write_text(log.policy(ash))
    log.publish_to(ash, str(folder / "published"))
    yield folder, log.keys(ash)["statements"]
    village.close()


def lines(saved):
    with ZipFile(saved[0] / "case.zip") as archive:
        told = archive.read("README.txt").decode()
    return dedent(
        re.search(r"^    log=.*?^    done$", told, re.MULTILINE | re.DOTALL)[0]
    )


def shell(asked, cwd=None):
    told = run(  # noqa: S603 - our own lines
        ["/bin/sh", "-c", asked],
        cwd=cwd,
        check=True,
        stdout=PIPE,
        text=True,
        env={"PATH": os.defpath},
    )
    return told.stdout


def copied(saved, source, into):
    """Run the lines as they are, but for a log that lies in a folder."""
    into.mkdir()
    asked = re.sub(r"(?<=log=)\S+", source.as_uri(), lines(saved), count=1)
    shell(asked, cwd=into)
    return {
        path.relative_to(into / "log").as_posix(): path.read_bytes()
        for path in (into / "log").rglob("*")
        if path.is_file()
    }


def kept(source, files):
    for name, raw in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(raw)


def test_the_lines_name_the_ledger_that_goes_on(saved):
    assert lines(saved).startswith("log=https://ash.example/ledger\n")


def test_they_make_the_folder_by_which_the_case_is_whole(saved, tmp_path):
    folder, statements = saved
    copied(saved, folder / "published", tmp_path / "mine")

    asked = ["thread", str(folder / "case.zip"), "--policy", str(folder / "policy")]
    asked += ["--log", str(tmp_path / "mine/log"), "--statements", statements]
    assert command.run(asked) == 0


@pytest.mark.parametrize("size", [1, 255, 256, 257, 600])
def test_they_copy_every_entry_of_a_log_of_any_size(saved, tmp_path, size):
    node = Log()
    while node.size < size:
        node.cover()
    files = served(node) | {"checkpoint": node.note()}
    kept(tmp_path / "log", files)

    entries = {
        name: raw
        for name, raw in files.items()
        if name.startswith(("checkpoint", "tile/entries/"))
    }
    assert copied(saved, tmp_path / "log", tmp_path / "mine") == entries


def test_they_take_a_full_file_where_the_part_is_gone(saved, tmp_path):
    node = Log()
    while node.size < 256:
        node.cover()
    kept(tmp_path / "log", served(node) | {"checkpoint": node.note(200)})

    found = copied(saved, tmp_path / "log", tmp_path / "mine")

    assert set(found) == {"checkpoint", "tile/entries/000"}


def test_they_find_files_by_their_numbers_however_large(saved):
    last = {0: "000", 7: "007", 999: "999", 1000: "x001/000", 1234067: "x001/x234/067"}
    step = next(line for line in lines(saved).split("\n") if "path=$(printf" in line)
    deeper = lines(saved).split(step)[1].split("part=")[0]
    for n, path in last.items():
        asked = f"n={n} size=0\n{step}\n{deeper}\necho $path"
        assert shell(asked).strip() == path
