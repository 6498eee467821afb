"""Topics, for those who share out cases: what waits in each, and who takes it."""

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from governance.cases import Kind
from governance.errors import ChoiceInvalid
from governance.sorting import PERSONAL
from governance.suggesting import Rule
from node import marking, suggesting, teams, topics_desk
from node.accounts.visitor import Visitor
from web import current
from web.schemas import topics as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("topics", __name__, url_prefix="/admin/topics")


@blueprint.get("/")
def index() -> str:
    """Show every topic."""
    found = topics_desk.every(current.node(), by=current.visitor())
    return render_template("topics/index.html", found=found)


@blueprint.get("/<code>")
def show(code: str) -> str:
    """Show one topic, and which teams take it."""
    return _show(code, Form())


@blueprint.post("/<code>")
def choose(code: str) -> ResponseReturnValue:
    """Let the teams that were ticked take a topic, and no other."""
    ticked = request.form.getlist("teams")
    try:
        teams.choose(current.node(), code, _ids(ticked), by=current.visitor())
    except ChoiceInvalid as refusal:
        return _show(code, refused({"teams": " ".join(ticked)}, "teams", refusal)), 422
    return redirect(f"/admin/topics/{code}?done=saved", code=303)


@blueprint.post("/<code>/words")
def suggest(code: str) -> ResponseReturnValue:
    """Let some words suggest a topic, by the kind they suggest with it."""
    sent = read(schemas.Words, request.form)
    if not sent.good:
        return _show(code, sent.form), 422
    chosen = {kind: sent.found[kind].splitlines() for kind in suggesting.KINDS}
    try:
        suggesting.change(current.node(), code, chosen, by=current.visitor())
    except ChoiceInvalid as refusal:
        first = suggesting.KINDS[0].value
        return _show(code, refused(sent.form.values, first, refusal)), 422
    return redirect(f"/admin/topics/{code}?done=words#words", code=303)


@blueprint.post("/<code>/alone")
def ask(code: str) -> ResponseReturnValue:
    """Ask that a rule sorts by itself, or have a person sort again."""
    sent = read(schemas.Alone, request.form)
    if not sent.good:
        return _show(code, sent.form), 422
    node, kind, by = current.node(), Kind(sent.found["sorts"]), current.visitor()
    if sent.found["stop"]:
        marking.stop(node, code, kind, by=by)
        return redirect(f"/admin/topics/{code}?done=person#alone", code=303)
    try:
        urgent = sent.found["urgent"].splitlines()
        marking.ask(node, code, kind, urgent, by=by)
    except ChoiceInvalid as refusal:
        return _show(code, refused(sent.form.values, "urgent", refusal)), 422
    return redirect(f"/admin/topics/{code}?done=asked#alone", code=303)


@blueprint.post("/<code>/alone/agree")
def agree(code: str) -> ResponseReturnValue:
    """Agree as the second person that a rule sorts by itself."""
    rule = request.form.get("rule", "")
    marking.agree(current.node(), code, rule, by=current.visitor())
    return redirect(f"/admin/topics/{code}?done=alone#alone", code=303)


def _ids(ticked: list[str]) -> list[UUID]:
    try:
        return list(schemas.Takers().load({"teams": ticked})["teams"])
    except ValidationError as problem:
        raise ChoiceInvalid("Choose from the list.", field="teams") from problem


def _asked(rule: Rule, by: Visitor) -> bool:
    return rule.asked_by is not None and by.is_person(rule.asked_by)


def _show(code: str, form: Form) -> str:
    line = topics_desk.one(current.node(), code, by=current.visitor())
    rules = {one.kind: one for one in line.rules}
    begun = {"teams": " ".join(str(it.id) for it in line.teams)}
    begun |= {kind.value: "\n".join(it.words) for kind, it in rules.items()}
    return render_template(
        "topics/show.html",
        it=line,
        form=replace(form, values={**begun, **form.values}),
        kinds=suggesting.KINDS,
        rules=rules,
        mine={one.kind for one in line.rules if _asked(one, current.visitor())},
        personal=code in PERSONAL,
        done=request.args.get("done", ""),
    )
