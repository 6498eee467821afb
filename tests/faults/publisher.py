"""A process that makes cases public, one after the other, until it is killed.

What was promised is on its own record before the next begins; what was not is tried
again, as somebody at a page would.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from governance.errors import WrongState
from node import assembly, cases, publications
from node.core import Collision
from node.settings import Settings

WORDS = "The landlord does not answer."


def main(listed: Path, record: Path) -> None:
    """Make public what is listed and not on record: reference, link, title."""
    node = assembly.assemble(Settings.read(os.environ))
    done = record.read_text().split() if record.exists() else []
    for line in listed.read_text().splitlines():
        reference, token, title = line.split("\t")
        if reference not in done:
            _publish(node, reference, token, title)
            with record.open("a") as lines:
                lines.write(f"{reference}\n")
                lines.flush()
                os.fsync(lines.fileno())


def _publish(node, reference: str, token: str, title: str) -> None:
    found = cases.link_visitor(node, token)
    assert found is not None
    # A link alone would not do: as if its holder had just proved who they are.
    holder = replace(found, fresh=True)
    while True:
        try:
            publications.publish(node, reference, title, WORDS, by=holder)
        except Collision:
            continue
        except WrongState:  # done before this process was killed
            pass
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
