"""Forms of several steps: what was typed so far waits here, for a day.

Only the browser's token opens a form again: a stolen database does not, not even
together with the key files.
"""

import json
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from node import vault
from node.accounts import tokens
from node.core import Node
from node.models.forms import PendingForm

KEPT = timedelta(hours=24)


def keep(
    node: Node, token: str | None, kind: str, step: str, data: Mapping[str, object]
) -> str:
    """Keep a form as it stands and return its token.

    A token that names no living form of this kind is replaced: nobody can choose
    a token for somebody else.
    """
    now = node.now()
    with node.begin() as tx:
        row = _living(node, tx, token, kind)
        if row is None or token is None:
            token = tokens.mint(node)
            row = PendingForm(id_hash=_name(node, token), kind=kind)
            tx.add(row)
        row.step, row.expires_at = step, now + KEPT
        row.data = vault.seal(node, _key(node, token), _place(row), json.dumps(data))
    return token


def read(node: Node, token: str | None, kind: str) -> dict[str, object] | None:
    """Return what was typed so far, with its `step`, or None without such a form."""
    with node.read() as tx:
        row = _living(node, tx, token, kind)
    if row is None or token is None:
        return None
    words = vault.unseal(_key(node, token), _place(row), row.data)
    data: dict[str, object] = json.loads(words)
    return {**data, "step": row.step}


def drop(node: Node, token: str | None) -> None:
    """Forget a form. Safe to call twice."""
    if token is None:
        return
    with node.begin() as tx:
        tx.execute(delete(PendingForm).where(PendingForm.id_hash == _name(node, token)))


def forget(node: Node) -> None:
    """Drop the forms nobody came back to. Safe to call at any time."""
    with node.begin(durable=False) as tx:
        tx.execute(delete(PendingForm).where(PendingForm.expires_at <= node.now()))


def _living(
    node: Node, tx: Session, token: str | None, kind: str
) -> PendingForm | None:
    if token is None:
        return None
    row = tx.get(PendingForm, _name(node, token))
    if row is None or row.kind != kind or row.expires_at <= node.now():
        return None
    return row


def _name(node: Node, token: str) -> bytes:
    return node.keys.mac("form", b"name\0" + token.encode())


def _key(node: Node, token: str) -> bytes:
    return node.keys.mac("form", b"key\0" + token.encode())


def _place(row: PendingForm) -> vault.Place:
    return vault.Place("pending_form", "data", row.id_hash.hex())
