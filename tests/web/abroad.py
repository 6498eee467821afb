"""Readers of two communities that know each other, already signed in."""

from datetime import timedelta
from uuid import UUID

from node.core import Node
from tests.support import members
from tests.support.clients import SESSION
from tests.support.neighbours import Street
from tests.web.reader import Reader
from web.app import create_app


def reader(node: Node, person: UUID | None = None) -> Reader:
    """Return a browser at a community, signed in as somebody or as nobody."""
    app = create_app(node, testing=True)
    found = Reader(app, here=node.settings.origin)
    if person is not None:
        token = members.enter(node, person).session_token
        found.client.set_cookie(SESSION, token, domain=node.settings.hostname)
    return found


def made_public(lane: Street) -> tuple[Reader, str]:
    """Let Ada make a case public from her page; return her browser and the path."""
    made = lane.tell()
    ada, case = reader(lane.ash, lane.ada.person_id), f"/cases/{made.reference}"
    ada.open(case)
    ada.send(f"{case}/public", title="No heating", text="Who has been there before?")
    lane.run()
    return ada, case


def answered(lane: Street) -> tuple[Reader, str]:
    """Let Ada's public case be answered by Cleo of Birch."""
    lane.acquaint()
    ada, case = made_public(lane)
    lane.answer()
    ada.open(case)
    return ada, case


def later(lane: Street, **length: float) -> None:
    """Let time go by at both communities."""
    lane.village.now += timedelta(**length)
