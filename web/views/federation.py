"""What other nodes ask for: actors and public things.

Documents for programs only. Whoever comes with a browser is led to a page.
"""

import re
from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from node import actors, answers, approvals, collections, publications
from node.documents import ACTIVITY, JRD, dump
from web import current
from web.guards import headers
from web.guards.signed import wants_page
from web.views import public

blueprint = Blueprint("federation", __name__)

_NUMBER = re.compile("[0-9]{1,16}")
_SOON = "public, max-age=60"


@blueprint.get("/.well-known/webfinger")
def webfinger() -> Response:
    """Say which actor an account is."""
    asked = request.args.get("resource", "")
    if not asked:
        raise BadRequest
    return _document(actors.webfinger(current.node(), asked), JRD)


@blueprint.get("/.well-known/nodeinfo")
def nodeinfo_links() -> Response:
    """Say where this node describes itself."""
    return _document(actors.nodeinfo_links(current.node()), "application/json")


@blueprint.get("/nodeinfo/2.1")
def nodeinfo() -> Response:
    """Describe this node. Nobody is counted."""
    return _document(actors.nodeinfo(current.node()), "application/json")


@blueprint.get("/ns/v1")
def context() -> Response:
    """Send the context that types our own words. It never changes."""
    response = _document(actors.context(), "application/ld+json")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/ap/node")
def node_actor() -> ResponseReturnValue:
    """Send the node's own actor."""
    return _actor("/ap/node")


@blueprint.get("/ap/c/<slug>")
def community(slug: str) -> ResponseReturnValue:
    """Send the community's actor."""
    return _actor(f"/ap/c/{slug}")


@blueprint.get("/ap/u/<handle>")
def advocate(handle: str) -> ResponseReturnValue:
    """Send the actor of an advocate who chose to be seen."""
    return _actor(f"/ap/u/{handle}")


@blueprint.get("/ap/cases/<key>")
def case(key: str) -> ResponseReturnValue:
    """Send a public case, or say that it is gone."""
    found, gone = publications.document(current.node(), key)
    if wants_page():
        return _page(public.show(key) if gone else _to(f"/public/{key}"))
    return _thing(found, gone=gone)


@blueprint.get("/ap/replies/<key>")
def reply(key: str) -> ResponseReturnValue:
    """Send what an advocate of ours answered in public, or say that it is gone."""
    found, gone = answers.document(current.node(), key)
    if wants_page():
        return _page(public.answer(key) if gone else _to(f"/public/answers/{key}"))
    return _thing(found, gone=gone)


@blueprint.get("/ap/stamps/<key>")
def stamp(key: str) -> Response:
    """Send the proof that a reply belongs to a case."""
    return _document(approvals.stamp(current.node(), key), ACTIVITY)


@blueprint.get("/ap/cases/<key>/thread")
def thread(key: str) -> ResponseReturnValue:
    """List a public case and what was answered, in time order."""
    return _thread(key, case=True)


@blueprint.get("/ap/cases/<key>/replies")
def case_replies(key: str) -> ResponseReturnValue:
    """List what was answered to a public case."""
    return _thread(key, case=False)


@blueprint.get("/ap/node/outbox")
def node_outbox() -> Response:
    """List the node's public acts."""
    return _outbox("/ap/node")


@blueprint.get("/ap/c/<slug>/outbox")
def community_outbox(slug: str) -> Response:
    """List the community's public acts."""
    return _outbox(f"/ap/c/{slug}")


@blueprint.get("/ap/u/<handle>/outbox")
def advocate_outbox(handle: str) -> Response:
    """List an advocate's public acts."""
    return _outbox(f"/ap/u/{handle}")


@blueprint.get("/ap/c/<slug>/followers")
def community_followers(slug: str) -> Response:
    """Say how many follow the community."""
    found = collections.followers(current.node(), f"/ap/c/{slug}")
    return _document(found, ACTIVITY)


@blueprint.get("/ap/u/<handle>/followers")
def advocate_followers(handle: str) -> Response:
    """Say how many follow an advocate."""
    found = collections.followers(current.node(), f"/ap/u/{handle}")
    return _document(found, ACTIVITY)


@blueprint.get("/ap/c/<slug>/stewards")
def stewards(slug: str) -> Response:
    """Say how many stewards the community has."""
    return _document(collections.stewards(current.node(), f"/ap/c/{slug}"), ACTIVITY)


def _thread(key: str, *, case: bool) -> ResponseReturnValue:
    found = collections.thread(current.node(), key, case=case)
    if wants_page():
        return _page(_to(f"/public/{key}"))
    return _thing(found)


def _outbox(actor: str) -> Response:
    before = request.args.get("before", "")
    if before and not _NUMBER.fullmatch(before):
        raise BadRequest
    number = int(before) if before else None
    return _document(collections.outbox(current.node(), actor, number), ACTIVITY)


def _actor(path: str) -> ResponseReturnValue:
    found, gone = actors.actor(current.node(), path)
    if not gone and wants_page():
        return _page(_to("/"))
    return _thing(found, gone=gone)


def _to(path: str) -> ResponseReturnValue:
    return redirect(path, code=303)


def _page(shown: ResponseReturnValue) -> Response:
    return _either(make_response(shown))


def _thing(found: Mapping[str, object], *, gone: bool = False) -> Response:
    response = _document(found, ACTIVITY)
    response.status_code = 410 if gone else 200
    return _either(response)


def _either(response: Response) -> Response:
    # A cache must not hand a page to a program, nor the other way round.
    response.vary.add("Accept")
    return response


def _document(found: Mapping[str, object], content_type: str) -> Response:
    response = Response(dump(found), content_type=content_type)
    # What only some may read is kept by no cache that serves others too.
    alone = current.node().settings.federation_signed_get and content_type == ACTIVITY
    response.headers["Cache-Control"] = headers.PERSONAL if alone else _SOON
    return response
