"""The catalogue itself: a row for each kind of exchange, and the forms it comes in.

Forms are read from the top, and the first that fits counts: the narrow before the
wide, and the private before the public.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from federation.origins import ACTORS


class Lane(StrEnum):
    """Where an activity queues, and how strictly in order."""

    CONTROL = "C"
    PRIVATE = "P"
    PUBLIC = "U"
    BULK = "B"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the catalogue, as it is documented."""

    number: int
    #: The types of the activities, and what they are about.
    types: tuple[str, ...]
    about: str
    lanes: tuple[Lane, ...]
    who: str


@dataclass(frozen=True, slots=True)
class Form:
    """How an activity of a row can be told from all others."""

    row: int
    lane: Lane
    types: frozenset[str]
    #: Types of what it is about, "" for a bare id; None where all are right.
    object: frozenset[str] | None = None
    result: frozenset[str] | None = None
    #: Keys that it says something under, and keys that its object does.
    having: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


C, P, U, B = Lane.CONTROL, Lane.PRIVATE, Lane.PUBLIC, Lane.BULK

#: The row of whatever has no other.
OTHER: Final = 22

#: Only what passes between the parties of an agreement says something under these.
PRIVATE_KEYS: Final = ("fm:sealed", "fm:consent", "fm:agreement", "fm:sequence")

ROWS: Final = (
    Row(1, ("Follow", "Undo", "Accept", "Reject"), "Follow", (U,), "anyone"),
    Row(2, ("Create", "Update"), "Note, Event", (U,), "the Group that owns it"),
    Row(3, ("Announce",), "activity", (U,), "a Group"),
    Row(4, ("Create", "Update", "Accept"), "Note in reply", (U,), "whom policy allows"),
    Row(5, ("Offer",), "fm:Agreement", (C,), "a Group to a Group"),
    Row(6, ("TentativeAccept", "Accept", "Reject"), "row 5", (C,), "the other party"),
    Row(7, ("Update", "Undo"), "fm:Standing, rows 5 and 6", (C,), "either party"),
    Row(8, ("Offer", "Accept", "Reject"), "fm:Case", (P,), "the owner to its partner"),
    Row(9, ("Add", "Accept"), "activity of a case", (P,), "the owner of the case"),
    Row(10, ("Create", "Update", "Delete"), "fm:Reply", (P,), "the assigned advocate"),
    Row(11, ("Offer", "Accept"), "Relationship", (P, U), "an advocate with a grant"),
    Row(12, ("Undo", "Remove", "Update"), "row 11", (P, U), "the advocate, the owner"),
    Row(13, ("Update", "Offer"), "fm:Case status", (P, U), "the owner of the case"),
    Row(14, ("Undo", "TentativeAccept"), "fm:ConsentGrant", (C,), "the owning Group"),
    Row(15, ("Accept",), "row 14", (C,), "the recipient"),
    Row(16, ("Delete",), "anything", (C, U), "the owner, from its own origin"),
    Row(17, ("Update", "Move"), "actor", (C, U), "the actor itself"),
    Row(18, ("Flag", "Accept", "Reject"), "anything", (P, U), "any actor"),
    Row(19, ("Block",), "actor", (U,), "nobody: it is only noted"),
    Row(
        20, ("Offer", "Accept", "Reject"), "fm:Checkpoint", (B,), "a node, its witness"
    ),
    Row(21, ("Add",), "fm:Checkpoint", (B,), "a node"),
    Row(OTHER, (), "anything else", (U,), "anyone"),
)


def _one(name: str) -> frozenset[str]:
    return frozenset({name})


_ACCEPT, _OFFER, _UNDO, _ADD = (
    _one("Accept"),
    _one("Offer"),
    _one("Undo"),
    _one("Add"),
)
_CREATE, _UPDATE, _DELETE = _one("Create"), _one("Update"), _one("Delete")
_FINAL = frozenset({"Accept", "Reject"})
_ANSWER = _FINAL | {"TentativeAccept"}
_WRITTEN = _CREATE | _UPDATE
_RELEASED = _UPDATE | {"Remove"}
_RELATIONSHIP = _one("Relationship")
_AGREED = ("fm:agreement",)
_NOTED = ("fm:checkpoint",)

FORMS: Final = (
    # Answers: by what they bring, then by what they mention.
    Form(6, C, _ANSWER, result=_one("fm:Ratification")),
    Form(8, P, _ACCEPT, result=_one("fm:Case")),
    Form(15, C, _ACCEPT, result=_one("fm:ErasureReceipt")),
    Form(20, B, _FINAL, result=_one("fm:Cosignature")),
    Form(11, P, _ACCEPT, result=_RELATIONSHIP, having=_AGREED),
    Form(11, U, _ACCEPT, result=_RELATIONSHIP),
    Form(18, P, _FINAL, having=("fm:outcome", "fm:agreement")),
    Form(18, U, _FINAL, having=("fm:outcome",)),
    Form(14, C, _one("TentativeAccept"), having=("fm:frozenAt",)),
    Form(9, P, _ACCEPT, having=("fm:receipt",)),
    Form(8, P, _FINAL, having=_AGREED),
    Form(6, C, _ANSWER, having=_NOTED),
    Form(1, U, _FINAL, object=_one("Follow")),
    Form(4, U, _ACCEPT, having=("result",)),
    Form(1, U, _FINAL, object=_one("")),
    # Offers.
    Form(5, C, _OFFER, object=_one("fm:Agreement")),
    Form(8, P, _OFFER, object=_one("fm:Case")),
    Form(20, B, _OFFER, object=_one("fm:Checkpoint")),
    Form(11, P, _OFFER, object=_RELATIONSHIP, having=_AGREED),
    Form(11, U, _OFFER, object=_RELATIONSHIP),
    Form(13, P, _OFFER, object=_UPDATE, having=_AGREED),
    Form(13, U, _OFFER, object=_UPDATE),
    # What ends something.
    Form(14, C, _UNDO, object=_one("fm:ConsentGrant")),
    Form(14, C, _UNDO, having=("fm:withdraw",)),
    Form(12, P, _UNDO, having=("fm:agreement", "context")),
    Form(7, C, _UNDO, having=_AGREED),
    Form(12, U, _UNDO, object=_OFFER),
    Form(1, U, _UNDO, object=frozenset({"Follow", ""})),
    Form(10, P, _WRITTEN | _DELETE, object=_one("fm:Reply")),
    Form(16, C, _DELETE, having=_AGREED),
    Form(16, C, _DELETE, having=_NOTED),
    Form(16, U, _DELETE),
    # What is made, changed and put somewhere.
    Form(7, C, _UPDATE, object=_one("fm:Standing")),
    Form(13, P, _UPDATE, object=_one("fm:Case")),
    Form(12, P, _RELEASED, object=_RELATIONSHIP, having=_AGREED),
    Form(12, U, _RELEASED, object=_RELATIONSHIP),
    Form(17, C, _UPDATE, object=ACTORS, having=_NOTED),
    Form(17, U, _UPDATE, object=ACTORS),
    Form(17, C, _one("Move"), having=_NOTED),
    Form(17, U, _one("Move")),
    Form(21, B, _ADD, object=_one("fm:Checkpoint")),
    Form(9, P, _ADD, having=("fm:sequence",)),
    Form(9, P, _ADD, having=_AGREED),
    Form(4, U, _WRITTEN, object=_one("Note"), within=("inReplyTo",)),
    Form(2, U, _WRITTEN, object=frozenset({"Note", "Event"})),
    Form(3, U, _one("Announce")),
    Form(1, U, _one("Follow")),
    Form(18, P, _one("Flag"), having=_AGREED),
    Form(18, U, _one("Flag")),
    Form(19, U, _one("Block")),
)
