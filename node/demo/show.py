"""Running the demo: found, serve, travel, report; and then stay, or stop."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from threading import Event
from time import monotonic

from sqlalchemy import func, select

from node import log
from node.core import Node
from node.demo import cast, doors, rig
from node.demo.catcher import Catcher
from node.demo.journey import Journey
from node.models.accounts import Account
from node.models.cases import Case
from node.models.submissions import Submission
from node.models.threads import Message

_STORIES = 8
#: Where mail is shown, and where it is taken, behind the communities' ports.
_PAGES, _SMTP = 2, 3


def demo(folder: Path, port: int, seed: int, *, once: bool, as_json: bool) -> int:
    """Show a community at work; return 0 if every step held."""
    began = monotonic()
    smtp = port + _SMTP
    catcher = Catcher(smtp)
    try:
        catcher.start()
        rig.found(folder, port, smtp).database.close()
        node = rig.reopen(folder, port, smtp)
        catcher.doors = doors.Doors(node)
        catcher.show(port + _PAGES)
        with rig.served(folder, port, smtp):
            journey = Journey(node.settings.origin, catcher)
            journey.travel(cast.stories(_STORIES, seed))
            report = _report(node, journey, monotonic() - began)
            _tell(report, as_json=as_json)
            if not once:
                _stay(node, port)
        node.database.close()
    except (rig.RigBroken, OSError) as broken:
        sys.stderr.write(f"The demo cannot run: {broken}\n")
        return 1
    finally:
        catcher.stop()
    return 0 if journey.ok else 1


def _report(node: Node, journey: Journey, seconds: float) -> dict[str, object]:
    shown = log.status(node)
    with node.read() as tx:
        counts = {
            name: tx.scalar(select(func.count()).select_from(table))
            for name, table in (
                ("cases", Case),
                ("submissions", Submission),
                ("replies", Message),
                ("members", Account),
            )
        }
    return {
        "version": version("folkmoot"),
        "nodes": [
            {
                "name": cast.NAME,
                "url": node.settings.origin,
                "actor": None,
                "ledger": {
                    "origin": shown.origin,
                    "size": shown.size,
                    "root": shown.root,
                },
                **counts,
            }
        ],
        "journey": journey.steps,
        "federation": {
            "sent": 0,
            "received": 0,
            "failed": 0,
            "profiles": {"rfc9421": 0, "cavage": 0},
        },
        "receipts": {
            "issued": journey.issued,
            "verified": journey.verified,
            "witnessed": 0,
        },
        "seconds": round(seconds, 2),
    }


def _tell(report: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return
    steps = report["journey"]
    for step in steps if isinstance(steps, list) else []:
        mark = "ok  " if step["ok"] else "FAIL"
        sys.stdout.write(
            f"{mark} {step['seconds']:>7.2f} s  {step['step']}: {step['evidence']}\n"
        )
    sys.stdout.write(f"All in {report['seconds']} s.\n")


def _stay(node: Node, port: int) -> None:
    mailbox = f"http://localhost:{port + _PAGES}"
    lines = [
        "",
        f"{cast.NAME}   {node.settings.origin}",
        f"Its mail        {mailbox}",
        "",
        "Sign in with one click:",
        *(f"  {mailbox}/as/{name:<7} {said}" for name, said in doors.NAMES.items()),
        "",
        "Ctrl-C stops everything.",
        "",
    ]
    sys.stdout.write("\n".join(lines))
    sys.stdout.flush()
    try:
        Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped. The folder stays; the next start begins afresh.\n")
