"""The program loads what a command needs when it is asked for that command."""

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from folkmoot import COMMANDS, main

HEAVY = {"alembic", "celery", "cryptography", "flask", "marshmallow", "sqlalchemy"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_list_says_of_a_command_what_it_says_itself(name):
    command = COMMANDS[name].load()

    assert isinstance(command, click.Command)
    assert command.name == name
    said = (command.help or "").partition("\n\n")[0]
    assert " ".join(said.split()) == COMMANDS[name].says


@pytest.mark.parametrize("words", [["--help"], ["--version"]])
def test_who_only_looks_for_a_command_waits_for_nothing(words):
    program = (
        "import sys, folkmoot\n"
        "try: folkmoot.main(sys.argv[1:])\n"
        "except SystemExit: print(*sys.modules)\n"
    )
    words = [sys.executable, "-c", program, *words]
    done = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own

    loaded = set(done.stdout.splitlines()[-1].split())
    assert "folkmoot" in loaded
    assert not loaded & HEAVY
    assert not {"node.assembly", "web.app"} & loaded


def test_the_help_lists_every_command_once():
    lines = CliRunner().invoke(main, ["--help"]).stdout.splitlines()
    begin = lines.index("Commands:")
    named = [
        it.split()[0]
        for it in lines[begin + 1 :]
        if it.startswith("  ") and it[2] != " "
    ]

    assert named == sorted(COMMANDS)


def test_a_command_of_a_group_is_found_by_its_own_name():
    done = CliRunner().invoke(main, ["triage"])

    assert done.exit_code == 2
    assert "Did you mean `cases triage`?" in done.stderr
