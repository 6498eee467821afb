"""The program: its commands, and what servers and Celery load.

The only file that knows every package, and the first that is loaded: so it loads as
little as it can. A command reads settings, calls one use case and prints what came of
it: 0 done and true, 1 refused, 2 wrong usage.
"""

import os
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from node.commands.lazy import Commands, Later, Program
from node.logging import start as start_logging

if TYPE_CHECKING:
    from celery import Celery
    from flask import Flask

#: Each command: where it is, and what it does, as it says itself.
COMMANDS = {
    "absences": Later(
        "web.commands.members:absences",
        "Say when somebody at the desk is away.",
    ),
    "audit": Later(
        "node.commands.access:audit_reads",
        "Write the newest reads of what is not everybody's, as CSV.",
    ),
    "breaches": Later(
        "web.commands.stewarding:breaches",
        "Keep the log of breaches.",
    ),
    "calendar": Later(
        "node.commands.calendar:calendar",
        "Look at the closed days, or import them.",
    ),
    "cases": Later(
        "web.commands.cases:cases",
        "Work on cases, in the name of one person.",
    ),
    "demo": Later(
        "node.commands.making:demo",
        "Show two communities at work on this machine, with a mailbox to look into.",
    ),
    "federation": Later(
        "node.commands.federation:federation",
        "Look at other nodes, and decide how they are treated.",
    ),
    "generate": Later(
        "node.commands.generate:generate",
        "Make up a year of people and cases, in a node that has no case yet.",
    ),
    "grants": Later(
        "node.commands.grants:grants",
        "Manage what people and programs may do.",
    ),
    "health": Later(
        "node.commands.health:health",
        "Say whether this part of the node is well; exit 1 if it is not.",
    ),
    "holds": Later(
        "web.commands.stewarding:holds",
        "Hold cases back from erasure, for legal reasons.",
    ),
    "init": Later(
        "node.commands.making:init",
        "Make a node: keys, secrets, database; print the address that opens its doors.",
    ),
    "interests": Later(
        "web.commands.walls:interests",
        "Declare what somebody at the desk has to do with.",
    ),
    "jobs": Later(
        "web.commands.stewarding:jobs",
        "Look at the queue of work.",
    ),
    "ledger": Later(
        "web.commands.serving:ledger",
        "Look at the ledger, and check what it says.",
    ),
    "notices": Later(
        "web.commands.notices:notices",
        "Choose how somebody is told, and when they sleep.",
    ),
    "people": Later(
        "web.commands.people:people",
        "Look up who a command can act for, and who is whom.",
    ),
    "processing": Later(
        "node.commands.processing:processing",
        "Print what personal data are used here, for what, and where they go, as JSON.",
    ),
    "releases": Later(
        "web.commands.releases:releases",
        "Go over notes that members asked for.",
    ),
    "requests": Later(
        "web.commands.members:requests",
        "Answer what members ask about their own data.",
    ),
    "roster": Later(
        "web.commands.roster:roster",
        "Say who is on call, and hand turns over.",
    ),
    "search": Later(
        "node.commands.search:search",
        "Look after the index of words.",
    ),
    "serve": Later(
        "web.commands.serving:serve",
        "Serve the node: one process for all, unless FOLKMOOT_EMBEDDED is 0.",
    ),
    "setup-url": Later(
        "node.commands.making:setup_url",
        "Print a new one-time address that opens the doors, good for an hour.",
    ),
    "snippets": Later(
        "web.commands.snippets:snippets",
        "Keep short texts of one's own, to begin replies with.",
    ),
    "teams": Later(
        "web.commands.teams:teams",
        "Make teams, and put people into them.",
    ),
    "templates": Later(
        "web.commands.texts:templates",
        "Look at message templates, and agree on new ones.",
    ),
    "topics": Later(
        "web.commands.teams:topics",
        "Look at topics, and which teams take them.",
    ),
    "upgrade": Later(
        "node.commands.making:upgrade",
        "Bring the database to this program's schema.",
    ),
    "verify": Later(
        "node.commands.verify:verify",
        "Compute every case again from its events; list what its row says otherwise.",
    ),
    "walls": Later(
        "web.commands.walls:walls",
        "Look at conflicts of interest, and decide about them.",
    ),
    "worker": Later(
        "node.commands.making:work_",
        "Do what is owed, without serving; in any number of processes.",
    ),
}


@click.group(
    cls=Program,
    commands=Commands(COMMANDS),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(version("folkmoot"))
@click.option("--data", metavar="DIR", help="The node's folder (FOLKMOOT_DATA).")
def main(data: str | None) -> None:
    """Folkmoot: a casework node that its members own."""
    # What is reported goes to standard output, so lines of the log never do.
    start_logging()
    if data is not None:
        os.environ["FOLKMOOT_DATA"] = data


def wsgi() -> "Flask":
    """Return the application for gunicorn; one node a process, made after the fork."""
    from web.commands import serving  # noqa: PLC0415 - heavy: all that serves

    start_logging()
    return serving.application(sys.argv)


def __getattr__(name: str) -> "Celery":
    """Return what `celery -A folkmoot` asks for, and only then load it."""
    if name != "celery":
        raise AttributeError(name)
    from node import tasks  # noqa: PLC0415 - heavy: a third of a second to load
    from node.commands.frame import settings_here  # noqa: PLC0415 - heavy, too

    start_logging()
    return tasks.queue(settings_here().broker_url)


if __name__ == "__main__":
    main()
