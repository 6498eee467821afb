"""Message templates: proposed by one, approved by another, filled in for a case."""

from node.texts.filling import EXAMPLE, Filled, example, fill_in, names, preview
from node.texts.versions import (
    Draft,
    Shown,
    approve,
    every,
    propose,
    retire,
    sent_with,
    show,
    standing,
)

__all__ = [
    "EXAMPLE",
    "Draft",
    "Filled",
    "Shown",
    "approve",
    "every",
    "example",
    "fill_in",
    "names",
    "preview",
    "propose",
    "retire",
    "sent_with",
    "show",
    "standing",
]
