"""Handing a message to the relay that the operator named."""

import smtplib
import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from node.core import outside
from node.settings import BadSetting

_TIMEOUT = 10
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Relay:
    """One mail relay; a new connection for each message, since messages are rare."""

    scheme: str
    host: str
    port: int
    sender: str
    starttls: bool = False
    user: str = field(default="", repr=False)
    word: str = field(default="", repr=False)

    def send(self, to: str, message: bytes) -> None:
        """Hand over a whole message; raises OSError when the relay did not take it."""
        outside()
        relay = self._connected()
        try:
            if self.starttls:
                relay.starttls(context=ssl.create_default_context())
            if self.user:
                relay.login(self.user, self.word)
            relay.sendmail(self.sender, [to], message)
        except UnicodeError as error:
            raise OSError("this address cannot be written to") from error
        finally:
            # What was taken stays taken, however the relay says good-bye.
            relay.close()

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtp":
            return smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        # Without a context of ours the relay's certificate would not be looked at.
        trusted = ssl.create_default_context()
        return smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=trusted)


def relay(url: str, sender: str) -> Relay:
    """Read `smtp://user:word@host:port?starttls=1`, or `smtps://`."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadSetting(
            "FOLKMOOT_SMTP_URL begins with smtp:// or smtps:// and a host."
        )
    return Relay(
        parts.scheme,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        sender,
        starttls=parse_qs(parts.query).get("starttls") == ["1"],
        user=unquote(parts.username or ""),
        word=unquote(parts.password or ""),
    )
