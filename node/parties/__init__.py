"""Who is in a case besides its member: named by them, willing themselves, for a time.

Each has a link of their own to this one case, which shows what was chosen for them.
"""

from node.cases.partied import PartyLine, visitor
from node.parties.answering import confirm, leave, write
from node.parties.naming import Named, agree, end, name, propose, refuse
from node.parties.showing import Board, Line, Seen, Where, board, file, opened, see

__all__ = [
    "Board",
    "Line",
    "Named",
    "PartyLine",
    "Seen",
    "Where",
    "agree",
    "board",
    "confirm",
    "end",
    "file",
    "leave",
    "name",
    "opened",
    "propose",
    "refuse",
    "see",
    "visitor",
    "write",
]
