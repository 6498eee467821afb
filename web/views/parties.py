"""Who is in a case besides its member: for the member, the desk, and themselves."""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import (
    ChoiceInvalid,
    ContactInvalid,
    NotFound,
    Refusal,
    Throttled,
)
from governance.parties import Share
from governance.retention import CaseRests
from node import log, parties
from node.parties import Named
from node.proofs import CodeNeeded
from node.threads import Words
from web import current, uploads
from web.problems import OVERTAKEN, status_of
from web.schemas import parties as schemas
from web.schemas.form import Form, Read, overtaken, read, refused

blueprint = Blueprint("parties", __name__)


@blueprint.get("/cases/<ref>/parties")
@current.one_look
def show(ref: str) -> str:
    """Show a member who is in their case, and let them name somebody."""
    return _member(ref, Form())


@blueprint.post("/cases/<ref>/parties")
def name(ref: str) -> ResponseReturnValue:
    """Name somebody; they are asked."""
    sent = read(schemas.Name, request.form)
    if not sent.good:
        return _member(ref, sent.form), 422
    try:
        parties.name(current.node(), ref, _named(sent), by=current.visitor())
    except (ChoiceInvalid, ContactInvalid) as refusal:
        return _member(ref, _unfit(sent, refusal)), 422
    except (CaseRests, CodeNeeded, Throttled, *OVERTAKEN) as refusal:
        return _member(ref, _unfit(sent, refusal)), status_of(refusal.code)
    return redirect(f"/cases/{ref}/parties?done=named", code=303)


@blueprint.post("/cases/<ref>/parties/<uuid:id_>")
def decide(ref: str, id_: UUID) -> ResponseReturnValue:
    """Say yes or no to whom the desk proposes, or end it with somebody."""
    act = schemas.Decide().load(request.form)["act"]
    acts = {"agree": parties.agree, "refuse": parties.refuse, "end": parties.end}
    acts[act](current.node(), ref, id_, by=current.visitor())
    return redirect(f"/cases/{ref}/parties?done={act}", code=303)


@blueprint.get("/desk/cases/<ref>/parties")
@current.one_look
def desk(ref: str) -> str:
    """Show who is in a case to whoever works on it."""
    return _desk(ref, Form())


@blueprint.post("/desk/cases/<ref>/parties")
def propose(ref: str) -> ResponseReturnValue:
    """Propose somebody; the member says yes first."""
    sent = read(schemas.Name, request.form)
    if not sent.good:
        return _desk(ref, sent.form), 422
    try:
        parties.propose(current.node(), ref, _named(sent), by=current.visitor())
    except (ChoiceInvalid, ContactInvalid) as refusal:
        return _desk(ref, _unfit(sent, refusal)), 422
    except (CaseRests, Throttled, *OVERTAKEN) as refusal:
        return _desk(ref, _unfit(sent, refusal)), status_of(refusal.code)
    return redirect(f"/desk/cases/{ref}/parties?done=proposed", code=303)


def _named(sent: Read) -> Named:
    found = sent.found
    return Named(
        id=found["id"],
        name=found["name"],
        contact=found["contact"],
        role=found["role"],
        fields=tuple(it.value for it in Share if found[it.value]),
        source=current.source(),
    )


def _unfit(sent: Read, refusal: Refusal) -> Form:
    name = str(refusal.values.get("field", "contact"))
    return refused(sent.form.values, name, refusal)


def _member(ref: str, form: Form) -> str:
    board = parties.board(current.node(), ref, by=current.visitor())
    if not board.own:
        raise NotFound("There is no such page here.")
    return _page("cases/parties.html", board, form)


def _desk(ref: str, form: Form) -> str:
    board = parties.board(current.node(), ref, by=current.visitor())
    if board.own:
        raise NotFound("There is no such page here.")
    return _page("desk/parties.html", board, form)


def _page(page: str, board: parties.Board, form: Form) -> str:
    done = request.args.get("done", "")
    return render_template(page, board=board, ref=board.reference, form=form, done=done)


@blueprint.get("/party/<token>")
def link(token: str) -> ResponseReturnValue:
    """Open what a party's link is about, and leave the link behind."""
    reference = parties.opened(current.node(), token)
    current.open_party(reference, token)
    response = redirect(f"/cases/{reference}/party", code=303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/cases/<ref>/party")
@current.one_look
def see(ref: str) -> str:
    """Show a party what was chosen for them, and what they are asked."""
    return _party(ref, Form())


@blueprint.post("/cases/<ref>/party")
def answer(ref: str) -> ResponseReturnValue:
    """Say yes; or no, or leave, which is one word: it opens nothing any more."""
    act = schemas.Answer().load(request.form)["act"]
    node, who = current.node(), current.visitor()
    if act == "confirm":
        parties.confirm(node, ref, by=who)
        return redirect(f"/cases/{ref}/party?done=confirmed", code=303)
    parties.leave(node, ref, by=who)
    return render_template("cases/party_left.html")


@blueprint.post("/cases/<ref>/party/messages")
def write(ref: str) -> ResponseReturnValue:
    """Add a party's own words to the case."""
    sent = read(schemas.Write, request.form)
    if not sent.good:
        return _party(ref, sent.form), 422
    words = Words(sent.found["id"], sent.found["write"])
    try:
        written = parties.write(current.node(), ref, words, by=current.visitor())
    except OVERTAKEN as refusal:
        form = overtaken(sent.form.values, ["write"], refusal, set())
        return _party(ref, form), status_of(refusal.code)
    log.wait(current.node(), written.ticket)
    return redirect(f"/cases/{ref}/party?done=written", code=303)


@blueprint.get("/cases/<ref>/party/files/<uuid:file_id>")
def file(ref: str, file_id: UUID) -> Response:
    """Hand over one file, to a party who may see the files."""
    found = parties.file(current.node(), ref, file_id, by=current.visitor())
    return uploads.answer(found)


def _party(ref: str, form: Form) -> str:
    seen = parties.see(current.node(), ref, by=current.visitor())
    done = request.args.get("done", "")
    return render_template("cases/party.html", seen=seen, form=form, done=done)
