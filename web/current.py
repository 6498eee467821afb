"""The request's node, person, language and cookies.

The one file that knows Flask's context and the names of cookies. A view says what
the browser shall keep; it is written on the answer once the view is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar, cast
from uuid import UUID

from flask import Response, current_app, g, request

from governance.errors import AuthRequired
from node import accounts, cases, start, throttle
from node.accounts import GUEST, SignedIn, Visitor
from node.cases import OpenedLink
from node.core import Node
from node.language import Language, shipped
from node.language import choose as choose_language
from node.start import Community

#: The names of the two hidden fields of our forms.
CSRF_FIELD, FORM_FIELD = "csrf", "form_token"
#: Where an application keeps the languages it speaks.
LANGUAGES = "folkmoot.languages"

_SESSION = timedelta(days=90)
_PENDING = timedelta(hours=24)
_CHOICE = timedelta(days=365)
#: Browsers keep cookies of these names to https, and the first to this very host.
_HOST, _SECURE = "__Host-", "__Secure-"

Found = TypeVar("Found")


def node() -> Node:
    """Return the node this process serves."""
    return cast("Node", current_app.extensions["folkmoot"])


def begin() -> None:
    """Note when the request came in. Called once, by `app.py`."""
    g.began = node().monotonic()


def elapsed_ms() -> int:
    """Return how long the request has taken so far, in milliseconds."""
    now = node().monotonic()
    return round((now - cast("float", g.get("began", now))) * 1000)


def request_id() -> str:
    """Return the name of this request, as it is logged and shown on error pages."""
    return _once("request_id", lambda: node().dice(16).hex())


def visitor() -> Visitor:
    """Return who is asking, read afresh for every request."""
    return _once("visitor", _by_header if _programs() else _by_cookie)


def source() -> str:
    """Return the block of addresses the request came from, for limits."""
    return throttle.block(request.remote_addr or "")


def client() -> str:
    """Return the name under which repeated calls of one program are recognised."""
    who = visitor()
    return f"{who.kind}:{who.account_id or who.case_id or '-'}"


def fresh_id() -> UUID:
    """Return a new id, for a form that shall count once however often it is sent."""
    return UUID(bytes=node().dice(16), version=4)


def url(path: str) -> str:
    """Return the public address of a path; request headers have no say in it."""
    return node().settings.origin + path


def community() -> Community:
    """Return the community whose node this is."""
    return _once("community", lambda: start.community(node()))


def language() -> str:
    """Return the language to answer in: asked for, account, chosen, browser, node."""
    return _once("language", _language)


def spoken() -> Mapping[str, Language]:
    """Return the languages pages can be read in, by tag."""
    return cast(
        "Mapping[str, Language]", current_app.extensions.get(LANGUAGES, shipped())
    )


def choice(name: str) -> str | None:
    """Return what this browser chose before, such as `lang` or `scheme`."""
    return _cookie(f"-{name}")


def choose(name: str, value: str) -> None:
    """Remember a choice in this browser for a year."""
    _keep(f"-{name}", value, lasts=_CHOICE)


def sign_in(signed_in: SignedIn) -> None:
    """Let this browser in: a new session, whatever it carried before."""
    _keep("", signed_in.session_token, lasts=_SESSION)
    g.visitor = signed_in.visitor


def sign_out() -> None:
    """End the session here and on the server, and empty the browser's cache."""
    if visitor().session_id is not None:
        accounts.sign_out(node(), by=visitor())
    _drop("")
    g.clear_cache = True
    g.visitor = GUEST


def open_case(opened: OpenedLink) -> None:
    """Let this browser into the one case a link is about, and nowhere else."""
    path = f"/cases/{opened.reference}"
    _put(_Kept(_name("-case", _SECURE), opened.token, _SESSION, path))


def pending(kind: str) -> str | None:
    """Return the token of a form this browser has begun and not finished."""
    return _cookie(f"-{kind}")


def keep_pending(kind: str, token: str) -> None:
    """Remember in this browser that it has begun a form; 24 hours."""
    _keep(f"-{kind}", token, lasts=_PENDING)


def drop_pending(kind: str) -> None:
    """Forget the form this browser had begun."""
    _drop(f"-{kind}")


def csrf_token() -> str:
    """Return what a form must bring back when the browser is known by a cookie."""
    token = _identity()
    return accounts.csrf(node(), token) if token else ""


def csrf_holds(given: str) -> bool:
    """Say whether a form brought back what this browser was given."""
    token = _identity()
    return token is not None and accounts.csrf_holds(node(), token, given)


def form_token() -> str:
    """Return the signed moment a form without a session was handed out."""
    return accounts.form_token(node(), node().now())


def form_age() -> timedelta:
    """Say how long the form was open, or refuse one that we did not hand out."""
    given = request.form.get(FORM_FIELD, "")
    return accounts.form_age(node(), given, node().now())


def known_by_cookie() -> bool:
    """Say whether the browser sent anything it is recognised by."""
    return _identity() is not None


def has_cookies() -> bool:
    """Say whether the answer may depend on what this browser carries."""
    return any(name.startswith(_stems()) for name in request.cookies)


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


def start_over() -> None:
    """Forget what a view wanted kept, because it is going to run again."""
    for name in ("kept", "visitor", "clear_cache"):
        g.pop(name, None)


@dataclass(frozen=True, slots=True)
class _Kept:
    name: str
    value: str
    lasts: timedelta
    path: str


def _once(name: str, find: Callable[[], Found]) -> Found:
    if name not in g:
        setattr(g, name, find())
    return cast("Found", getattr(g, name))


def _programs() -> bool:
    return request.path.startswith("/api/")


def _by_header() -> Visitor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return replace(GUEST, channel="api")
    reader = _SCHEMES.get(scheme.lower())
    found = reader(node(), token.strip()) if reader else None
    if found is None:
        raise AuthRequired("This token was never given out, or it has ended.")
    return replace(found, channel="api")


_SCHEMES: dict[str, Callable[[Node, str], Visitor | None]] = {
    "bearer": accounts.bearer,
    "link": cases.link_visitor,
}


def _by_cookie() -> Visitor:
    # The case cookie is only sent below the case's own address; there it goes first.
    token = _cookie("-case", prefix=_SECURE)
    found = cases.link_visitor(node(), token) if token else None
    token = _cookie("")
    if found is None and token:
        found = accounts.session(node(), token)
    return found or GUEST


def _identity() -> str | None:
    return _cookie("-case", prefix=_SECURE) or _cookie("")


def _language() -> str:
    known = cast("Visitor", g.get("visitor", GUEST))
    account = known.language if known.account_id else None
    wishes = request.args.get("lang"), account, choice("lang")
    browser = request.accept_languages.values()
    found = choose_language((*wishes, *browser), spoken())
    return found or community().language


def _cookie(suffix: str, prefix: str = _HOST) -> str | None:
    given = request.cookies.getlist(_name(suffix, prefix))
    # Two of one name: one was planted from another port or path. Believe neither.
    return given[0] if len(given) == 1 else None


def _name(suffix: str, prefix: str = _HOST) -> str:
    if _plain():
        # Cookies ignore ports: two nodes on one machine would sign each other out.
        return f"folkmoot-{node().settings.port}{suffix}"
    return f"{prefix}folkmoot{suffix}"


def _stems() -> tuple[str, ...]:
    return _name(""), _name("", _SECURE)


def _plain() -> bool:
    settings = node().settings
    return settings.loopback and not settings.secure


def _keep(suffix: str, value: str, *, lasts: timedelta) -> None:
    _put(_Kept(_name(suffix), value, lasts, "/"))


def _drop(suffix: str) -> None:
    _keep(suffix, "", lasts=timedelta(0))


def _put(cookie: _Kept) -> None:
    if "kept" not in g:
        g.kept = {}
    g.kept[cookie.name] = cookie
