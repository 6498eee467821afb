"""The profile of draft-cavage-12, for the many servers that speak nothing newer.

One signature over request target, host, date and digest. The key's type decides the
algorithm; what the field calls it is checked and otherwise ignored.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.errors import KeyRefused, SignatureNarrow, Unverified
from federation.signatures import digests, message
from federation.signatures.message import Fields, Received
from federation.signatures.shapes import Profile, Request, Signer, Verified

_TARGET, _CREATED = "(request-target)", "(created)"
_ALGORITHMS = {"rsa-sha256": {"rsa"}, "hs2019": {"rsa", "ed25519"}}
_PART = re.compile(
    r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|([0-9]{1,12}))[ \t]*(?:,|\Z)', re.ASCII
)
_LONGEST = 8192
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the one `Signature` field says."""

    key_id: str
    #: Empty where it is not named.
    algorithm: str
    names: tuple[str, ...]
    signature: bytes
    created: str


def claim(text: str) -> Claim:
    """Read a `Signature` field of this profile."""
    parts: dict[str, str] = {}
    end = 0
    while end < len(text):
        found = _PART.match(text, end) if len(text) <= _LONGEST else None
        if found is None or found[1] in parts:
            raise Unverified("The Signature cannot be read, or says something twice.")
        parts[found[1]] = found[2] or found[3] or ""
        end = found.end()
    if not parts.get("keyId"):
        raise Unverified("The Signature names no key.")
    names = tuple(parts.get("headers", "date").split(" "))
    if len(set(names)) < len(names):
        raise Unverified("A covered field stands twice.")
    return Claim(
        parts["keyId"],
        parts.get("algorithm", ""),
        names,
        message.unbase64(parts.get("signature", "")),
        parts.get("created", ""),
    )


def sign(request: Request, signer: Signer, *, at: datetime) -> dict[str, str]:
    """Return the fields that sign a request; they replace any of their names."""
    if not isinstance(signer.key, RSAPrivateKey):
        raise TypeError("the older profile is signed with an RSA key")
    where = message.target(request.url)
    added = {"Date": message.http_date(at)}
    if request.method == "POST" or request.body:
        added["Digest"] = digests.digest(request.body or b"")
    fields = {name.lower(): value for name, value in added.items()}
    names = (_TARGET, "host", *fields)
    target = f"{request.method.lower()} {where.path}{where.query}"
    base = _base(names, {**fields, "host": where.authority, _TARGET: target})
    raw = signer.key.sign(base, PKCS1v15(), SHA256())
    added["Signature"] = (
        f'keyId="{signer.key_id}",algorithm="rsa-sha256",'
        f'headers="{" ".join(names)}",signature="{b64encode(raw).decode()}"'
    )
    return added


def verify(received: Received) -> Verified:
    """Return what the signature says, if it covers enough and holds."""
    said = claim(received.fields["signature"])
    kinds = _ALGORITHMS.get(said.algorithm or "hs2019")
    if kinds is None:
        raise KeyRefused("The signature names an algorithm that is not used here.")
    created = _moment(received, said)
    key = received.key(said.key_id)
    if key.kind not in kinds:
        raise KeyRefused("The signature names an algorithm that is not its key's.")
    if not any(key.verify(said.signature, base) for base in _bases(received, said)):
        raise Unverified("The signature does not hold.")
    mark = sha256(said.key_id.encode() + said.signature).digest()
    return Verified(said.key_id, key.owner, Profile.CAVAGE, said.names, created, mark)


def _moment(received: Received, said: Claim) -> datetime:
    body = received.request.method == "POST" or bool(received.body)
    timed = _CREATED in said.names
    needed = {_TARGET, "host", _CREATED if timed else "date"}
    if not needed | ({"digest"} if body else set()) <= set(said.names):
        raise SignatureNarrow("Target, host, date and digest must all be covered.")
    if timed and (said.algorithm != "hs2019" or not said.created):
        raise Unverified("The time of signing goes with hs2019 only.")
    if "digest" in said.names:
        digests.check_digest(received.fields.get("digest", ""), received.body)
    if timed:
        return received.moment(int(said.created))
    return received.moment(_seconds(received.fields.get("date", "")))


def _seconds(text: str) -> int:
    # RFC 9110, 5.6.7: the one form that is sent; the two obsolete ones are not read.
    found = _DATE.fullmatch(text)
    try:
        if found:
            day, year, hour, minute, second = map(int, found.group(1, 3, 4, 5, 6))
            month = _MONTHS.index(found[2]) // 3 + 1
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            return int(moment.timestamp())
    except ValueError as error:
        raise Unverified("The Date is no date.") from error
    raise Unverified("The Date is no date.")


def _bases(received: Received, said: Claim) -> list[bytes]:
    method, where = received.request.method.lower(), received.target
    # Some senders sign their target without its query.
    targets = dict.fromkeys((where.path + where.query, where.path))
    fields = {**received.fields, _CREATED: said.created}
    return [
        _base(said.names, {**fields, _TARGET: f"{method} {target}"})
        for target in targets
    ]


def _base(names: tuple[str, ...], fields: Fields) -> bytes:
    lines = []
    for name in names:
        if name not in fields:
            raise Unverified("A covered field is not in the request.")
        lines.append(f"{name}: {fields[name]}")
    return message.base(lines)
