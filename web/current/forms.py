"""That a form was made here, for whoever sends it."""

from datetime import timedelta

from flask import request

from node import accounts
from web.current import person
from web.current.context import node

#: The names of the two hidden fields of our forms.
CSRF_FIELD, FORM_FIELD = "csrf", "form_token"


def csrf_token() -> str:
    """Return what a form must bring back when the browser is known by a cookie."""
    token = person.token()
    return accounts.csrf(node(), token) if token else ""


def csrf_holds(given: str) -> bool:
    """Say whether a form brought back what this browser was given."""
    token = person.token()
    return token is not None and accounts.csrf_holds(node(), token, given)


def form_token() -> str:
    """Return the signed moment a form without a session was handed out."""
    return accounts.form_token(node(), node().now())


def form_age() -> timedelta:
    """Say how long the form was open, or refuse one that we did not hand out."""
    given = request.form.get(FORM_FIELD, "")
    return accounts.form_age(node(), given, node().now())


def known_by_cookie() -> bool:
    """Say whether the visitor is known by a cookie the browser sent by itself."""
    return person.token() is not None
