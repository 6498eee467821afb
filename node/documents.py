"""How documents for other nodes leave: their bytes, made one way, and their types."""

from federation.discovery import ACTIVITY, JRD
from federation.signatures import accept_signature
from federation.vocabulary import dump

__all__ = ["ACTIVITY", "JRD", "accept_signature", "dump"]
