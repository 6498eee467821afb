"""How much of everything one document may have, and what its context may say.

We read by key, others by JSON-LD: a context that gives a name we read another meaning
would let one document say two things. Contexts are text here; none is ever fetched.
"""

from typing import Final

from federation import origins
from federation.activities import Document, embedded, identifier, several
from federation.errors import ActivityMalformed
from federation.terms import AS2, NAMESPACE

#: Addressees of one document, counted together.
ADDRESSEES: Final = 200
_MOST: Final = {"tag": 50, "attachment": 20, "object": ADDRESSEES, "type": 20}
_LONGEST: Final = {"name": 500, "summary": 5_000, "content": 200_000}
_ADDRESSES: Final = ("to", "cc", "bto", "bcc", "audience")
_CONTEXTS: Final = 20
_NO_CONTEXT: Final = ("@context", None)
#: Kept and counted only, so it may be in any vocabulary.
_UNREAD: Final = frozenset({"attachment"})

_PREFIXES: Final = {
    "as": f"{AS2}#",
    "fm": NAMESPACE,
    "ldp": "http://www.w3.org/ns/ldp#",
    "sec": "https://w3id.org/security#",
}
_KEYWORDS: Final = {"id": "@id", "type": "@type"}
_NAMES: Final = {
    "as": (
        "actor alsoKnownAs attachment attributedTo audience bcc bto cc content context "
        "deleted endTime endpoints first followers formerType generator href icon "
        "inReplyTo items last mediaType movedTo name next object orderedItems outbox "
        "partOf preferredUsername prev published replies result sensitive sharedInbox "
        "startTime summary tag target to totalItems updated url"
    ),
    "ldp": "inbox",
    "sec": (
        "assertionMethod controller keyAgreement owner proof publicKey publicKeyPem "
        "publicKeyMultibase signature"
    ),
}
#: Names that are read here, and the one thing each means.
_MEANINGS: Final = {
    name: _PREFIXES[prefix] + name
    for prefix, names in _NAMES.items()
    for name in names.split()
} | {f"{name}Map": f"{AS2}#{name}" for name in ("content", "name", "summary")}
#: The security vocabulary calls these by other names than its contexts do.
_ALSO: Final = {
    "keyAgreement": "https://w3id.org/security#keyAgreementMethod",
}
_IN_CONTEXT: Final = frozenset({"@language", "@version"})
_IN_TERM: Final = frozenset({"@id", "@type", "@container", "@language", "@version"})


def check(document: Document) -> None:
    """Refuse a document that has too much of something, or two meanings."""
    # No context at all is the usual one; below, it would take every name away.
    _keywords({key: it for key, it in document.items() if (key, it) != _NO_CONTEXT})
    _amounts(document)
    if inner := embedded(document.get("object")):
        _amounts(inner)


def _amounts(document: Document) -> None:
    addressed = sum(len(several(document.get(key))) for key in _ADDRESSES)
    if addressed > ADDRESSEES:
        raise ActivityMalformed(f"More than {ADDRESSEES} addressees.")
    for key, most in _MOST.items():
        if len(several(document.get(key))) > most:
            raise ActivityMalformed(f"More than {most} of: {key}.")
    for key, longest in _LONGEST.items():
        if any(len(each) > longest for each in _texts(document, key)):
            raise ActivityMalformed(f"More than {longest} characters in: {key}.")
    whole = [each for each in several(document.get("object")) if isinstance(each, dict)]
    if len(whole) > 1:
        raise ActivityMalformed("More than one thing is embedded.")
    for key in ("id", "actor", "attributedTo", "object"):
        if not origins.fits(identifier(document.get(key)) or ""):
            raise ActivityMalformed("An id is too long.")


def _texts(document: Document, key: str) -> list[str]:
    translated = document.get(f"{key}Map")
    found = [*several(document.get(key))]
    found += translated.values() if isinstance(translated, dict) else ()
    return [each for each in found if isinstance(each, str)]


#: What a typed text is written with; it can name nothing.
_LITERAL: Final = frozenset({"@value", "@language", "@direction"})


def _keywords(value: object) -> None:
    match value:
        case list():
            for each in value:
                _keywords(each)
        case dict():
            if _LITERAL & value.keys() and not value.keys() <= _LITERAL | {"type"}:
                raise ActivityMalformed("A typed text is nothing else beside.")
            for key, each in value.items():
                if key == "@context":
                    _context(each)
                elif key in _UNREAD:
                    continue
                elif key.startswith("@") and key not in _LITERAL:
                    raise ActivityMalformed("A keyword of JSON-LD stands in for a key.")
                else:
                    _keywords(each)


def _context(value: object) -> None:
    entries = value if isinstance(value, list) else [value]
    if len(entries) > _CONTEXTS:
        raise ActivityMalformed(f"A context of more than {_CONTEXTS} entries.")
    for entry in entries:
        match entry:
            case str():
                pass
            case dict():
                for name, meaning in entry.items():
                    _term(name, meaning)
            case _:
                raise ActivityMalformed("A context has names and plain objects only.")


def _term(name: str, meaning: object) -> None:
    if name.startswith("@"):
        if name not in _IN_CONTEXT or isinstance(meaning, dict | list):
            raise ActivityMalformed("A context uses a keyword that is not read here.")
        return
    if isinstance(meaning, dict):
        if not meaning.keys() <= _IN_TERM or _nested(meaning):
            raise ActivityMalformed("A term of the context is more than a name.")
        meaning = meaning.get("@id", name)
    if isinstance(meaning, str):
        _agree(name, meaning)
    elif meaning is not None or name in _KEYWORDS or _meant(name):
        raise ActivityMalformed("A context takes a name away that is read here.")


def _nested(term: Document) -> bool:
    return any(
        isinstance(part, dict) for each in term.values() for part in several(each)
    )


def _agree(name: str, meaning: str) -> None:
    if meaning.startswith("@"):
        agreed = _KEYWORDS.get(name) == meaning
    elif name in _KEYWORDS:
        agreed = False
    else:
        expected = _meant(name)
        said = {meaning, _expanded(meaning)}
        agreed = not expected or not said.isdisjoint(expected)
    if not agreed:
        raise ActivityMalformed("A context gives a name that is read here another one.")


def _meant(name: str) -> set[str]:
    """Return what a name has to mean; nothing for a name that is not read here."""
    if name in _PREFIXES:
        return {_PREFIXES[name]}
    if name.startswith("fm:"):
        return {_expanded(name)}
    if name not in _MEANINGS:
        return set()
    return {_MEANINGS[name], name, _ALSO.get(name, name)}


def _expanded(meaning: str) -> str:
    prefix, colon, rest = meaning.partition(":")
    return _PREFIXES[prefix] + rest if colon and prefix in _PREFIXES else meaning
