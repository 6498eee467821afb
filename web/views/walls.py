"""Conflicts of interest: declaring, challenging, deciding, and the member's veto."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid
from governance.walls import InterestKind
from node import cases, challenges, interests, log
from node.log import Ticket
from web import case_pages, current
from web.problems import OVERTAKEN, status_of
from web.schemas import walls as schemas
from web.schemas.form import Form, overtaken, read, refused

blueprint = Blueprint("walls", __name__)


@blueprint.get("/desk/walls")
@current.one_look
def index() -> str:
    """Show what one declared, and what waits for a decision."""
    return _page(Form())


@blueprint.post("/desk/walls")
def declare() -> ResponseReturnValue:
    """Write down one interest of one's own."""
    sent = read(schemas.Declare, request.form)
    if not sent.good:
        return _page(sent.form), 422
    kind, subject = InterestKind(sent.found["kind"]), sent.found["subject"]
    try:
        interests.declare(current.node(), kind, subject, by=current.visitor())
    except Invalid as refusal:
        return _page(refused(sent.form.values, "subject", refusal)), 422
    return _done("declared")


@blueprint.post("/desk/walls/interests/<uuid:interest_id>")
def withdraw(interest_id: UUID) -> ResponseReturnValue:
    """Take one interest back."""
    interests.withdraw(current.node(), interest_id, by=current.visitor())
    return _done("withdrawn")


@blueprint.post("/desk/walls/<uuid:wall_id>")
def decide(wall_id: UUID) -> ResponseReturnValue:
    """Say whether a wall stands."""
    stands = schemas.Decide().load(request.form)["stands"] == "yes"
    _settle(
        challenges.decide(current.node(), wall_id, stands=stands, by=current.visitor())
    )
    return _done("decided")


@blueprint.post("/desk/walls/<uuid:wall_id>/appeal")
def appeal(wall_id: UUID) -> ResponseReturnValue:
    """Ask a steward to look at it again."""
    challenges.appeal(current.node(), wall_id, by=current.visitor())
    return _done("appealed")


@blueprint.post("/desk/cases/<ref>/walls")
def challenge(ref: str) -> ResponseReturnValue:
    """Say that somebody has an interest in a case."""
    node, who = current.node(), current.visitor()
    sent = read(schemas.Challenge, request.form)
    if not sent.good:
        return case_pages.desk(cases.view(node, ref, by=who), sent.form), 422
    person, reason = sent.found["walled"], sent.found["wall_reason"]
    try:
        _settle(challenges.challenge(node, ref, person, reason, by=who))
    except Invalid as refusal:
        form = refused(sent.form.values, "walled", refusal)
        return case_pages.desk(cases.view(node, ref, by=who), form), 422
    if person == who.person_id:
        return _done("yourself")
    return redirect(f"/desk/cases/{ref}?done=challenged", code=303)


@blueprint.post("/cases/<ref>/veto")
def veto(ref: str) -> ResponseReturnValue:
    """Say, as the member, that whoever has the case shall not."""
    node, who = current.node(), current.visitor()
    sent = read(schemas.Veto, request.form)
    if not sent.good:
        return case_pages.member(cases.view(node, ref, by=who), sent.form), 422
    try:
        _settle(challenges.veto(node, ref, sent.found["veto"], by=who))
    except OVERTAKEN as refusal:
        case = cases.view(node, ref, by=who)
        kept = overtaken(sent.form.values, ["veto"], refusal, set())
        return case_pages.member(case, kept), status_of(refusal.code)
    return redirect(f"/cases/{ref}?done=vetoed", code=303)


@blueprint.post("/cases/<ref>/veto/<uuid:wall_id>/appeal")
def appeal_veto(ref: str, wall_id: UUID) -> ResponseReturnValue:
    """Ask, as the member, that a steward looks at a veto that was lifted."""
    cases.view(current.node(), ref, by=current.visitor())
    challenges.appeal(current.node(), wall_id, by=current.visitor())
    return redirect(f"/cases/{ref}?done=veto-appealed", code=303)


def _settle(ticket: Ticket | None) -> None:
    if ticket is not None:
        log.wait(current.node(), ticket)


def _page(form: Form) -> str:
    node, who = current.node(), current.visitor()
    return render_template(
        "desk/walls.html",
        form=form,
        mine=interests.mine(node, by=who),
        waiting=challenges.waiting(node, by=who),
        done=request.args.get("done", ""),
    )


def _done(what: str) -> ResponseReturnValue:
    return redirect(f"/desk/walls?done={what}", code=303)
