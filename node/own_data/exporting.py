"""One document with everything about a member, which other programs can read.

It is signed by the community's key, once it has one, so that another community can
tell that it was not changed on the way.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from federation import terms
from governance.errors import NotFound
from node import access, cases, consent_records, feedback
from node.accounts.visitor import Visitor
from node.core import Node
from node.log import ChainErased
from node.own_data.held import held
from node.own_data.shapes import CaseHeld

_CONTEXT: Mapping[str, str] = {
    "dct": "http://purl.org/dc/terms/",
    "fm": terms.NAMESPACE,
}


def export(node: Node, *, by: Visitor) -> dict[str, object]:
    """Return everything the node holds about whoever is signed in."""
    found = held(node, by=by)
    told = [_case(node, it, by) for it in found.cases]
    document: dict[str, object] = {
        "@context": [dict(_CONTEXT)],
        "type": "fm:OwnData",
        "fm:version": 1,
        "fm:from": node.settings.origin,
        "dct:created": node.now().isoformat(),
        "fm:person": {
            name: value
            for name, value in _fields(found).items()
            if name not in {"cases", "purposes"}
        },
        "fm:cases": [it for it in told if it is not None],
    }
    with node.read() as tx:
        return consent_records.signed(node, tx, document)


def _case(node: Node, it: CaseHeld, by: Visitor) -> dict[str, object] | None:
    ref = it.reference
    try:
        return {
            **_fields(it),
            "case": plain(cases.view(node, ref, by=by)),
            "consents": [
                plain(one) for one in consent_records.records(node, ref, by=by)
            ],
            "feedback": plain(feedback.of_member(node, ref, by=by)),
            **_seen(node, ref, by),
            "receipts": f"{node.settings.origin}/cases/{ref}/bundle",
        }
    except (NotFound, ChainErased):
        # It went while the others were read.
        return None


def _seen(node: Node, ref: str, by: Visitor) -> dict[str, object]:
    page = access.sharing(node, ref, by=by)
    reads = list(page.reads)
    last = page.last
    while last is not None:
        more = access.sharing(node, ref, by=by, before=last)
        reads, last = [*reads, *more.reads], more.last
    return {
        "reads": plain(reads),
        "disclosures": plain(page.disclosures),
        "exceptions": plain(page.exceptions),
    }


def plain(value: object) -> object:
    """Return a value as JSON has it; no fraction, and every time with its zone."""
    if isinstance(value, Mapping):
        return {str(name): plain(it) for name, it in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(it) for it in value]
    return _fields(value) if is_dataclass(value) else _single(value)


def _single(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, str | UUID | Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _fields(value: Any) -> dict[str, object]:
    return {it.name: plain(getattr(value, it.name)) for it in fields(value)}
