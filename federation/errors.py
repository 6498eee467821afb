"""How the protocol says no: one class per answer, with status, problem and reason.

A reason is safe to send to a stranger: it names the fault, never what was in it.
"""

from typing import ClassVar


class Rejected(Exception):  # noqa: N818 - an answer to a peer, not a fault of ours
    """What arrived is not taken, and the sender is told why."""

    #: The HTTP status of the answer.
    status: ClassVar[int] = 400
    #: The stable name of the fault.
    code: ClassVar[str] = "rejected"
    #: What FEP-c180 calls it; empty where it has no name for it.
    problem: ClassVar[str] = ""
    #: Seconds after which the same may be good; 0 where waiting does not help.
    again: int = 0

    def __init__(self, reason: str, *, again: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        if again is not None:
            self.again = again


class JsonMalformed(Rejected):
    """The bytes are not JSON, or not JSON that everybody reads the same way."""

    code = "json.malformed"


class JsonDuplicate(JsonMalformed):
    """An object has a key twice: two readers would see two documents."""

    code = "json.duplicate"


class JsonTooLarge(JsonMalformed):
    """The document has more bytes than are read here."""

    status = 413
    code = "json.too-large"


class IriInvalid(Rejected):
    """An identifier is no address of the kind that documents have."""

    code = "iri.invalid"


class ActivityMalformed(Rejected):
    """A document lacks what its type must have, or has it in a wrong shape."""

    code = "activity.malformed"


class ActorMismatch(Rejected):
    """Whoever signed is not who acts, or does not own what is acted on."""

    code = "actor.mismatch"
    problem = "principal-actor-mismatch"


class ActorLocalId(ActorMismatch):
    """A stranger's document has an id of this node."""

    code = "actor.localid"


class NotAnActor(Rejected):
    """The document under an actor's id is none."""

    code = "actor.none"
    problem = "not-an-actor"


class NobodyAddressed(Rejected):
    """No inbox here is meant."""

    code = "addressee.none"
    problem = "no-applicable-addressees"


class TypeUnsupported(Rejected):
    """Between partners only what was agreed on is sent."""

    code = "type.unsupported"
    problem = "unsupported-type"


class LengthMissing(Rejected):
    """A body came without its length."""

    status = 411
    code = "length.missing"


class MediaUnsupported(Rejected):
    """The body is not typed as an activity."""

    status = 415
    code = "media.unsupported"


class PrincipalBlocked(Rejected):
    """The members of this node have blocked the origin."""

    status = 403
    code = "origin.blocked"
    problem = "principal-not-authorized"


class ActorGone(Rejected):
    """Whoever this was for was here, and is no longer."""

    status = 410
    code = "actor.gone"


class OtherBytes(Rejected):
    """The id was here before, with other bytes."""

    status = 409
    code = "id.other-bytes"


class TooMany(Rejected):
    """The origin has sent more than it may for now."""

    status = 429
    code = "rate.exceeded"
    problem = "rate-limit-exceeded"
    again = 60


class Overloaded(Rejected):
    """More arrives at once than can be looked at."""

    status = 503
    code = "overloaded"
    again = 5


class Unverified(Rejected):
    """Nothing proves who sent this. The answer says how to sign."""

    status = 401
    code = "sig.bad"


class SignatureMissing(Unverified):
    """The request has no signature."""

    code = "sig.missing"


class SignatureNarrow(Unverified):
    """The signature leaves out what it must cover."""

    code = "sig.narrow"


class SignatureStale(Unverified):
    """The signature is too old, or from the future."""

    code = "sig.window"


class DigestWrong(Unverified):
    """The digest is not that of the body."""

    code = "sig.digest"


class KeyRefused(Unverified):
    """The key is unknown, too weak, or not its owner's."""

    code = "sig.key"


class ProofBad(Unverified):
    """A document's proof is missing where it must be, or does not hold."""

    code = "proof.bad"


class KeyAway(Rejected):
    """The key could not be fetched now; the same request may be good later."""

    status = 503
    code = "key.away"
    again = 60


class Unfetched(Exception):  # noqa: N818 - what became of a request of ours
    """A request of ours got no usable answer. The code is safe to log and to show."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        #: `egress.host`, `egress.denied`, `egress.redirect`, `egress.type`, ...
        self.code = code
        #: What the other side answered, where it answered.
        self.status = status
