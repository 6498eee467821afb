"""Other nodes, for stewards: who follows whom, how each is treated, what waits."""

from dataclasses import asdict, replace

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid, Invalid, NotFound
from node import (
    backlog,
    deliveries,
    federation_desk,
    followers,
    following,
    follows,
    log,
    parking,
    profile,
)
from node.federation_desk import MODES, REVIEWS, Treatment
from node.profile import Profile
from web import current
from web.schemas import neighbours as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("peers", __name__, url_prefix="/admin/peers")


@blueprint.get("/")
def index() -> str:
    """Show everything at a glance."""
    return _index(Form())


def _index(form: Form) -> str:
    node, who = current.node(), current.visitor()
    us = asdict(profile.shown(node, by=who))
    form = replace(form, values={**us, **form.values})
    peers, met = federation_desk.known(node, by=who)
    theirs, ours = following.listed(node, by=who)
    return render_template(
        "peers/index.html",
        form=form,
        peers=peers,
        met=met,
        theirs=theirs,
        ours=ours,
        parked=parking.listed(node, by=who),
        backlog=backlog.listed(node, by=who),
        done=request.args.get("done"),
    )


@blueprint.post("/profile")
def describe() -> ResponseReturnValue:
    """Change what everybody sees of our community."""
    sent = read(schemas.Profile, request.form)
    if not sent.good:
        return _index(sent.form), 422
    found = sent.found
    asked = Profile(found["name"], found["place"], found["followers"])
    profile.describe(current.node(), asked, by=current.visitor())
    return redirect("/admin/peers?done=described", code=303)


@blueprint.post("/follow")
def follow() -> ResponseReturnValue:
    """Ask another community whether ours may follow it."""
    sent = read(schemas.Follow, request.form)
    if not sent.good:
        return _index(sent.form), 422
    who = current.visitor()
    try:
        follows.follow(current.node(), sent.found["account"], by=who)
    except ChoiceInvalid as refusal:
        return _index(refused(sent.form.values, "account", refusal)), 422
    return redirect("/admin/peers?done=asked", code=303)


@blueprint.post("/unfollow")
def unfollow() -> ResponseReturnValue:
    """Stop following another community."""
    actor = schemas.Unfollow().load(request.form)["actor"]
    follows.unfollow(current.node(), actor, by=current.visitor())
    return redirect("/admin/peers?done=stopped", code=303)


@blueprint.post("/followers")
def decide() -> ResponseReturnValue:
    """Let somebody follow our community, or not."""
    found = schemas.Decide().load(request.form)
    accept = found["verdict"] == "accept"
    followers.decide(
        current.node(), found["actor"], accept=accept, by=current.visitor()
    )
    done = "accepted" if accept else "refused"
    return redirect(f"/admin/peers?done={done}", code=303)


@blueprint.post("/parked")
def settle() -> ResponseReturnValue:
    """Have something tried again that nothing here could act on, or drop it."""
    found = schemas.Settle().load(request.form)
    who = current.visitor()
    parking.settle(current.node(), found["activity"], found["verdict"], by=who)
    return redirect("/admin/peers?done=settled", code=303)


@blueprint.get("/find")
def find() -> ResponseReturnValue:
    """Lead to the page of a node, known or not."""
    asked = request.args.get("host", "").strip().lower()
    host = asked.rpartition("//")[2].rpartition("@")[2].partition("/")[0]
    try:
        peer = federation_desk.one(current.node(), host, by=current.visitor())
    except NotFound as refusal:
        return _index(refused({"host": asked}, "host", refusal)), 422
    return redirect(f"/admin/peers/{peer.host}", code=303)


@blueprint.get("/<host>")
def show(host: str) -> str:
    """Show how a node is treated, and why."""
    return _show(host, None)


def _show(host: str, form: Form | None) -> str:
    node, who = current.node(), current.visitor()
    peer = federation_desk.one(node, host, by=who)
    begun = Form({"mode": peer.mode, "why": peer.reason, "days": str(REVIEWS[1])})
    return render_template(
        "peers/show.html",
        peer=peer,
        form=form or begun,
        modes=MODES,
        reviews=REVIEWS,
        parked=deliveries.parked(node, host, by=who),
        aside=federation_desk.set_aside(node, host, by=who),
        done=request.args.get("done"),
    )


@blueprint.post("/<host>")
def treat(host: str) -> ResponseReturnValue:
    """Say how a node is treated from now on."""
    sent = read(schemas.Treat, request.form)
    if not sent.good:
        return _show(host, sent.form), 422
    found = sent.found
    how = Treatment(
        next(mode for mode in MODES if mode == found["mode"]),
        found["why"],
        int(found["days"]),
    )
    try:
        ticket = federation_desk.treat(current.node(), host, how, by=current.visitor())
    except Invalid as refusal:
        return _show(host, refused(sent.form.values, "why", refusal)), 422
    log.wait(current.node(), ticket)
    return redirect(f"/admin/peers/{host}?done=saved", code=303)


@blueprint.post("/<host>/retry")
def retry(host: str) -> ResponseReturnValue:
    """Send something that was set aside once more."""
    sent = schemas.SetAside().load(request.form)
    found = deliveries.retry(
        current.node(), host, sent["n"], sent["inbox"], by=current.visitor()
    )
    return _decided(host, "again" if found else "over")


@blueprint.post("/<host>/give-up")
def give_up(host: str) -> ResponseReturnValue:
    """Let go of something that was set aside."""
    sent = schemas.SetAside().load(request.form)
    found = deliveries.give_up(
        current.node(), host, sent["n"], sent["inbox"], by=current.visitor()
    )
    return _decided(host, "given-up" if found else "over")


def _decided(host: str, how: str) -> ResponseReturnValue:
    return redirect(f"/admin/peers/{host}?done={how}", code=303)
