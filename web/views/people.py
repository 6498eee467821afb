"""Who is whom: what could be from somebody known, and one person at the desk."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from node import matches
from web import current
from web.schemas import people as schemas

blueprint = Blueprint("people", __name__, url_prefix="/desk")


@blueprint.get("/unmatched")
@current.one_look
def unmatched() -> str:
    """Show what could be from somebody known, with reasons."""
    found = matches.unmatched(current.node(), by=current.visitor())
    done = request.args.get("done", "")
    return render_template("desk/unmatched.html", lines=found, done=done)


@blueprint.post("/unmatched")
def decide() -> ResponseReturnValue:
    """Decide that somebody is somebody known, or somebody new."""
    sent, who = schemas.Decide().load(request.form), current.visitor()
    person, other = sent["person"], sent["other"]
    if sent["apart"]:
        matches.apart(current.node(), person, other, by=who)
        return redirect("/desk/unmatched?done=apart", code=303)
    matches.merge(current.node(), person, other, by=who)
    return redirect(f"/desk/people/{other}?done=merged", code=303)


@blueprint.get("/people/<uuid:id_>")
@current.one_look
def show(id_: UUID) -> str:
    """Show one person: how to reach them, their cases, who they turned out to be."""
    found = matches.person(current.node(), id_, by=current.visitor())
    done = request.args.get("done", "")
    return render_template("desk/person.html", person=found, done=done)


@blueprint.post("/people/<uuid:id_>/contacts/<uuid:contact_id>")
def reveal(id_: UUID, contact_id: UUID) -> str:
    """Show one contact in the open, and write down that it was shown."""
    node, who = current.node(), current.visitor()
    found = matches.reveal(node, id_, contact_id, by=who)
    shown = matches.person(node, id_, by=who)
    # It stands in no address, so there is no redirect: a press shows it again.
    return render_template(
        "desk/person.html", person=shown, revealed={contact_id: found.value}
    )


@blueprint.post("/people/<uuid:id_>/merge")
def merge(id_: UUID) -> ResponseReturnValue:
    """Decide that this person is another one."""
    other = schemas.Merge().load(request.form)["other"]
    matches.merge(current.node(), other, id_, by=current.visitor())
    return redirect(f"/desk/people/{id_}?done=merged", code=303)


@blueprint.post("/people/<uuid:id_>/unmerge")
def unmerge(id_: UUID) -> ResponseReturnValue:
    """Take back that two are one person."""
    which = schemas.Unmerge().load(request.form)["merge"]
    matches.unmerge(current.node(), which, by=current.visitor())
    return redirect(f"/desk/people/{id_}?done=unmerged", code=303)
