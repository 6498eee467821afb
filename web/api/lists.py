"""Long lists in parts: a cursor says where the last part ended, and cannot be forged.

It names a place in the order and not a number, so nothing is shown twice or left out
when something new arrives.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from governance.errors import ChoiceInvalid
from web import current

_MAC = 16


def cursor(place: object) -> str:
    """Return the cursor that says a part ended here, for whoever asks."""
    raw = str(place).encode()
    return urlsafe_b64encode(_mac(raw) + raw).rstrip(b"=").decode()


def place(cursor: str) -> str:
    """Return where the part ended that a cursor was given out with."""
    try:
        given = urlsafe_b64decode(cursor.encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError):
        given = b""
    mac, raw = given[:_MAC], given[_MAC:]
    if not hmac.compare_digest(mac, _mac(raw)):
        raise ChoiceInvalid("This cursor was not given out here.")
    return raw.decode()


def _mac(raw: bytes) -> bytes:
    whose = str(current.visitor().person_id).encode()
    return current.node().keys.mac("cursor", whose + b"\0" + raw)[:_MAC]
