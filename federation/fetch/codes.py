"""Why a request of ours got no usable answer: the codes of `Unfetched`.

They are safe to log and to show, and stay the same from release to release.
"""

from collections.abc import Mapping
from typing import Final

#: The URL is none that is fetched: scheme, port, user info, a literal address.
HOST = "egress.host"
#: The name leads to an address that is not public.
DENIED = "egress.denied"
#: Too many hops, a loop, a way down to plain http, or a hop that is no such URL.
REDIRECT = "egress.redirect"
#: The answer is not of the type that was asked for.
TYPE = "egress.type"
#: The answer is encoded, though that was not asked for.
ENCODING = "egress.encoding"
#: The answer is larger than is read here.
LARGE = "egress.large"
#: The answer was not complete when the time was over.
SLOW = "egress.slow"
#: No trusted, encrypted connection to that name.
TLS = "egress.tls"
#: No connection, or no HTTP on it.
UNREACHABLE = "egress.unreachable"
#: Answered, but not with 200.
STATUS = "egress.status"
#: The document is not the one of the id it has.
ID = "egress.id"

#: The same in words, for whoever asked.
SENTENCES: Final[Mapping[str, str]] = {
    HOST: (
        "Only https at a public name is read. Hosts of a rig are listed in"
        " FOLKMOOT_FEDERATION_INSECURE_HOSTS."
    ),
    DENIED: "The name leads to an address that is not public.",
    REDIRECT: "It sends whoever asks somewhere that is not followed.",
    TYPE: "What is there is a file of another type.",
    ENCODING: "What is there came packed, though that was not asked for.",
    LARGE: "What is there is larger than such a file can be.",
    SLOW: "It did not answer in time.",
    TLS: "There is no encrypted connection to it that can be trusted.",
    UNREACHABLE: "The name is not known, or nothing answers there.",
    STATUS: "It answered that it does not give this file.",
    ID: "What is there says that it belongs elsewhere.",
}
