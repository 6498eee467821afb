"""Where people are led to: never out of the house."""

from urllib.parse import urlsplit


def local(address: str) -> str:
    """Return an address if it is a path of ours, else nothing."""
    # "//host" and "/\\host" are other places to a browser.
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not inside or not address.isprintable() or urlsplit(address).netloc:
        return ""
    return address
