"""What messages say. They name the case and the next step, never anybody's words."""

from node.notice_offices import OFFICES
from node.notice_rights import RIGHTS


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


#: Subject and body of each kind of message.
TEXTS: dict[str, tuple[str, str]] = {
    **OFFICES,
    **RIGHTS,
    "sign-in": (
        _("Sign in to %(community)s"),
        _(
            "Somebody, we hope you, asked to sign in to %(community)s.\n\n"
            "Open this page within 15 minutes and press the button there:\n"
            "%(link)s\n\n"
            "Or type this code where you asked for it: %(code)s\n\n"
            "If it was not you, do nothing. Nobody is signed in by this message.\n"
        ),
    ),
    "submission.received": (
        _("We have it: case %(reference)s"),
        _(
            "%(community)s has received what you told us.\n"
            "Your case is %(reference)s.\n\n"
            "A person answers by %(due)s.\n\n"
            "See it, add to it or take it back here. Keep this address to yourself,\n"
            "whoever has it can open this one case:\n"
            "%(link)s\n\n"
            "It is written into our ledger, which nobody can change unseen.\n"
            "The receipt is on that page.\n"
        ),
    ),
    "reply": (
        _("%(community)s answered: case %(reference)s"),
        _("There is an answer in your case %(reference)s. Read it here:\n%(link)s\n"),
    ),
    "needs-you": (
        _("We have a question: case %(reference)s"),
        _(
            "Your advocate has one question in your case %(reference)s.\n"
            "Read and answer it here:\n%(link)s\n"
        ),
    ),
    "case.keep": (
        _("Shall we keep it? Case %(reference)s"),
        _(
            "Your case %(reference)s is closed. You decide what becomes of it:\n"
            "we keep it, we keep it without your name, or we erase it.\n"
            "If you say nothing, your name and all words in it are gone\n"
            "after %(day)s. Choose here:\n"
            "%(link)s\n"
        ),
    ),
    "case.files": (
        _("The files of case %(reference)s"),
        _(
            "Your case %(reference)s is closed. Its files are gone after %(day)s.\n"
            "Save them before, or have us keep them with it:\n%(link)s\n"
        ),
    ),
    "case.appealed": (
        _("An appeal: case %(reference)s"),
        _(
            "A member of %(community)s asks that somebody else looks at how their\n"
            "case %(reference)s ended. It is in the queue again. Please see to it\n"
            "that somebody takes it who did not have it before.\n"
        ),
    ),
    "case.unseen": (
        _("Nobody looked again: case %(reference)s"),
        _(
            "A week ago somebody put case %(reference)s aside as no case. Nobody else\n"
            "has looked at it since. Until a second person does, it is kept, and its\n"
            "member can bring it back:\n%(link)s\n"
        ),
    ),
    "breach.soon": (
        _("A day left: a breach of people's data"),
        _(
            "Somebody found that data of people got where it should not. Whether\n"
            "the authority is told must be decided within a day from now:\n%(link)s\n"
        ),
    ),
    "breach.over": (
        _("The time is over: a breach of people's data"),
        _(
            "72 hours ago somebody here knew that data of people got where it should\n"
            "not. Nobody decided whether the authority is told. Do it now, and say\n"
            "why it is late:\n%(link)s\n"
        ),
    ),
    "glass.asked": (
        _("A second person is needed: case %(reference)s"),
        _(
            "Somebody asks to read case %(reference)s, which no role of theirs\n"
            "opens. They gave a reason. Nothing is opened before somebody else\n"
            "agrees. Please look at it now:\n%(link)s\n"
        ),
    ),
    "glass.opened": (
        _("Opened as an exception: case %(reference)s"),
        _(
            "Somebody may read case %(reference)s for a short time, although no\n"
            "role of theirs opens it. Who, why and until when:\n%(link)s\n"
        ),
    ),
    "glass.told": (
        _("Somebody read your case: %(reference)s"),
        _(
            "As an exception, somebody here read your case %(reference)s, although\n"
            "it is not their work. You can see when it was, as what they did it,\n"
            "and the reason they gave:\n%(link)s\n"
        ),
    ),
    "case.held": (
        _("Your case is held: %(reference)s"),
        _(
            "A steward holds your case %(reference)s for legal reasons. Until a day,\n"
            "it cannot be erased, and it does not lose its name. You can read who,\n"
            "why, and until when:\n%(link)s\n"
        ),
    ),
    "case.hold-asked": (
        _("Somebody holds a case: %(reference)s"),
        _(
            "A steward holds case %(reference)s for legal reasons. Without the word\n"
            "of a second person it ends within a day. Agree to it, or end it, here:\n"
            "%(link)s\n"
        ),
    ),
    "peer.review": (
        _("Please look again: %(host)s"),
        _(
            "Your community treats the server %(host)s differently from others,\n"
            "and today is the day to look at that again. Until somebody does,\n"
            "nothing changes. Why it was decided, and what can be chosen:\n"
            "%(link)s\n"
        ),
    ),
    "ledger.caught": (
        _("Proven: two histories of %(origin)s"),
        _(
            "The log %(origin)s signed two histories that contradict each other.\n"
            "Both signatures are kept here, and anybody can check them.\n\n"
            "Your community vouches for that log no longer. Please speak to the\n"
            "people who run it, and tell the others who rely on it.\n"
        ),
    ),
    "ledger.accepted": (
        _("The ledger of %(community)s goes on without a witness"),
        _(
            "The ledger of %(community)s was brought back, and no witness vouches\n"
            "that it is all that was ever signed. A steward let it go on all the\n"
            "same. Who that was, and why, is sealed in the ledger.\n\n"
            "Please ask your witnesses to look at it soon:\n%(link)s\n"
        ),
    ),
    "ledger.ended": (
        _("A new ledger of %(community)s has begun"),
        _(
            "A steward ended the ledger of %(community)s. All that was in it stays,\n"
            "and receipts of it still hold. A new one follows it under a name of its\n"
            "own. Who decided it, and why, is sealed there.\n\n"
            "Please tell your witnesses its new key:\n%(link)s\n"
        ),
    ),
    "ledger.unwitnessed": (
        _("Too few witnesses for the ledger of %(community)s"),
        _(
            "For an hour, too few of your witnesses have seen what the ledger of\n"
            "%(community)s published. Everything is taken in and sealed as before.\n"
            "Until they see it, members have to trust that all are shown the same.\n\n"
            "What is published: %(link)s\n"
            "What went wrong: folkmoot ledger witness list\n"
        ),
    ),
    "later.held": (
        _("Your reply did not leave: case %(reference)s"),
        _(
            "You wrote a reply in case %(reference)s that was to leave at a set time.\n"
            "When the time came it could not be sent any more. Nobody got it. It is\n"
            "kept in the case, with the reason:\n%(link)s\n"
        ),
    ),
    "later.gone": (
        _("A reply of yours did not leave"),
        _(
            "You wrote a reply that was to leave at a set time. When the time came,\n"
            "you could not open the case any more, so it was not sent. Nobody got it.\n"
            "You need not do anything.\n"
        ),
    ),
    "case.back": (
        _("The day has come: case %(reference)s"),
        _(
            "Case %(reference)s waited for somebody outside until now. It is yours to\n"
            "go on with: ask them again, or do what can be done without them:\n"
            "%(link)s\n"
        ),
    ),
    "ladder.nudge": (
        _("A promise is nearly due: case %(reference)s"),
        _(
            "In case %(reference)s, something was promised by %(due)s.\n"
            "You have the case. If you cannot do it by then, give it back:\n"
            "%(link)s\n"
        ),
    ),
    "ladder.lead": (
        _("A promise was missed: case %(reference)s"),
        _(
            "A promise in case %(reference)s was not kept. Where nobody acted, the\n"
            "case is in the queue again. The member was told that we are sorry.\n"
            "Please see to it that somebody takes it up by %(due)s:\n%(link)s\n"
        ),
    ),
    "ladder.sorry": (
        _("We are late, and sorry: case %(reference)s"),
        _(
            "%(community)s did not keep a promise in your case %(reference)s.\n"
            "We are sorry. It is counted as missed. Your case keeps its place, and\n"
            "whoever coordinates the work was told.\n\n"
            "Our new date is %(due)s. If nothing happens by then, it goes further up\n"
            "by itself. You can also ask for that now:\n%(link)s\n"
        ),
    ),
    "case.danger": (
        _("Danger: case %(reference)s"),
        _("Somebody is in danger. Please see to it at once:\n%(link)s\n"),
    ),
    "ladder.raised": (
        _("Still nobody answered: case %(reference)s"),
        _(
            "A promise in case %(reference)s was missed, and still nobody kept it.\n"
            "The stewards know it too. Please take it up today:\n%(link)s\n"
        ),
    ),
    "ladder.stewards": (
        _("A missed promise that nobody made good: case %(reference)s"),
        _(
            "A promise of %(community)s in case %(reference)s was missed, and nobody\n"
            "made it good since. It is counted among the misses of this month. Please\n"
            "ask the coordinators what is in the way. What the case is about is not\n"
            "told here.\n"
        ),
    ),
    "ladder.offer": (
        _("What shall we do? Case %(reference)s"),
        _(
            "Nobody at %(community)s has kept a promise in your case %(reference)s,\n"
            "for a long time now. We are sorry.\n\n"
            "You can choose: another community shall look at it, the assembly of the\n"
            "members shall, or you wait. Nothing leaves before you chose:\n%(link)s\n"
        ),
    ),
    "ladder.chosen": (
        _("The member chose: case %(reference)s"),
        _(
            "A promise in case %(reference)s was missed for long. Its member has\n"
            "chosen how it shall go on. Please see to it:\n%(link)s\n"
        ),
    ),
    "ladder.reach": (
        _("Please try another way: case %(reference)s"),
        _(
            "In case %(reference)s the member was asked something and has not\n"
            "answered. It does not close before another way was tried. Please call or\n"
            "write to them, and note that you did:\n%(link)s\n"
        ),
    ),
    "case.lapsed": (
        _("Closed, as no answer came: case %(reference)s"),
        _(
            "We asked whether your case %(reference)s is solved, and heard nothing.\n"
            "So it is closed. It does not count as solved, because you did not say\n"
            "so. You can open it again here:\n%(link)s\n"
        ),
    ),
    "case.unreachable": (
        _("We could not reach you: case %(reference)s"),
        _(
            "We asked you something in your case %(reference)s, several times, and\n"
            "heard nothing. So it is closed. Whenever you read this, you can open it\n"
            "again here, without an end:\n%(link)s\n"
        ),
    ),
    "resolved": (
        _("Is it solved? Case %(reference)s"),
        _(
            "Your advocate thinks that your case %(reference)s is done.\n"
            "Only you can say whether it is. Please look here:\n%(link)s\n"
        ),
    ),
}
