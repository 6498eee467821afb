"""That a form was made here, for whoever sends it.

With a session, a form carries a MAC of that session, masked afresh each time.
Without one it carries a signed moment: nothing rides on a cookie there.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from governance.errors import Invalid
from node.core import Node

#: A person takes longer than this to fill in a form, and comes back sooner than that.
QUICKEST, OLDEST = timedelta(seconds=3), timedelta(hours=24)

_SIZE, _NONCE, _MOMENT = 32, 8, 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def csrf(node: Node, session_token: str) -> str:
    """Return the form token of a session; it looks different every time."""
    mask = node.dice(_SIZE)
    return _text(mask + _xor(mask, _of_session(node, session_token)))


def csrf_holds(node: Node, session_token: str, given: str) -> bool:
    """Say whether a form token was made for this session."""
    masked = _bytes(given)
    if len(masked) != 2 * _SIZE:
        return False
    found = _xor(masked[:_SIZE], masked[_SIZE:])
    return hmac.compare_digest(found, _of_session(node, session_token))


def _of_session(node: Node, session_token: str) -> bytes:
    return node.keys.mac("csrf", sha256(session_token.encode()).digest())


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def form_token(node: Node, at: datetime) -> str:
    """Return the token of a form that is shown to somebody without a session."""
    signed = ((at - _EPOCH) // _MILLISECOND).to_bytes(_MOMENT, "big") + node.dice(
        _NONCE
    )
    return _text(signed + node.keys.mac("form", b"token\0" + signed))


def form_age(node: Node, token: str, at: datetime) -> timedelta:
    """Return how long ago a form was shown; refuse one that was not made here.

    What is too quick or too old is for the caller to decide: see QUICKEST, OLDEST.
    """
    given = _bytes(token)
    signed, mac = given[: _MOMENT + _NONCE], given[_MOMENT + _NONCE :]
    if not hmac.compare_digest(mac, node.keys.mac("form", b"token\0" + signed)):
        raise Invalid("This form was not made here. Please open the page again.")
    return at - (_EPOCH + int.from_bytes(signed[:_MOMENT], "big") * _MILLISECOND)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError):
        return b""
