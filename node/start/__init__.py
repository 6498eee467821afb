"""Beginning: a folder becomes a node, and a node opens its doors, once.

Whoever holds the printed address opens the doors. After that nothing does, whatever
happens to the accounts.
"""

from node.start.answers import Answers, Founder, answers_example, read_answers
from node.start.doors import Community, community, open_doors, peek, setup_url
from node.start.founding import found, init

__all__ = [
    "Answers",
    "Community",
    "Founder",
    "answers_example",
    "community",
    "found",
    "init",
    "open_doors",
    "peek",
    "read_answers",
    "setup_url",
]
