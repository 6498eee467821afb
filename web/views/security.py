"""A member's own keys and devices: seen, added, taken away."""

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from node import accounts, throttle
from node.accounts import PasskeyAsk
from web import current, devices
from web.schemas import accounts as schemas
from web.schemas.form import Form
from web.views.accounts import welcome

blueprint = Blueprint("security", __name__)


@blueprint.get("/me/security")
def show() -> str:
    """Show where somebody is signed in, and their passkeys."""
    node, who = current.node(), current.visitor()
    return render_template(
        "accounts/security.html",
        form=Form(),
        sessions=accounts.sessions(node, by=who),
        passkeys=accounts.passkeys(node, by=who),
        done=request.args.get("done"),
    )


@blueprint.post("/me/security/sessions/<ref>")
def revoke(ref: str) -> ResponseReturnValue:
    """Sign one other device out."""
    accounts.revoke(current.node(), ref, by=current.visitor())
    return redirect("/me/security?done=revoked", code=303)


@blueprint.post("/me/security/passkeys/<ref>/remove")
def remove(ref: str) -> ResponseReturnValue:
    """Take a passkey away."""
    accounts.remove_passkey(current.node(), ref, by=current.visitor())
    return redirect("/me/security?done=removed", code=303)


@blueprint.post("/me/security/passkeys/options")
def options() -> ResponseReturnValue:
    """Say what a new passkey must be made with."""
    return _asked(accounts.passkey_options(current.node(), by=current.visitor()))


@blueprint.post("/me/security/passkeys")
def add() -> ResponseReturnValue:
    """Keep the passkey a device has made."""
    found = schemas.PasskeyAnswer().load(request.form)
    accounts.add_passkey(
        current.node(),
        found["answer"],
        found["state"],
        label=found["label"].strip() or devices.label(request.user_agent.string),
        by=current.visitor(),
    )
    return jsonify(next="/me/security?done=added")


@blueprint.post("/sign-in/passkey/options")
def sign_in_options() -> ResponseReturnValue:
    """Say what a passkey must sign to let somebody in."""
    throttle.spend(current.node(), "sign-in.passkey", current.source())
    return _asked(accounts.passkey_options(current.node(), by=None))


@blueprint.post("/sign-in/passkey")
def sign_in() -> ResponseReturnValue:
    """Let somebody in by what their passkey signed."""
    found = schemas.PasskeyAnswer().load(request.form)
    label = devices.label(request.user_agent.string)
    signed_in = accounts.passkey_sign_in(
        current.node(), found["answer"], found["state"], label=label
    )
    return jsonify(next=welcome(signed_in))


def _asked(ask: PasskeyAsk) -> ResponseReturnValue:
    return jsonify(options=ask.options_json, state=ask.state)
