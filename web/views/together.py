"""Going on together: what a member joins and leaves, and what the desk opens."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.cases import Act, Part
from governance.errors import ConsentMissing, Invalid, NotFound, Refusal
from governance.resolutions import Answer
from node import acting, bonds, cases, log, proofs, resolutions, together
from node.resolutions import claiming
from node.threads import Words
from node.together import marks
from web import current
from web.problems import OVERTAKEN, status_of
from web.schemas import together as schemas
from web.schemas.form import Form, Read, overtaken, read, refused

blueprint = Blueprint("together", __name__)


@blueprint.get("/cases/<ref>/together")
@current.one_look
def show(ref: str) -> str:
    """Show what a case can join, or with which common matter it goes on."""
    return _member(ref, Form())


@blueprint.post("/cases/<ref>/together/join")
def join(ref: str) -> ResponseReturnValue:
    """Let the member's own case go on with a common matter."""
    sent = read(schemas.Join, request.form)
    if not sent.good:
        return _member(ref, sent.form), 422
    fields = _fields(sent)
    try:
        ticket = acting.act(current.node(), ref, Act.JOIN, fields, by=current.visitor())
    except NotFound as refusal:
        return _gone(ref, sent, refusal)
    except OVERTAKEN as refusal:
        return _member(ref, overtaken({}, ["matter"], refusal, set())), status_of(
            refusal.code
        )
    log.wait(current.node(), ticket)
    return redirect(f"/cases/{ref}/together?done=joined", code=303)


def _fields(sent: Read) -> dict[str, str]:
    return {"matter": sent.found["matter"], "agrees": schemas.agreed(dict(sent.found))}


def _gone(ref: str, sent: Read, refusal: Refusal) -> ResponseReturnValue:
    # Their own case is there for whoever sees this page: it is the other that is not.
    form = refused(sent.form.values, "matter", refusal)
    return _member(ref, form), status_of(refusal.code)


@blueprint.post("/cases/<ref>/together/leave")
def leave(ref: str) -> ResponseReturnValue:
    """Go on with the others no more: alone, or not at all."""
    sent = read(schemas.Leave, request.form)
    if not sent.good:
        return _member(ref, sent.form), 422
    node, who, alone = current.node(), current.visitor(), sent.found["how"] == "alone"
    ticket = (resolutions.reopen if alone else together.leave)(node, ref, by=who)
    log.wait(node, ticket)
    done = f"/cases/{ref}?done=reopened" if alone else "?done=left"
    return redirect(done if alone else f"/cases/{ref}/together{done}", code=303)


@blueprint.post("/cases/<ref>/together/answer")
def answer(ref: str) -> ResponseReturnValue:
    """Write down whether it is solved for one of those who joined."""
    sent = read(schemas.Answered, request.form)
    if not sent.good:
        return _member(ref, sent.form), 422
    said, text = Answer(sent.found["answer"]), sent.found["reason"]
    words = Words(sent.found["id"], text) if text.strip() else None
    node, who = current.node(), current.visitor()
    try:
        ticket = claiming.answer(node, ref, said, by=who, words=words)
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["reason"], refusal, {"reason"})
        return _member(ref, form), status_of(refusal.code)
    log.wait(node, ticket)
    if said is Answer.NOT_SOLVED:
        return redirect(f"/cases/{ref}?done=reopened", code=303)
    return redirect(f"/cases/{ref}/together?done=answered", code=303)


def _member(ref: str, form: Form) -> str:
    node, who = current.node(), current.visitor()
    case = cases.view(node, ref, by=who)
    if case.part is not Part.MEMBER:
        raise NotFound("There is no such page here.")
    return render_template(
        "cases/together.html",
        case=case,
        form=form,
        together=together.look(node, ref, by=who),
        asks=proofs.asked(node, ref, by=who),
        done=request.args.get("done", ""),
    )


@blueprint.get("/desk/cases/<ref>/together")
@current.one_look
def desk(ref: str) -> str:
    """Show a case as a common matter, to whoever works on it."""
    return desk_page(ref, Form())


@blueprint.post("/desk/cases/<ref>/together/open")
def open_matter(ref: str) -> ResponseReturnValue:
    """Let others join a case, and say what it is about."""
    sent = read(schemas.OpenMatter, request.form)
    if not sent.good:
        return desk_page(ref, sent.form), 422
    node, who = current.node(), current.visitor()
    try:
        ticket = together.open_matter(node, ref, sent.found["about"], by=who)
    except (Invalid, ConsentMissing, *OVERTAKEN) as refusal:
        form = refused(sent.form.values, "about", refusal)
        return desk_page(ref, form), status_of(refusal.code)
    log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}/together?done=opened", code=303)


@blueprint.post("/desk/cases/<ref>/together/update")
def update(ref: str) -> ResponseReturnValue:
    """Write to everybody who joined."""
    sent = read(schemas.Update, request.form)
    if not sent.good:
        return desk_page(ref, sent.form), 422
    node, words = current.node(), _words(sent.found["id"], sent.found["update"])
    try:
        written = together.update(node, ref, words, by=current.visitor())
    except OVERTAKEN as refusal:
        form = refused(sent.form.values, "update", refusal)
        return desk_page(ref, form), status_of(refusal.code)
    log.wait(node, written.ticket)
    return redirect(f"/desk/cases/{ref}/together?done=updated", code=303)


@blueprint.post("/desk/cases/<ref>/together/due")
def settle(ref: str) -> ResponseReturnValue:
    """Say that what so many joins made due is done."""
    mark = schemas.Settled().load(request.form)["mark"]
    node = current.node()
    log.wait(node, marks.settle(node, ref, mark, by=current.visitor()))
    return redirect(f"/desk/cases/{ref}/together?done=settled", code=303)


@blueprint.post("/desk/cases/<ref>/together/join")
def join_at_desk(ref: str) -> ResponseReturnValue:
    """Let a case go on with a common matter, as its member agreed in person."""
    sent = read(schemas.JoinAtDesk, request.form)
    if not sent.good:
        return desk_page(ref, sent.form), 422
    found, node = sent.found, current.node()
    spoken = {"heard": found["heard"], "text": found["told"], "id": str(found["id"])}
    fields = {**_fields(sent), **spoken}
    try:
        ticket = acting.act(node, ref, Act.JOIN, fields, by=current.visitor())
    except ConsentMissing as refusal:
        form = refused(sent.form.values, "heard", refusal)
        return desk_page(ref, form), status_of(refusal.code)
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["told"], refusal, {"told"})
        return desk_page(ref, form), status_of(refusal.code)
    log.wait(node, ticket)
    return redirect(f"/desk/cases/{ref}/together?done=joined", code=303)


def _words(id_: UUID, text: str) -> Words:
    return Words(id_, text)


def desk_page(ref: str, form: Form) -> str:
    """Return the desk's page of how a case hangs together with others."""
    node, who = current.node(), current.visitor()
    case = cases.view(node, ref, by=who)
    if case.part is Part.MEMBER:
        raise NotFound("There is no such page here.")
    return render_template(
        "desk/together.html",
        case=case,
        form=form,
        matter=together.at_desk(node, ref, by=who),
        writes=case.part is Part.ADVOCATE,
        links=bonds.bonds_of(node, ref, by=who),
        doubles=bonds.doubles(node, ref, by=who),
        decides=bonds.may_decide(node, ref, by=who),
        done=request.args.get("done", ""),
    )
