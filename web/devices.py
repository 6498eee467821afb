"""What a device is called in the list of somebody's sessions.

Coarse on purpose: enough to tell one's own phone from one's own computer, no more.
"""

#: The first that is found in what the browser says of itself.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def label(user_agent: str) -> str:
    """Return browser and system, as "Firefox, Linux"; empty when neither is known."""
    found = (_first(names, user_agent) for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
