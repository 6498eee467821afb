import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from folkmoot import main
from node.settings import PREFIX, Settings
from tests.docs.reading import (
    DOCUMENTS,
    ROOT,
    anchors,
    code,
    examples,
    links,
    name,
    said,
)

PROGRAMS = Path(sys.executable).parent
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
SETTINGS = {PREFIX + setting.name.upper() for setting in fields(Settings)}


@pytest.mark.parametrize("example", examples(), ids=str)
def test_the_example_works(example, tmp_path):
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    if example.language == "python":
        run([sys.executable, "-c", example.text], tmp_path)
        return
    assert example.language == "console"
    for command, answer in said(example):
        told = run(["sh", "-ec", command], tmp_path)

        assert re.fullmatch(pattern(answer), told, re.DOTALL), told


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_leads_somewhere(document):
    for link in links(document):
        file, _, anchor = link.partition("#")
        target = (document.parent / file).resolve() if file else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_that_is_named_exists(document):
    for words in named(document, "folkmoot"):
        assert exists(words), f"folkmoot {' '.join(words)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_target_that_is_named_exists(document):
    assert {words[0] for words in named(document, "make")} <= TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_setting_that_is_named_exists(document):
    shown = {
        found
        for line in code(document)
        for found in re.findall(r"FOLKMOOT_[A-Z_]+", line)
    }

    assert {one for one in shown if not one.startswith("FOLKMOOT_TEST_")} <= SETTINGS


def test_the_makefile_lists_what_it_can_do():
    listing = run(["make", "--no-print-directory", "help"], ROOT)

    assert {line.split()[0] for line in listing.splitlines()} == TARGETS


def named(document, program):
    """Return the plain words behind a program's name, wherever it is called."""
    for line in code(document):
        called = re.match(
            rf"(?:\$ )?(?:\.venv/bin/)?{program}((?: [a-z][a-z-]*)+)", line
        )
        if called:
            yield tuple(called[1].split())


def exists(words):
    """Say whether the first word is a command, and the second one of its commands."""
    if words[0] not in commands(()):
        return False
    below = commands(words[:1])
    return len(words) == 1 or not below or words[1] in below


def commands(words):
    found = main
    for word in words:
        found = found.commands[word]
    return frozenset(getattr(found, "commands", ()))


def pattern(answer):
    parts = answer.split("...")
    return ".*".join(re.escape(part) for part in parts) + r"\s*"


def run(command, at):
    words = {
        "PATH": f"{PROGRAMS}:{os.environ['PATH']}",
        "HOME": str(at),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "200",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(  # noqa: S603 - our own documents
        [str(word) for word in command],
        cwd=at,
        env=words,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
