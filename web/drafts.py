"""What somebody is telling us, between the first step and the last.

It waits on the server behind a cookie, so that going back, an error or a lost
connection costs nobody a word. A step is open once all before it are done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from governance import files as rules
from governance.submissions import WORDS_LIMIT
from node import areas, files, forms, throttle
from node.accounts import OLDEST
from node.submissions import Audience, Told
from web import current, uploads
from web.schemas import submissions as schemas
from web.schemas.form import Form, FormSchema, Read, read

#: The cookie and the kind of the row that hold what was typed.
KIND = "tell"
STEPS: dict[int, type[FormSchema]] = {
    1: schemas.What,
    2: schemas.Where,
    3: schemas.Reach,
    4: schemas.Who,
}
LAST = 5
#: The step at which a guest says how to be reached; of members we know.
_REACH = 3
#: What is too long is kept a little too long, so that it is still said to be.
_LONGEST = WORDS_LIMIT + 1_000

Draft = Mapping[str, str]


def steps() -> list[int]:
    """Return the steps whoever is asking goes through."""
    known = current.visitor().account_id is not None
    return [step for step in (*STEPS, LAST) if not (known and step == _REACH)]


def load() -> Draft:
    """Return what this browser has typed so far; empty at the beginning."""
    found = forms.read(current.node(), current.pending(KIND), KIND) or {}
    return {name: str(text) for name, text in found.items()}


def keep(draft: Draft, step: int, typed: Mapping[str, str]) -> Draft:
    """Add what was typed at one step, and remember it all for a day.

    Strangers may do so a number of times an hour; after that it raises `Throttled`.
    """
    node = current.node()
    if current.visitor().account_id is None:
        throttle.spend(node, "tell.save", current.source())
    new = {name: text[:_LONGEST] for name, text in own(step, typed).items()}
    begun = {"id": str(current.fresh_id()), **draft}
    kept = {**begun, **new, "kept_at": node.now().isoformat()}
    token = forms.keep(node, current.pending(KIND), KIND, str(step), kept)
    current.keep_pending(KIND, token)
    return kept


def bring(draft: Draft, dropped: Sequence[str]) -> Draft:
    """Keep the files that came with a form, and let go of those taken off it."""
    node, before = current.node(), files.unpacked(draft.get(uploads.FIELD, ""))
    off = {one.id for one in before if str(one.id) in dropped}
    stay = tuple(one for one in before if one.id not in off)
    new, sizes = uploads.of_form(), [one.size for one in stay]
    rules.check_count([*sizes, *(len(one.raw) for one in new)])
    if not new and not off:
        return draft
    fresh = files.keep(node, new)
    files.let_go(node, list(off))
    return {**draft, uploads.FIELD: files.packed((*stay, *fresh))}


def own(step: int, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what of a form belongs to one step."""
    fields = STEPS[step]().fields if step in STEPS else {}
    return {name: text for name, text in typed.items() if name in fields}


def waits(token: str) -> bool:
    """Say whether a link opens what somebody typed."""
    return forms.read(current.node(), token, KIND) is not None


def replaces(token: str) -> bool:
    """Say whether this browser would go on with something else than it has begun."""
    return current.pending(KIND) != token and bool(load())


def take_over(token: str) -> bool:
    """Go on in this browser with what was typed in another one, if it still waits.

    It gets a new token: whoever sent the link does not read what is typed from now on.
    """
    node = current.node()
    found = forms.read(node, token, KIND)
    if found is None:
        # A button pressed twice is pressed once.
        return load().get("came_by") == _mark(token)
    kept = {**found, "kept_at": node.now().isoformat(), "came_by": _mark(token)}
    current.keep_pending(KIND, forms.keep(node, None, KIND, str(found["step"]), kept))
    forms.drop(node, token)
    return True


def _mark(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def kept_until(draft: Draft) -> datetime:
    """Return until when what was typed waits here."""
    return datetime.fromisoformat(draft["kept_at"]) + forms.KEPT


def drop() -> None:
    """Forget what was typed: it has arrived, or whoever typed it has gone."""
    forms.drop(current.node(), current.pending(KIND))
    current.drop_pending(KIND)


def reached(draft: Draft) -> int:
    """Return the first step that is not done."""
    own = [step for step in steps() if step in STEPS]
    return next((step for step in own if not _done(step, draft)), LAST)


def _done(step: int, draft: Draft) -> bool:
    return look(step, own(step, draft)).good


def look(step: int, typed: Mapping[str, str]) -> Read:
    """Read one step, or find out what is wrong with it."""
    sent = read(STEPS[step], typed)
    area = sent.found.get("area", "")
    if area in {"", "none"} or area in {it.code for it in areas.every(current.node())}:
        return sent
    return Read(Form(sent.form.values, {"area": "choice"}), {})


def before(step: int) -> int:
    """Return the step before one."""
    return max((other for other in steps() if other < step), default=1)


def after(step: int) -> int:
    """Return the step after one."""
    return min((other for other in steps() if other > step), default=LAST)


def late() -> bool:
    """Say whether the form lay open for longer than a form may."""
    return not current.known_by_cookie() and current.form_age() > OLDEST


def told(draft: Draft) -> Told:
    """Return what was typed, as it is handed in."""
    area = draft.get("area", "")
    # Who signs in half way has typed what we know of members by ourselves.
    asked = _REACH in steps()
    reachable = asked and draft.get("reach") == "contact"
    return Told(
        id=UUID(draft["id"]),
        text=draft["text"],
        wanted=draft.get("wanted", ""),
        value=schemas.cost(draft),
        place=draft.get("place", ""),
        area=area if area not in {"", "none"} else None,
        contact=draft.get("contact", "").strip() if reachable else "",
        name=draft.get("name", "").strip() if asked else "",
        audience=Audience(draft["audience"]),
        language=current.language(),
        files=files.unpacked(draft.get(uploads.FIELD, "")),
        source=current.source(),
    )
