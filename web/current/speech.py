"""The language to answer in."""

from collections.abc import Mapping
from typing import cast

from flask import current_app, g, request

from node.accounts import GUEST, Visitor
from node.language import Language, choose, shipped
from web.current import cookies
from web.current.context import community, once

#: Where an application keeps the languages it speaks.
LANGUAGES = "folkmoot.languages"


def language() -> str:
    """Return the language to answer in: asked for, account, chosen, browser, node."""
    return once("language", _language)


def spoken() -> Mapping[str, Language]:
    """Return the languages pages can be read in, by tag."""
    kept = current_app.extensions.get(LANGUAGES, shipped())
    return cast("Mapping[str, Language]", kept)


def _language() -> str:
    # Only somebody who is known already: a refusal must not ask who it is for.
    known = cast("Visitor", g.get("visitor", GUEST))
    account = known.language if known.account_id else None
    wishes = request.args.get("lang"), account, cookies.choice("lang")
    found = choose((*wishes, *request.accept_languages.values()), spoken())
    return found or community().language
