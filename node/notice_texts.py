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
    "peer.review": (
        _("Please look again: %(host)s"),
        _(
            "Your community treats the server %(host)s differently from others,\n"
            "and today is the day to look at that again. Until somebody does,\n"
            "nothing changes. Why it was decided, and what can be chosen:\n"
            "%(link)s\n"
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
