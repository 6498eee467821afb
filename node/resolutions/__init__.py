"""How a case ends: answered, refused by two people, or brought back."""

from node.resolutions.answering import answer, resolve
from node.resolutions.now import answer_now
from node.resolutions.refusing import Refused, agree, disagree, propose
from node.resolutions.returning import appeal, reopen

__all__ = [
    "Refused",
    "agree",
    "answer",
    "answer_now",
    "appeal",
    "disagree",
    "propose",
    "reopen",
    "resolve",
]
