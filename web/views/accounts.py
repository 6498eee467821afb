"""Signing in and out, and what waits for a member.

Looking at a link never uses it up, and asking for one says the same to everybody.
"""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import Invalid, LinkInvalid, SignInInvalid
from node import accounts, cases, forms
from node.accounts import SignedIn
from web import current, devices, drafts, places
from web.schemas import accounts as schemas
from web.schemas.form import Form, read, refused

blueprint = Blueprint("accounts", __name__)

#: The cookie and the kind of the row that hold where a link was sent to.
_KIND = "sign-in"


@blueprint.get("/sign-in")
def sign_in() -> str:
    """Ask where to send a link."""
    return _ask(Form(), request.args.get("next", ""))


@blueprint.post("/sign-in")
def ask() -> ResponseReturnValue:
    """Send a link, if the contact belongs to an account; say the same if not."""
    back = request.form.get("next", "")
    sent = read(schemas.AskLink, request.form)
    if drafts.late():
        return _ask(Form(sent.form.values, {"contact": "late"}), back), 422
    if not sent.good:
        return _ask(sent.form, back), 422
    contact = sent.found["contact"].strip()
    try:
        accounts.ask_link(current.node(), contact, source=current.source())
    except Invalid as refusal:
        return _ask(refused(sent.form.values, "contact", refusal), back), 422
    kept = {"contact": contact, "next": places.local(back)}
    token = forms.keep(current.node(), current.pending(_KIND), _KIND, "sent", kept)
    current.keep_pending(_KIND, token)
    return redirect("/sign-in/sent", code=303)


def _ask(form: Form, back: str) -> str:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        next=places.local(back),
        mails=current.node().mail is not None,
    )


@blueprint.get("/sign-in/sent")
def sent() -> ResponseReturnValue:
    """Say where to look, and take the code of a message read elsewhere."""
    asked = _asked()
    if not asked:
        return redirect("/sign-in", code=303)
    return _sent(Form(), asked["contact"])


def _asked() -> dict[str, str]:
    found = forms.read(current.node(), current.pending(_KIND), _KIND) or {}
    return {name: str(text) for name, text in found.items()}


def _sent(form: Form, contact: str) -> str:
    return render_template("accounts/sent.html", form=form, contact=contact)


@blueprint.post("/sign-in/code")
def code() -> ResponseReturnValue:
    """Sign in by the six digits of a message."""
    asked, typed = _asked(), read(schemas.Code, request.form)
    if not asked:
        return redirect("/sign-in", code=303)
    if not typed.good:
        return _sent(typed.form, asked["contact"]), 422
    try:
        signed_in = accounts.use_code(
            current.node(),
            asked["contact"],
            typed.found["code"],
            label=_label(),
            source=current.source(),
        )
    except SignInInvalid:
        return _sent(Form({}, {"code": "invalid"}), asked["contact"]), 422
    return _welcome(signed_in)


@blueprint.get("/sign-in/<token>")
def peek(token: str) -> ResponseReturnValue:
    """Show whom a link would sign in. It stays as good as it was."""
    pending = accounts.peek_link(current.node(), token)
    if pending is None:
        return render_template("accounts/link.html", contact=""), 410
    return render_template("accounts/link.html", contact=pending.contact)


@blueprint.post("/sign-in/<token>")
def use(token: str) -> ResponseReturnValue:
    """Sign in whoever holds the link, once."""
    try:
        signed_in = accounts.use_link(current.node(), token, label=_label())
    except LinkInvalid:
        return render_template("accounts/link.html", contact=""), 410
    return _welcome(signed_in)


def _label() -> str:
    return devices.label(request.user_agent.string)


def _welcome(signed_in: SignedIn) -> ResponseReturnValue:
    return redirect(welcome(signed_in), code=303)


def welcome(signed_in: SignedIn) -> str:
    """Let somebody in, and return where they wanted to go."""
    asked = _asked()
    forms.drop(current.node(), current.pending(_KIND))
    current.drop_pending(_KIND)
    current.sign_in(signed_in)
    return asked.get("next") or "/me?done=in"


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session, here and on the server, and forget what was not sent yet."""
    drafts.drop()
    current.sign_out()
    return redirect("/", code=303)


@blueprint.get("/me")
@current.one_look
def me() -> str:
    """Show what waits for a member, what is open, and what is settled."""
    before = cases.Told.read(request.args.get("before", ""))
    mine = cases.mine(current.node(), by=current.visitor(), before=before)
    done = request.args.get("done")
    return render_template("accounts/me.html", mine=mine, done=done, before=before)
