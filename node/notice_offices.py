"""What messages say about roles, teams and who has a case: see `notice_texts`."""

from node.notice_parties import PARTIES


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


#: Subject and body of each kind of message.
OFFICES: dict[str, tuple[str, str]] = {
    "oncall.danger": (
        _("You are on call. Danger: case %(reference)s"),
        _(
            "Somebody is in danger, and you are on call. Please see to it at once. If\n"
            "you do not open it, the next one is called:\n%(link)s\n"
        ),
    ),
    "oncall.urgent": (
        _("You are on call. Urgent: case %(reference)s"),
        _(
            "A case is urgent, and you are on call. Please look at it now. If you do\n"
            "not open it, the next one is called:\n%(link)s\n"
        ),
    ),
    "roster.named": (
        _("You are on call from %(first)s"),
        _(
            "You are on call from %(first)s until %(last)s.\n"
            "If you cannot, offer it to somebody else here:\n%(link)s\n"
        ),
    ),
    "roster.out": (
        _("You are not on call after all"),
        _(
            "You were to be on call from %(first)s until %(last)s.\n"
            "That is taken back. What else you have is here:\n%(link)s\n"
        ),
    ),
    "roster.taken": (
        _("Somebody else is on call for you"),
        _(
            "You looked for somebody to be on call from %(first)s until %(last)s.\n"
            "Somebody took it over. What else you have is here:\n%(link)s\n"
        ),
    ),
    **PARTIES,
    "statement.asked": (
        _("In our name, if you agree: case %(reference)s"),
        _(
            "In case %(reference)s somebody wrote a reply in the name of this\n"
            "community. It leaves once somebody else agrees, within a day. Please\n"
            "read it, and say yes or no:\n%(link)s\n"
        ),
    ),
    "case.unwanted": (
        _("The member asks for somebody else: case %(reference)s"),
        _(
            "The member of case %(reference)s got somebody else before, and asks\n"
            "again. They need not say why. Please look who could take it:\n%(link)s\n"
        ),
    ),
    "case.split": (
        _("We made a case of its own of a part of it: case %(reference)s"),
        _(
            "You told us of more than one matter in your case %(reference)s.\n"
            "So that each is looked after, a part of it has a case of its own now:\n"
            "%(others)s. It has the same promises, from the same moment, and\n"
            "nothing that you wrote was changed. Open both from here:\n%(link)s\n"
        ),
    ),
    "case.unsplit": (
        _("It is one case again: %(reference)s"),
        _(
            "A part of your case %(reference)s had a case of its own: %(others)s.\n"
            "It is looked after in your first case again. If you want it to stay\n"
            "apart, open it and bring it back:\n%(link)s\n"
        ),
    ),
    "case.disputed": (
        _("Not solved, says the member: case %(reference)s"),
        _(
            "The member of case %(reference)s does not find it solved. The work goes\n"
            "on. Please look whether somebody else should take it:\n%(link)s\n"
        ),
    ),
    "common.disputed": (
        _("Not solved, say those who joined: case %(reference)s"),
        _(
            "Case %(reference)s was said to be done. So many of those who joined it\n"
            "say that it is not solved for them that it is open again. Please read\n"
            "how many, and see what is left to do:\n%(link)s\n"
        ),
    ),
    "plan.member": (
        _("A step of yours: case %(reference)s"),
        _(
            "The plan of your case %(reference)s has a step for you, and its day has\n"
            "come. Read what it is, and say there when it is done:\n%(link)s\n"
        ),
    ),
    "plan.desk": (
        _("A step of the plan: case %(reference)s"),
        _(
            "The plan of case %(reference)s has a step that is yours to do or to look\n"
            "after, and its day has come:\n%(link)s\n"
        ),
    ),
    "common.review": (
        _("Many joined: case %(reference)s"),
        _(
            "Several others joined case %(reference)s. Please look whether it is in\n"
            "the right hands, and whether anything else is needed:\n%(link)s\n"
        ),
    ),
    "common.respondent": (
        _("So many joined that others should know: case %(reference)s"),
        _(
            "At least ten others joined case %(reference)s. Please tell whoever is\n"
            "asked to put it right how many it concerns. Nothing was sent to them.\n"
            "Name nobody who did not agree to that:\n%(link)s\n"
        ),
    ),
    "common.agenda": (
        _("Proposed for the agenda: case %(reference)s"),
        _(
            "At least twenty-five others joined case %(reference)s. It is proposed\n"
            "as an item of the assembly's agenda. Please look at it:\n%(link)s\n"
        ),
    ),
    "team.nobody": (
        _("Nobody leads a team: %(team)s"),
        _(
            "Everybody who coordinates %(team)s, or is a deputy there, is away now.\n"
            "Please see to it that somebody stands in:\n%(link)s\n"
        ),
    ),
    "grant.given": (
        _("You have a role: %(role)s"),
        _(
            "%(community)s gave you a role: %(role)s, until %(until)s.\n"
            "See what waits for you here:\n%(link)s\n"
        ),
    ),
    "grant.ended": (
        _("A role of yours is over: %(role)s"),
        _(
            "Your role %(role)s at %(community)s was ended before its time. If nobody\n"
            "told you why, ask a steward.\n"
        ),
    ),
}
