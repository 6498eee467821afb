"""What messages say about who is in a case besides its member: see `notice_texts`."""


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


#: Subject and body of each kind of message.
PARTIES: dict[str, tuple[str, str]] = {
    "party.asked": (
        _("Somebody wants you beside them: case %(reference)s"),
        _(
            "Somebody who has a case at %(community)s would like you to be in it\n"
            "beside them. Read what for, and say yes or no. Before you say yes,\n"
            "nothing of the case is shown to you.\n\n"
            "Keep this address to yourself, it is yours alone:\n%(link)s\n\n"
            "If you do nothing, nothing happens.\n"
        ),
    ),
    "party.copied": (
        _("A message for you, too: case %(reference)s"),
        _(
            "In case %(reference)s a message was written that names you.\n"
            "Read it here:\n%(link)s\n"
        ),
    ),
    "party.ended": (
        _("It is over for you: case %(reference)s"),
        _(
            "You are not in case %(reference)s of %(community)s any more. What was\n"
            "shown to you there cannot be opened from now on. You need do nothing.\n"
        ),
    ),
    "party.proposed": (
        _("Shall somebody be in your case: %(reference)s"),
        _(
            "Whoever works on your case %(reference)s proposes that somebody is in\n"
            "it beside you. They are not asked, and see nothing, before you say yes:\n"
            "%(link)s\n"
        ),
    ),
    "party.answered": (
        _("Whom you named has answered: case %(reference)s"),
        _(
            "Somebody you named in your case %(reference)s said yes, or no, or left.\n"
            "See who is in it now:\n%(link)s\n"
        ),
    ),
    "party.wrote": (
        _("Somebody wrote in your case: %(reference)s"),
        _(
            "Somebody you named wrote in your case %(reference)s.\n"
            "Read it here:\n%(link)s\n"
        ),
    ),
}
