"""What messages say. They name the case and the next step, never anybody's words."""


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


#: Subject and body of each kind of message.
TEXTS: dict[str, tuple[str, str]] = {
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
    "resolved": (
        _("Is it solved? Case %(reference)s"),
        _(
            "Your advocate thinks that your case %(reference)s is done.\n"
            "Only you can say whether it is. Please look here:\n%(link)s\n"
        ),
    ),
}
