"""One case from the desk's side: read it, reply, ask, say it is done, pass it on."""

from uuid import UUID

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from governance.cases import Act, Part, State
from governance.errors import ChoiceInvalid, Invalid, Refusal, SecondPerson
from node import assignments, cases, later, log, resolutions, threads
from node.log import Ticket
from node.threads import Words, Written
from web import case_pages, current, uploads
from web.problems import OVERTAKEN, status_of
from web.schemas import desk as schemas
from web.schemas.form import Form, Read, overtaken, read, refused

blueprint = Blueprint("desk_cases", __name__, url_prefix="/desk/cases")

#: The field of a text, and the act that must be open for its form to be there.
_FIELDS = {"ask": Act.ASK_MEMBER, "resolve": Act.RESOLVE, "why": Act.DECLINE}


@blueprint.get("/<ref>")
@current.one_look
def show(ref: str) -> ResponseReturnValue:
    """Show a case to whoever works on it."""
    case = cases.view(current.node(), ref, by=current.visitor())
    if case.part is Part.MEMBER:
        return redirect(f"/cases/{case.reference}", code=303)
    return case_pages.desk(case, Form())


@blueprint.post("/<ref>/reply")
def reply(ref: str) -> ResponseReturnValue:
    """Answer the member."""
    sent = read(schemas.Reply, request.form)
    if not sent.good:
        return _again(ref, sent.form)
    text, brought = sent.found["reply"], uploads.of_form()
    try:
        words = Words(
            sent.found["id"],
            text,
            files=brought,
            began=sent.found["began"],
            copies=_copies(),
        )
        written = _said(ref, words)
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, ["reply"], refusal)
    except ChoiceInvalid as refusal:
        name = str(refusal.values.get("field", "template"))
        return _again(ref, refused(sent.form.values, name, refusal))
    except Invalid as refusal:
        if not uploads.is_about(refusal):
            raise
        return _again(ref, refused(sent.form.values, uploads.FIELD, refusal))
    if written is None:
        return _done(ref, "second")
    return _back(ref, "replied", written.ticket)


def _copies() -> tuple[UUID, ...]:
    try:
        return tuple(UUID(it) for it in request.form.getlist("copies"))
    except ValueError as error:
        problem = "Choose among those who are in this case."
        raise ChoiceInvalid(problem, field="copies") from error


def _said(ref: str, words: Words) -> Written | None:
    # What speaks for the community waits for somebody else instead.
    node, who = current.node(), current.visitor()
    try:
        return threads.reply(node, ref, words, by=who)
    except SecondPerson:
        later.ask(node, ref, words, by=who)
        return None


@blueprint.post("/<ref>/ask")
def ask(ref: str) -> ResponseReturnValue:
    """Ask the member one thing."""
    sent = read(schemas.Ask, request.form)
    if not sent.good:
        return _again(ref, sent.form)
    words = Words(sent.found["id"], sent.found["ask"])
    try:
        written = threads.ask(current.node(), ref, words, by=current.visitor())
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, ["ask"], refusal)
    return _back(ref, "asked", written.ticket)


@blueprint.post("/<ref>/resolve")
def resolve(ref: str) -> ResponseReturnValue:
    """Tell the member what was done, and ask whether it is solved."""
    sent = read(schemas.Resolve, request.form)
    if not sent.good:
        return _again(ref, sent.form)
    words = Words(sent.found["id"], sent.found["resolve"])
    who, got = current.visitor(), sent.found["obtained"]
    try:
        written = resolutions.resolve(current.node(), ref, words, by=who, obtained=got)
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, ["resolve", "obtained"], refusal)
    return _back(ref, "resolved", written.ticket)


@blueprint.post("/<ref>/take")
def take(ref: str) -> ResponseReturnValue:
    """Take this case out of the queue."""
    try:
        ticket = assignments.take(current.node(), ref, by=current.visitor())
    except (*OVERTAKEN, ChoiceInvalid):
        if _is_mine(ref):
            return _done(ref, "taken")
        raise
    return _back(ref, "taken", ticket)


@blueprint.post("/<ref>/accept")
def accept(ref: str) -> ResponseReturnValue:
    """Say yes to a case that was offered."""
    try:
        ticket = assignments.accept(current.node(), ref, by=current.visitor())
    except OVERTAKEN:
        if _is_mine(ref):
            return _done(ref, "accepted")
        raise
    return _back(ref, "accepted", ticket)


def _is_mine(ref: str) -> bool:
    # Whoever pressed twice finds the case theirs.
    who = current.visitor()
    case = cases.view(current.node(), ref, by=who)
    mine = case.responsible is not None and case.responsible.id == who.person_id
    return mine and case.state is State.WORKING


@blueprint.post("/<ref>/decline")
def decline(ref: str) -> ResponseReturnValue:
    """Say no to a case that was offered."""
    sent = read(schemas.Decline, request.form)
    if not sent.good:
        return _again(ref, sent.form)
    why, who = sent.found["why"], current.visitor()
    try:
        ticket = assignments.decline(current.node(), ref, why, by=who)
    except OVERTAKEN as refusal:
        return _overtaken(ref, sent, ["why"], refusal)
    log.wait(current.node(), ticket)
    return redirect("/desk?done=declined", code=303)


@blueprint.post("/<ref>/assign")
def assign(ref: str) -> ResponseReturnValue:
    """Offer the case to somebody."""
    sent = read(schemas.Assign, request.form)
    if not sent.good:
        return _again(ref, sent.form)
    advocate, who = sent.found["advocate"], current.visitor()
    try:
        ticket = assignments.assign(current.node(), ref, advocate, by=who)
    except ChoiceInvalid as refusal:
        return _again(ref, refused(sent.form.values, "advocate", refusal))
    return _back(ref, "assigned", ticket)


def _again(ref: str, form: Form) -> ResponseReturnValue:
    case = cases.view(current.node(), ref, by=current.visitor())
    return case_pages.desk(case, form), 422


def _overtaken(
    ref: str, sent: Read, names: list[str], refusal: Refusal
) -> ResponseReturnValue:
    case = cases.view(current.node(), ref, by=current.visitor())
    there = {name for name, act in _FIELDS.items() if act in case.acts}
    if case_pages.answers(case):
        there.add("reply")
    form = overtaken(sent.form.values, names, refusal, there)
    return case_pages.desk(case, form), status_of(refusal.code)


def _back(ref: str, done: str, ticket: Ticket) -> ResponseReturnValue:
    log.wait(current.node(), ticket)
    return _done(ref, done)


def _done(ref: str, done: str) -> ResponseReturnValue:
    return redirect(f"/desk/cases/{ref}?done={done}", code=303)
