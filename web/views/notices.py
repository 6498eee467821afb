"""How somebody wants to be told: at once, in a digest or never, and when they sleep."""

from collections.abc import Mapping
from datetime import time

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import ChoiceInvalid
from governance.notices import EVENING, MORNING, Family, Pace
from node import preferences, stopping
from node.hearing import Wishes
from web import current
from web.schemas import notices as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("notices", __name__)


@blueprint.get("/me/notices")
def show() -> str:
    """Show what somebody chose, or what holds without."""
    chosen = preferences.mine(current.node(), by=current.visitor())
    quiet = chosen.quiet_from != chosen.quiet_to
    start, end = (chosen.quiet_from, chosen.quiet_to) if quiet else (EVENING, MORNING)
    values = {
        "zone": chosen.zone,
        "quiet": "yes" if quiet else "no",
        "quiet_from": _clock(start),
        "quiet_to": _clock(end),
    }
    for family in Family:
        values[family.value] = chosen.paces.get(family, Pace.EACH).value
    return _page(Form(values))


@blueprint.post("/me/notices")
def save() -> ResponseReturnValue:
    """Keep what somebody chose."""
    sent = read(schemas.Notices, request.form)
    if not sent.good:
        return _page(sent.form), 422
    found = sent.found
    quiet = found["quiet"] == "yes"
    try:
        chosen = Wishes(
            zone=found["zone"].strip(),
            quiet_from=_minute(found, "quiet_from") if quiet else 0,
            quiet_to=_minute(found, "quiet_to") if quiet else 0,
            paces={family: Pace(found[family.value]) for family in Family},
        )
        preferences.save(current.node(), chosen, by=current.visitor())
    except ChoiceInvalid as refusal:
        name = str(refusal.values["field"])
        return _page(refused(sent.form.values, name, refusal)), 422
    return redirect("/me/notices?done=saved", code=303)


@blueprint.get("/stop/<token>")
def ask(token: str) -> str:
    """Ask whether the digests are to end: a program that only looks ends nothing."""
    gathers = stopping.gathers(current.node(), token)
    return render_template("accounts/stop.html", token=token, gathers=gathers)


@blueprint.post("/stop/<token>")
def stop(token: str) -> str:
    """End the digests; mail programs press this, and follow no redirect (RFC 8058)."""
    stopping.stop(current.node(), token)
    return render_template("accounts/stop.html", token=token, gathers=False)


def _minute(found: Mapping[str, str], name: str) -> int:
    try:
        at = time.fromisoformat(found[name].strip())
    except ValueError as error:
        raise ChoiceInvalid("Type a time such as 20:00.", field=name) from error
    return at.hour * 60 + at.minute


def _clock(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute, 60))


def _page(form: Form) -> str:
    return render_template(
        "accounts/notices.html", form=form, done=request.args.get("done")
    )
