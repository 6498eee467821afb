"""A draft as everything here reads it: with its case's rules, words and bytes."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from governance.intake import Draft
from governance.rules import Bylaws
from node.core import Node
from node.files import Kept


@dataclass(frozen=True, slots=True)
class Read:
    """A draft inside the transaction that takes it in."""

    node: Node
    tx: Session
    draft: Draft
    bylaws: Bylaws
    #: Its words as far as they are text.
    text: str = field(repr=False)
    #: Exactly what came.
    raw: Kept
    #: Whether the words are all that came.
    whole: bool
