"""The cookies of this node: their names, and what is set at the end of a request.

Over https their names bind them to this host; browsers keep to that. On one machine
without https, cookies ignore ports, so the port is in the name.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Response, g, request

from web.current.context import node

#: How long a browser keeps being signed in, a form it has begun, and its choices.
SESSION = timedelta(days=90)
_PENDING, _CHOICE = timedelta(hours=24), timedelta(days=365)

_HOST, _SECURE = "__Host-", "__Secure-"


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    value: str
    lasts: timedelta
    path: str


def session() -> str | None:
    """Return the token of a session this browser carries."""
    return _read(_name(""))


def keep_session(token: str) -> None:
    """Let this browser carry a session."""
    _keep(_name(""), token, lasts=SESSION)


def drop_session() -> None:
    """Take the session from this browser, and what it remembers of pages."""
    _keep(_name(""), "", lasts=timedelta(0))
    g.clear_cache = True


def case_link() -> str | None:
    """Return the link this browser carries for the case whose page it asks for."""
    return _read(_name("-case", _SECURE))


def keep_case_link(reference: str, token: str) -> None:
    """Let this browser carry a link, to one case and nowhere else."""
    name = _name("-case", _SECURE)
    _keep(name, token, lasts=SESSION, path=f"/cases/{reference}")


def party_link() -> str | None:
    """Return the link of whoever is in a case of somebody else, on their page of it."""
    return _read(_name("-party", _SECURE))


def keep_party_link(reference: str, token: str) -> None:
    """Let this browser carry a party's link, to their page of one case."""
    name = _name("-party", _SECURE)
    _keep(name, token, lasts=SESSION, path=f"/cases/{reference}/party")


def choice(name: str) -> str | None:
    """Return what this browser chose before, such as `lang` or `scheme`."""
    return _read(_name(f"-{name}"))


def choose(name: str, value: str) -> None:
    """Remember a choice in this browser for a year."""
    _keep(_name(f"-{name}"), value, lasts=_CHOICE)


def pending(kind: str) -> str | None:
    """Return the token of a form this browser has begun and not finished."""
    return _read(_name(f"-{kind}"))


def keep_pending(kind: str, token: str) -> None:
    """Remember in this browser that it has begun a form; 24 hours."""
    _keep(_name(f"-{kind}"), token, lasts=_PENDING)


def drop_pending(kind: str) -> None:
    """Forget the form this browser had begun."""
    _keep(_name(f"-{kind}"), "", lasts=timedelta(0))


def has_cookies() -> bool:
    """Say whether the answer may depend on what this browser carries."""
    stems = _name(""), _name("", _SECURE)
    return any(name.startswith(stems) for name in request.cookies)


def finish(response: Response) -> Response:
    """Write on the answer what the browser shall keep. Called once, by `app.py`."""
    for cookie in cast("dict[str, _Kept]", g.get("kept", {})).values():
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.lasts,
            path=cookie.path,
            secure=not _plain(),
            httponly=True,
            samesite="Lax",
        )
    if g.get("clear_cache", False):
        response.headers["Clear-Site-Data"] = '"cache"'
    return response


def forget() -> None:
    """Forget what was to be set on the answer."""
    g.pop("kept", None)
    g.pop("clear_cache", None)


def _read(name: str) -> str | None:
    given = request.cookies.getlist(name)
    # Two of one name: one was planted from another port or path. Believe neither.
    return given[0] if len(given) == 1 else None


def _keep(name: str, value: str, *, lasts: timedelta, path: str = "/") -> None:
    if "kept" not in g:
        g.kept = {}
    g.kept[name] = _Kept(name, value, lasts, path)


def _name(suffix: str, prefix: str = _HOST) -> str:
    if _plain():
        return f"folkmoot-{node().settings.port}{suffix}"
    return f"{prefix}folkmoot{suffix}"


def _plain() -> bool:
    settings = node().settings
    return settings.loopback and not settings.secure
