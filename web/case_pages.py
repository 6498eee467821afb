"""The page of one case, from its member's side and from the desk's.

Both show the same public part: what everybody sees, who was told, what was answered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import get_template_attribute, render_template, request
from markupsafe import Markup

from governance.cases import ANSWER_NOW_KINDS, Act, Outcome, Part, State
from governance.consent import Purpose
from governance.threads import OPEN
from node import (
    assignments,
    cases,
    challenges,
    drafting,
    ladder,
    later,
    notes,
    proofs,
    proving,
    proxies,
    public_cases,
    splitting,
    texts,
    together,
    wishes,
)
from node.assignments import Colleague
from node.cases import CaseView
from node.cases.shapes import TimelineEntry
from node.publications import Shown
from node.replies import ReplyLine
from node.texts import snippets
from web import authoring, current
from web.schemas.form import Form, Read

_OVER = frozenset({State.DISCARDED, State.ERASED})


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply from elsewhere, as an entry of the timeline."""

    seq: int
    at: datetime
    name: str
    host: str
    html: str
    #: Whether its author took it back: then there are no words.
    gone: bool
    seal: str
    who: str = "community"
    kind: str = "reply"
    #: What makes it words and no act; what is shown is `html`.
    text: str = "reply"
    reason: str = ""
    machine: bool = False
    minor: bool = False
    erased: str = ""


@dataclass(frozen=True, slots=True)
class PublicPart:
    """What of a case is public, was, or may become it."""

    #: None if nothing ever was.
    shown: Shown | None = None
    waiting: tuple[ReplyLine, ...] = ()
    answered: tuple[Answered, ...] = field(default=())

    @property
    def living(self) -> bool:
        """Whether it is public now."""
        return self.shown is not None and self.shown.ended_at is None

    @property
    def path(self) -> str:
        """Where people read it."""
        key = self.shown.address.rpartition("/")[2] if self.shown else ""
        return f"/public/{key}"


def member(case: CaseView, form: Form, *, alone: bool = False) -> str:
    """Return the page for the person the case is about.

    `alone`: what their device signed was refused, so their words are sent without.
    """
    public = _public(case)
    stands = cases.standing(current.node(), case.reference, by=current.visitor())
    asks = case.state in OPEN and not alone
    if not public.living:
        form = replace(form, values={"title": _neutral(case), **form.values})
    return render_template(
        "cases/case.html",
        case=case,
        form=form,
        first=case.timeline[0],
        timeline=_merged(case.timeline, public.answered),
        public=public,
        offers=case.outcome is not Outcome.WITHDRAWN and case.state not in _OVER,
        writes=case.state in OPEN,
        stands=stands,
        vetoes=challenges.of_case(current.node(), case.reference, by=current.visitor()),
        change=wishes.chance(current.node(), case.reference, by=current.visitor()),
        ladder=ladder.stands(current.node(), case.reference, by=current.visitor()),
        asked=authoring.message(stands, "write") if asks else None,
        parted=splitting.parts_of(current.node(), case.reference, by=current.visitor()),
        claim=_claim(case),
        asks=proofs.asked(current.node(), case.reference, by=current.visitor()),
        guest=current.visitor().account_id is None,
        unproven=_unproven(case),
        proxy=_proxy(case),
        done=request.args.get("done", ""),
    )


def _claim(case: CaseView) -> together.Joined | None:
    # What somebody says about their own claim, when theirs goes on with others.
    if case.outcome is not Outcome.JOINED:
        return None
    return together.look(current.node(), case.reference, by=current.visitor()).joined


def _unproven(case: CaseView) -> bool:
    # Only who came by a link has an address here that could still be proven.
    who = current.visitor()
    if who.account_id is not None:
        return False
    found = proving.reached(current.node(), case.reference, by=who)
    return found is not None and not found.proven


def _proxy(case: CaseView) -> proxies.Stands | None:
    # What another told for its member, they are asked about.
    first = case.timeline[0]
    if (first.kind, first.who) != ("submission", "advocate"):
        return None
    return proxies.stands(current.node(), case.reference, by=current.visitor())


def desk(case: CaseView, form: Form) -> str:
    """Return the page for whoever works on the case."""
    public = _public(case)
    node, who, ref = current.node(), current.visitor(), case.reference
    advocates = assignments.colleagues(node, by=who, reference=ref)
    behind = cases.behind(node, ref, by=who)
    form = replace(form, values={"tags": ", ".join(case.tags), **form.values})
    return render_template(
        "desk/case.html",
        case=case,
        form=form,
        timeline=_merged(case.timeline, public.answered),
        public=public,
        decides=case.part is Part.ADVOCATE,
        replies=answers(case),
        behind=behind,
        draft=drafting.look(node, ref, by=who),
        later=later.waiting(node, ref, by=who),
        zone=current.community().zone,
        texts=[(it, it) for it in texts.names(node)] if answers(case) else [],
        snippets=_snippets() if answers(case) else [],
        notes=notes.board(node, ref, by=who),
        now=_answers_now(case),
        advocates=[(str(one.id), one.name) for one in advocates],
        walls=challenges.of_case(node, ref, by=who),
        near=_near(case, advocates),
        unwanted=wishes.waits(node, ref, by=who),
        parted=splitting.parts_of(node, ref, by=who),
        done=request.args.get("done", ""),
    )


def _snippets() -> list[tuple[str, str]]:
    found = snippets.mine(current.node(), by=current.visitor())
    return [(str(it.id), it.title) for it in found]


def below(sent: Read, text: str, **more: str) -> Form:
    """Return the form of a reply again, with some words below what was typed."""
    typed = sent.found["reply"].rstrip()
    values = {**sent.form.values, **more}
    values["reply"] = f"{typed}\n\n{text}" if typed else text
    # What is sent once more is something new, and gets a number of its own.
    values.pop("id")
    return Form(values)


def _near(case: CaseView, others: Iterable[Colleague]) -> list[tuple[str, str]]:
    # Whoever has it, oneself, and whom it could be given to: each once.
    who = current.visitor()
    found = {str(who.person_id): who.name}
    if case.responsible is not None:
        found[str(case.responsible.id)] = case.responsible.name
    return list((found | {str(one.id): one.name for one in others}).items())


def answers(case: CaseView) -> bool:
    """Say whether the viewer answers the member of this case."""
    return case.part is Part.ADVOCATE and case.state in OPEN


def _answers_now(case: CaseView) -> bool:
    # One human sentence is enough, for whoever could take the case.
    return case.kind in ANSWER_NOW_KINDS and Act.ASSIGN in case.acts


def _public(case: CaseView) -> PublicPart:
    if all(one.purpose is not Purpose.PUBLISH for one in case.consents):
        return PublicPart()
    node, who = current.node(), current.visitor()
    found = public_cases.beside(node, case.reference, by=who)
    lines, seals = found.replies, found.seals
    return PublicPart(
        shown=found.shown,
        waiting=tuple(line for line in lines if line.state == "pending"),
        answered=tuple(
            Answered(
                seq=seals[line.key][0],
                at=line.at,
                name=line.author,
                host=line.host,
                html=line.html,
                gone=line.state == "deleted",
                seal=seals[line.key][1],
            )
            for line in lines
            if line.key in seals
        ),
    )


def _merged(
    entries: Iterable[TimelineEntry], answered: Iterable[Answered]
) -> Iterator[TimelineEntry | Answered]:
    # Entries stay as they were sealed; a reply stands where it came in.
    waiting = list(answered)
    for entry in entries:
        while waiting and waiting[0].at < entry.at:
            yield waiting.pop(0)
        yield entry
    yield from waiting


def _neutral(case: CaseView) -> str:
    title: Markup = get_template_attribute("parts/public.html", "neutral")(case.topic)
    return title.unescape()
