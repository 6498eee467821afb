"""A member's passkeys as keys that sign words: their public halves, in raw bytes.

Authenticators hand them over in COSE. Of what else there is, nothing can be checked in
a receipt, so such a passkey signs somebody in and no statement.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import decode_credential_public_key
from webauthn.helpers.cose import COSECRV
from webauthn.helpers.decode_credential_public_key import (
    DecodedEC2PublicKey,
    DecodedOKPPublicKey,
)
from webauthn.helpers.exceptions import WebAuthnException

from ledger import author
from node import log
from node.accounts.visitor import Visitor
from node.core import Node
from node.models.accounts import Passkey
from node.models.authors import AuthorKey

#: An uncompressed point (SEC 1).
_WHOLE = b"\4"


def passkey_points(tx: Session, *, by: Visitor) -> Mapping[bytes, bytes]:
    """Return the public keys of a member's passkeys, by the names of the passkeys."""
    if by.account_id is None:
        return {}
    rows = tx.scalars(select(Passkey).where(Passkey.account_id == by.account_id))
    points = {row.credential_id: _point(row.public_key) for row in rows}
    return {name: point for name, point in points.items() if point is not None}


def revoke_key(node: Node, tx: Session, row: Passkey, person_id: UUID) -> None:
    """Seal that a passkey signs no more words of a person, if it ever signed any."""
    point = _point(row.public_key)
    known = point and tx.get(AuthorKey, author.key_id(point))
    if known and known.owner == person_id:
        log.revoke_key(node, tx, person_id, known.id)


def _point(public_key: bytes) -> bytes | None:
    try:
        found = decode_credential_public_key(public_key)
    except WebAuthnException:
        return None
    match found:
        case DecodedEC2PublicKey(crv=COSECRV.P256, x=x, y=y):
            return _WHOLE + x + y
        case DecodedOKPPublicKey(crv=COSECRV.ED25519, x=x):
            return x
        case _:
            return None
