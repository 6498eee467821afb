"""Notes of the desk that a member asks for: asking, going over them, reading them."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ReasonMissing, SecondPerson, WrongState
from node import releases
from node.releases import Decision
from web import current
from web.problems import status_of
from web.schemas import releases as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("releases", __name__)


@blueprint.get("/cases/<ref>/notes")
@current.one_look
def show(ref: str) -> str:
    """Show the notes that a member may read, and let them ask for the others."""
    found = releases.asked(current.node(), ref, by=current.visitor())
    done = request.args.get("done", "")
    return render_template("cases/notes.html", ref=ref, found=found, done=done)


@blueprint.post("/cases/<ref>/notes")
def ask(ref: str) -> ResponseReturnValue:
    """Ask for every note that nobody decided about."""
    some = releases.ask(current.node(), ref, by=current.visitor())
    done = "asked" if some else "none"
    return redirect(f"/cases/{ref}/notes?done={done}", code=303)


@blueprint.get("/admin/notes/")
def index() -> str:
    """List the notes that wait for one's decision."""
    found = releases.listed(current.node(), by=current.visitor())
    done = request.args.get("done", "")
    return render_template("access/notes.html", waiting=found, done=done)


@blueprint.get("/admin/notes/<uuid:id_>")
def one(id_: UUID) -> str:
    """Show a note, and ask what of it its member reads."""
    return _one(id_, Form())


@blueprint.post("/admin/notes/<uuid:id_>")
def decide(id_: UUID) -> ResponseReturnValue:
    """Let the member read a note, a part of it, or why they do not."""
    sent = read(schemas.Decide, request.form)
    if not sent.good:
        return _one(id_, sent.form), 422
    said = Decision(sent.found["text"], sent.found["reason"])
    try:
        releases.decide(current.node(), id_, said, by=current.visitor())
    except ReasonMissing as refusal:
        return _one(id_, refused(sent.form.values, "reason", refusal)), 422
    except (SecondPerson, WrongState) as refusal:
        form = refused(sent.form.values, "text", refusal)
        return _one(id_, form), status_of(refusal.code)
    return redirect("/admin/notes?done=decided", code=303)


def _one(id_: UUID, form: Form) -> str:
    it = releases.one(current.node(), id_, by=current.visitor())
    # Whoever emptied the field keeps it empty.
    begun = "" if "text" in form.values else it.text
    return render_template("access/note.html", it=it, form=form, begun=begun)
