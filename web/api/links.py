"""Addresses inside the API that its answers name."""

from web.api.operations import PREFIX


def receipt_url(reference: str, seq: int) -> str:
    """Return where the receipt of one entry of a case is."""
    return f"{PREFIX}/cases/{reference}/receipts/{seq}"
