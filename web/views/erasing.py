"""Erasing from a case: what goes, what stays, and a last question before it does."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from governance.errors import AuthRequired, NotFound
from node import cases, erasing, log, proofs
from node.erasing import Level, Part, Wish
from web import current
from web.counts import COUNT
from web.schemas import cases as schemas
from web.schemas.form import Form, Read, read

blueprint = Blueprint("erasing", __name__)

#: The fields that are somebody's words; all else goes with its entry.
_WORDS = ("text", "problem", "wanted", "value", "reason")


@blueprint.get("/cases/<ref>/erase")
@current.one_look
def ask(ref: str) -> str:
    """Say what can go: a part, or the whole case."""
    node, who = current.node(), current.visitor()
    return render_template(
        "cases/erase.html",
        case=cases.view(node, ref, by=who),
        parts=[one for one in erasing.parts(node, ref, by=who) if _said(one)],
    )


@blueprint.get("/cases/<ref>/erase/all")
@current.one_look
def ask_whole(ref: str) -> str:
    """Ask once more, and say what it means when all of it goes."""
    return _whole(ref, Form())


@blueprint.post("/cases/<ref>/erase/all")
def whole(ref: str) -> ResponseReturnValue:
    """Erase a whole case."""
    sent = read(schemas.Erase, request.form)
    if not sent.good:
        return _whole(ref, sent.form), 422
    try:
        _erase(ref, sent, Level.CHAIN, None)
    except AuthRequired:
        return _whole(ref, _unproven(sent)), 422
    return render_template("cases/erased.html", reference=ref)


@blueprint.get(f"/cases/<ref>/erase/<{COUNT}:seq>")
@current.one_look
def ask_part(ref: str, seq: int) -> str:
    """Say what of one entry can go, and what stays of it."""
    return _part(ref, seq, Form())


@blueprint.post(f"/cases/<ref>/erase/<{COUNT}:seq>")
def part(ref: str, seq: int) -> ResponseReturnValue:
    """Erase something of one entry."""
    sent = read(schemas.ErasePart, request.form)
    if not sent.good:
        return _part(ref, seq, sent.form), 422
    level, _, name = sent.found["what"].partition("-")
    try:
        _erase(ref, sent, Level(level), seq, name)
    except AuthRequired:
        return _part(ref, seq, _unproven(sent)), 422
    return redirect(f"/cases/{ref}?done=erased", code=303)


def _erase(ref: str, sent: Read, level: Level, seq: int | None, name: str = "") -> None:
    wish = Wish(
        level=level,
        seq=seq,
        name=name,
        named=bool(sent.found["named"]),
        words=sent.found["words"],
        source=current.source(),
    )
    ticket = erasing.erase(current.node(), ref, wish, by=current.visitor())
    if ticket is not None:
        log.wait(current.node(), ticket)


def _unproven(sent: Read) -> Form:
    if current.visitor().case_id is None:
        raise AuthRequired("For this, please show once more that it is you.")
    return Form(sent.form.values, {"words": "wrong"})


def _whole(ref: str, form: Form) -> str:
    node, who = current.node(), current.visitor()
    return render_template(
        "cases/erase_whole.html",
        case=cases.view(node, ref, by=who),
        form=form,
        entries=len(erasing.parts(node, ref, by=who)),
        asks=proofs.asked(node, ref, by=who),
    )


def _part(ref: str, seq: int, form: Form) -> str:
    node, who = current.node(), current.visitor()
    found = next(
        (one for one in erasing.parts(node, ref, by=who) if one.seq == seq), None
    )
    if found is None or found.erased == Level.ENTRY:
        raise NotFound("There is nothing to erase here.")
    case = cases.view(node, ref, by=who)
    # A claim begins with the words that were told first.
    words = 0 if "problem" in found.fields else seq
    return render_template(
        "cases/erase_part.html",
        case=case,
        form=form,
        part=found,
        said=_said(found),
        text=next((one.text for one in case.timeline if one.seq == words), ""),
        asks=proofs.asked(node, ref, by=who),
    )


def _said(one: Part) -> tuple[str, ...]:
    return tuple(name for name in one.fields if name in _WORDS)
