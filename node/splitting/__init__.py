"""One message, several matters: a part becomes a case of its own, and goes back."""

from node.splitting.acts import Made, Marked, split
from node.splitting.shown import Parts, PieceLine, parts_of
from node.splitting.undoing import undo

__all__ = ["Made", "Marked", "Parts", "PieceLine", "parts_of", "split", "undo"]
