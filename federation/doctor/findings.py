"""Every finding there is: its code, how bad it is, and what a person can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How bad it is. Only what fails keeps the two nodes apart."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


#: What is as it should be.
_WELL: Final = {
    "ours.ready": "Our actors have their keys.",
    "ledger.growing": "Our ledger goes on from what was signed before.",
    "ourselves.same": "Our public address serves this node.",
    "name.found": "The name leads to addresses that we may reach.",
    "connection.open": "It answers, on a connection that is trusted.",
    "clock.same": "Its clock and ours differ by {seconds} seconds.",
    "webfinger.names": "WebFinger names the actor of the node.",
    "nodeinfo.names": "NodeInfo names the actor of the node.",
    "actor.served": "It serves an actor under the actor's own id.",
    "signature.both": "Requests signed by either profile are answered.",
    "signature.one": "Requests signed by {profile} alone are answered.",
    "keys.good": "It lists keys that can be believed: {count}.",
    "capabilities.private": "It takes private cases.",
    "capabilities.public": "It takes public things only.",
    "inbox.open": "Its inbox is there; it answered a GET with {reason}.",
    "mode.open": "This community treats it like any other.",
    "profile.known": "We sign by {profile}, which it took last.",
    "profile.unknown": "It has taken nothing lately; both are tried.",
    "waiting.none": "Nothing waits to be sent there.",
    "waiting.some": "Deliveries on their way: {waiting}.",
}
#: What a person looks at; the two nodes still reach each other.
_ODD: Final = {
    "clock.drifts": (
        "Its clock and ours differ by {seconds} seconds: set the wrong one soon."
    ),
    "clock.silent": "It sends no date, so clocks cannot be compared.",
    "webfinger.silent": (
        "WebFinger does not name the actor of the node ({reason}); much other "
        "software never does."
    ),
    "nodeinfo.silent": (
        "NodeInfo does not name the actor of the node ({reason}); much other software"
        " never does."
    ),
    "keys.changed": (
        "It lists another key under an id than we saw last: ask its operator whether "
        "they changed it."
    ),
    "inbox.hidden": (
        "Its inbox answered a GET with {reason}. Some software does so where an inbox"
        " is; only a delivery tells."
    ),
    "mode.limited": (
        "Stewards limited it: what it sends in public waits to be looked at."
    ),
    "waiting.failing": "Deliveries that wait: {waiting}. The last answer was {answer}.",
    "waiting.parked": (
        "Deliveries that were refused and wait for a steward: {parked}. The last "
        "answer was {answer}."
    ),
}
#: What keeps the two nodes apart.
_BAD: Final = {
    "ours.missing": (
        "Our actors have no keys yet: open the doors, and let a worker run."
    ),
    "ledger.stopped": (
        "Our ledger must not be signed further, so nothing can be sealed. {reason}. "
        "Running a node, After a lost disk, says what to do."
    ),
    "ourselves.away": (
        "Our public address gives no good answer ({reason}): look at DNS, certificate"
        " and proxy. Some routers hide a node only from itself."
    ),
    "ourselves.other": (
        "Our public address serves something else: compare FOLKMOOT_PUBLIC_URL with "
        "what the proxy hands on."
    ),
    "name.invalid": (
        "Nobody is asked under this name: nodes have https, the usual port, a name."
    ),
    "name.unknown": (
        "The name leads nowhere: check its spelling, and the DNS of this machine."
    ),
    "name.denied": (
        "The name leads to an address that is not public: its operator mends the DNS."
    ),
    "connection.none": (
        "No connection: it is down, or a firewall stands between. Ask its operator."
    ),
    "connection.slow": (
        "It did not answer in time. Try again later; ask its operator if that lasts."
    ),
    "connection.untrusted": (
        "Its certificate is not good: too old, for another name, or by an authority "
        "that is unknown here. Its operator renews it."
    ),
    "clock.off": (
        "Its clock and ours differ by {seconds} seconds, so signatures will be "
        "refused: set the wrong one."
    ),
    "actor.unnamed": (
        "No actor is named there, and none is known here: follow one by its address."
    ),
    "actor.missing": (
        "There is no actor where one was named ({reason}): its operator looks why."
    ),
    "actor.away": "It cannot serve its actor now ({reason}). Try again later.",
    "actor.wrong": (
        "What it serves as its actor cannot be used ({reason}): its operator mends it."
    ),
    "signature.refused": (
        "Requests that we sign are refused ({reason}): it may not reach our actor, or"
        " have blocked us. Ask its operator."
    ),
    "keys.none": (
        "It lists no key that can be believed, so nothing of it is taken: RSA of "
        "2,048 to 8,192 bits, owned by the actor."
    ),
    "inbox.broken": (
        "Its inbox is out of order ({reason}): what we send waits. Ask its operator."
    ),
    "mode.blocked": "Stewards blocked it: nothing that it sends counts.",
    "waiting.paused": (
        "It failed often, so nothing is tried before {until}. Deliveries that wait: "
        "{waiting}. The last answer was {answer}."
    ),
    "waiting.dead": (
        "It failed on seven days, so it is tried once a day, and news is not kept for"
        " it. The last answer was {answer}."
    ),
}

#: By code: how bad it is, and the sentence. docs/doctor.md lists them too.
SENTENCES: Final[Mapping[str, tuple[State, str]]] = {
    code: (state, sentence)
    for state, told in ((State.OK, _WELL), (State.WARN, _ODD), (State.FAIL, _BAD))
    for code, sentence in told.items()
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of what was found."""

    code: str
    state: State
    #: A sentence for a person.
    says: str

    @property
    def fails(self) -> bool:
        """Whether this keeps the two nodes apart."""
        return self.state is State.FAIL


def found(code: str, **facts: object) -> Finding:
    """Return a finding with its numbers in its sentence."""
    state, sentence = SENTENCES[code]
    return Finding(code, state, sentence.format(**facts))
