"""Knocking at an inbox with what should do nothing, and holding that it does not."""

from collections.abc import Mapping
from typing import Any

from structlog.testing import capture_logs

from node.models.follows import Follow
from node.models.log import LedgerEntry
from node.models.outbox import Outgoing
from node.models.publications import Publication, PublicReply, RemoteCase
from tests.support.door import Place, all_of, refused
from tests.support.stranger import PUBLIC, Fields, Stranger

MISMATCH = "principal-actor-mismatch"
EFFECTS = (Follow, PublicReply, RemoteCase, Outgoing, LedgerEntry, Publication)


def stranger(place: Place) -> Stranger:
    """Return somebody new, after what came before is done and forgotten."""
    place.village.pass_time(minutes=10)
    place.work()
    return place.stranger()


def knocks(
    place: Place,
    eve: Stranger,
    body: bytes,
    fields: Fields,
    status: int = 401,
    **how: Any,
) -> str:
    """Hold that this is refused, that nothing is kept, and that it is noticed once."""
    place.forget_lines()
    with place.nothing_kept(), capture_logs() as lines:
        problem = how.pop("problem", "")
        assert refused(eve.knock(body, fields, **how), status, problem)
    noticed = [one["event"] for one in lines if one["log_level"] == "warning"]
    assert len(noticed) == 1, noticed
    return str(noticed[0])


def changed(fields: Fields, **values: str | None) -> list[tuple[str, str]]:
    """Return the fields with some of them replaced; None takes one away."""
    named = {name.replace("_", "-"): value for name, value in values.items()}
    kept = [(name, named.pop(name, value)) for name, value in fields]
    return [(name, value) for name, value in [*kept, *named.items()] if value]


def remote_case(eve: Stranger, **changed: Any) -> dict[str, Any]:
    """Return what somebody says of a public case of theirs."""
    note = eve.note(name="Light out", **{"fm:caseStatus": "fm:open", **changed})
    return eve.act("Create", note, to=[PUBLIC])


def refuses(
    place: Place, eve: Stranger, document: object, status: int = 400, **named: str
) -> int:
    """Hold that this is refused, and that nothing of it is kept or asked for."""
    before = eve.fetched
    place.forget_lines()
    with place.nothing_kept(), capture_logs() as lines:
        assert refused(eve.send(document), status, **named), document
    assert sum(one["log_level"] == "warning" for one in lines) == 1
    return eve.fetched - before


def turned_away(place: Place, eve: Stranger, document: object) -> None:
    """Hold that this is refused as malformed or contradictory, by whatever name."""
    with place.nothing_kept():
        answer = eve.send(document)
    assert answer.status_code == 400, (document, answer.data)


def ineffective(
    place: Place, eve: Stranger, *documents: Mapping[str, Any]
) -> list[str]:
    """Hold that these are taken and have no effect; return what became of them."""
    before = {model: rows(place, model) for model in EFFECTS}
    ends = place.take(eve, *documents)
    assert {model: rows(place, model) for model in EFFECTS} == before
    return ends


def rows(place: Place, model: Any) -> list[str]:
    """Return every row of a table, in a form that can be compared."""
    columns = model.__table__.columns.keys()
    return sorted(
        str([getattr(row, name) for name in columns])
        for row in all_of(place.node, model)
    )
