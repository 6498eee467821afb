"""Ways to one case without an account: a link, or its reference with four words.

Both are derived from keys this node holds, so a copy of the tables opens nothing.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from unicodedata import combining, normalize
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.errors import LinkInvalid, NotFound
from node import people, throttle
from node.accounts import tokens
from node.accounts.visitor import Visitor
from node.cases.hand import as_given_out
from node.core import Node
from node.models.cases import Case, CaseLink, LinkProof
from node.models.people import Person
from node.upsert import insert_rows

_ID, _MAC = 12, 16
_WORDS, _BITS = 4, 11


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """Where a link leads."""

    reference: str
    #: What a browser keeps to come back: the link itself.
    token: str


@cache
def _list(name: str) -> tuple[str, ...]:
    text = (files("node") / "words" / f"{name}.txt").read_text("utf-8")
    return tuple(text.split())


def words(node: Node, case_id: UUID) -> tuple[str, ...]:
    """Return the four words of a case, the same ones every time."""
    for round_ in range(256):
        mac = node.keys.mac("words", case_id.bytes + bytes([round_]))
        bits = int.from_bytes(mac, "big")
        found = tuple(_list("english")[bits >> _BITS * n & 2047] for n in range(_WORDS))
        # Nobody in distress is handed an unkind word; the next ones are taken.
        if not set(_list("unkind")).intersection(found):
            return found
    raise RuntimeError("every choice of words was unkind")


def make(node: Node, tx: Session, case_id: UUID) -> str:
    """Make a link to a case, and return what opens it."""
    id_ = node.dice(_ID)
    row = {"id": id_, "case_id": case_id, "created_at": node.now()}
    insert_rows(tx, CaseLink, row)
    return _token(node, id_)


def _token(node: Node, id_: bytes) -> str:
    mac = node.keys.mac("link", b"folkmoot/link/1\0" + id_)[:_MAC]
    return f"{_coded(id_)}.{_coded(mac)}"


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def first(node: Node, tx: Session, case_id: UUID) -> str:
    """Return the first link of a case that still opens it."""
    id_ = tx.scalar(
        select(CaseLink.id)
        .where(CaseLink.case_id == case_id, CaseLink.revoked_at.is_(None))
        .order_by(CaseLink.created_at)
        .limit(1)
    )
    return make(node, tx, case_id) if id_ is None else _token(node, id_)


def standing(node: Node, tx: Session, case_id: UUID) -> str:
    """Return what opens a case now, and make nothing; empty where nothing does."""
    lasts = or_(CaseLink.expires_at.is_(None), CaseLink.expires_at > node.now())
    id_ = tx.scalar(
        select(CaseLink.id)
        .where(CaseLink.case_id == case_id, CaseLink.revoked_at.is_(None), lasts)
        .order_by(CaseLink.created_at)
        .limit(1)
    )
    return _token(node, id_) if id_ else ""


def find(node: Node, reference: str, typed: str, *, source: str) -> str:
    """Return the link of a case whose reference and words are given; any miss alike."""
    known = as_given_out(reference)
    # What is no reference opens nothing, so it uses up no tries but the caller's own.
    throttle.spend(node, "track.words", known or reference, source)
    with node.begin() as tx:
        case = tx.scalar(select(Case).where(Case.reference == known))
        right = words(node, case.id if case else UUID(int=0))
        same = hmac.compare_digest(plain(" ".join(right)), plain(typed))
        if case is not None and same:
            return first(node, tx, case.id)
    raise NotFound("No case has this reference with these words. Check both.")


def plain(typed: str) -> bytes:
    """Return typed words in the form in which they are compared."""
    # The first four letters of each word do, whatever stands between them.
    letters = normalize("NFKD", typed.casefold())
    plain = (sign for sign in letters if not combining(sign))
    kept = "".join(sign if sign.isalpha() else " " for sign in plain)
    return " ".join(word[:4] for word in kept.split()).encode()


def open_link(node: Node, token: str) -> OpenedLink:
    """Return the case a link leads to, or refuse a link that leads nowhere."""
    with node.read() as tx:
        case = _case(node, tx, _id(node, token))
        if case is None:
            raise LinkInvalid("This link does not open anything, or not any more.")
        return OpenedLink(case.reference, token)


def _case(node: Node, tx: Session, id_: bytes | None) -> Case | None:
    if id_ is None:
        return None
    link = tx.get(CaseLink, id_)
    gone = link is None or link.revoked_at is not None
    if link is None or gone or (link.expires_at and link.expires_at <= node.now()):
        return None
    return tx.get_one(Case, link.case_id)


def _id(node: Node, token: str) -> bytes | None:
    text, _, _ = token.partition(".")
    try:
        id_ = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return (
        id_ if hmac.compare_digest(_token(node, id_).encode(), token.encode()) else None
    )


def with_secret(node: Node, id_: bytes, secret: str) -> str:
    """Return what is a link and, while a proof of its holder lasts, that proof."""
    return f"{_token(node, id_)}.{secret}"


def alone(token: str) -> str:
    """Return the link in what may be a link with a proof."""
    return ".".join(token.split(".")[:2])


def link_visitor(node: Node, token: str) -> Visitor | None:
    """Return the guest who holds a link, or None if it opens nothing any more.

    With a proof that is over it opens nothing; the link by itself still does.
    """
    link = alone(token)
    with node.read() as tx:
        id_ = _id(node, link)
        case = _case(node, tx, id_)
        proven = token != link
        if case is None or (proven and not _lasts(node, tx, id_, token)):
            return None
        person = tx.get_one(Person, case.member_id)
        name = people.name(node, tx, person.id, person.display_name)
    return Visitor(
        person_id=case.member_id,
        case_id=case.id,
        link_id=id_,
        fresh=proven,
        name=name,
        language=case.language,
    )


def _lasts(node: Node, tx: Session, link_id: bytes | None, token: str) -> bool:
    secret = token.removeprefix(f"{alone(token)}.")
    proof = tx.get(LinkProof, tokens.digest(secret))
    return (
        proof is not None and proof.link_id == link_id and proof.expires_at > node.now()
    )
