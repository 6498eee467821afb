"""What somebody is telling us, between the first step and the last.

It waits on the server behind a cookie, so that going back, an error or a lost
connection costs nobody a word. A step is open once all before it are done.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from node import forms
from node.accounts import OLDEST
from node.submissions import Audience, Told
from web import current
from web.schemas import submissions as schemas
from web.schemas.form import FormSchema, read

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
    """Add what was typed at one step, and remember it all for a day."""
    own = STEPS[step]().fields if step in STEPS else {}
    new = {name: text for name, text in typed.items() if name in own}
    begun = {"id": str(current.fresh_id()), **draft}
    kept = {**begun, **new, "kept_at": current.node().now().isoformat()}
    token = forms.keep(current.node(), current.pending(KIND), KIND, str(step), kept)
    current.keep_pending(KIND, token)
    return kept


def kept_until(draft: Draft) -> datetime:
    """Return until when what was typed waits here."""
    return datetime.fromisoformat(draft["kept_at"]) + forms.KEPT


def drop() -> None:
    """Forget what was typed: it has arrived."""
    forms.drop(current.node(), current.pending(KIND))
    current.drop_pending(KIND)


def reached(draft: Draft) -> int:
    """Return the first step that is not done."""
    own = [step for step in steps() if step in STEPS]
    return next((step for step in own if not _done(step, draft)), LAST)


def _done(step: int, draft: Draft) -> bool:
    schema = STEPS[step]
    typed = {name: draft[name] for name in schema().fields if name in draft}
    return read(schema, typed).good


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
    reachable = draft.get("reach") == "contact"
    return Told(
        id=UUID(draft["id"]),
        text=draft["text"],
        wanted=draft.get("wanted", ""),
        value=schemas.cost(draft),
        place=draft.get("place", ""),
        area=area if area not in {"", "none"} else None,
        contact=draft.get("contact", "").strip() if reachable else "",
        name=draft.get("name", "").strip(),
        audience=Audience(draft["audience"]),
        language=current.language(),
        source=current.source(),
    )
