"""Running the demo: found, serve, travel, report; and then stay, or stop."""

import json
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from time import monotonic

from node.demo import casework, cast, neighbours, receipts, rig, telling, witnesses
from node.demo.catcher import Catcher
from node.demo.doors import Doors
from node.demo.journey import Hear, Journey, Site
from node.demo.report import Nodes, Report, holds, report

_STORIES = 8
#: Where mail is shown, and where it is taken, behind the communities' ports.
_PAGES, _SMTP = 2, 3
#: What happens after people told their stories, in this order.
_WAY: tuple[Callable[[Journey], None], ...] = (
    telling.by_a_guest,
    telling.by_a_member,
    casework.triaged,
    casework.answered,
    casework.replied,
    casework.confirmed,
    witnesses.named,
    neighbours.followed,
    neighbours.shown,
    neighbours.answered,
    neighbours.approved,
    neighbours.taken_back,
    neighbours.arrived,
    witnesses.signed,
    receipts.hold,
    receipts.in_both_ledgers,
    receipts.forged,
)


def demo(folder: Path, port: int, seed: int, *, once: bool, as_json: bool) -> int:
    """Show two communities at work; return 0 if every check held."""
    began = monotonic()
    # Whoever ends the demo ends its nodes with it, whichever way they say so, and even
    # where a shell that started it in the background has it ignore Ctrl-C.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    catcher = Catcher(port + _SMTP)
    where = rig.places(folder, port, port + _SMTP)
    try:
        catcher.start()
        rig.found(folder, where)
        nodes = [(place.community, rig.reopen(place)) for place in where]
        catcher.doors = Doors(*nodes)
        catcher.show(port + _PAGES)
        with rig.served(where):
            trip = _travel(nodes, catcher, seed, _silent if as_json else _told)
            done = report(nodes, trip, monotonic() - began)
            _tell(done, as_json=as_json)
            if not once:
                _stay(nodes, catcher.doors, f"http://localhost:{port + _PAGES}")
        for _, node in nodes:
            node.database.close()
    except (rig.RigBroken, OSError) as broken:
        sys.stderr.write(f"The demo cannot run: {broken}\n")
        return 1
    finally:
        catcher.stop()
    return 0 if holds(done) else 1


def _travel(nodes: Nodes, catcher: Catcher, seed: int, hear: Hear) -> Journey:
    here, there = (Site(community, it.settings.origin) for community, it in nodes)
    trip = Journey(here, there, catcher, hear)
    telling.through_the_api(trip, cast.stories(_STORIES, seed))
    for part in _WAY:
        if trip.ok:
            part(trip)
    return trip


def _silent(_step: Mapping[str, object]) -> None:
    """Leave the step to the report."""


def _told(step: Mapping[str, object]) -> None:
    mark = "ok  " if step["ok"] else "FAIL"
    sys.stdout.write(
        f"{mark} {step['seconds']:>7.2f} s  {step['step']}: {step['evidence']}\n"
    )
    sys.stdout.flush()


def _tell(done: Report, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(done, indent=2) + "\n")
        return
    counts, receipts = done["federation"], done["receipts"]
    sys.stdout.write(
        f"{counts['sent']} activities sent, {counts['received']} received, "
        f"{counts['failed']} failed. "
        f"{receipts['verified']} of {receipts['issued']} receipts hold, "
        f"{receipts['witnessed']} are witnessed. "
        f"All in {done['seconds']} s.\n"
    )


def _stay(nodes: Nodes, doors: Doors, mailbox: str) -> None:
    lines = ["", *(f"{it.name:<18} {node.settings.origin}" for it, node in nodes)]
    lines += [f"{'Their mail':<18} {mailbox}", "", "Sign in with one click:"]
    for community, people in doors.names.items():
        lines += ["", f"  {community}"]
        lines += [f"  {mailbox}/as/{key:<7} {said}" for key, said in people.items()]
    lines += ["", "Ctrl-C stops everything.", ""]
    try:
        sys.stdout.write("\n".join(lines))
        sys.stdout.flush()
        Event().wait()
    except KeyboardInterrupt:
        sys.stdout.write("\nStopped. The folder stays; the next start begins afresh.\n")
