"""What messages say about what members may check, ask or deny: see `notice_texts`."""


#: Marks a text for the catalogues; it is translated when the message is written.
def _(text: str) -> str:
    return text


#: Subject and body of each kind of message. What was asked is in none of them.
RIGHTS: dict[str, tuple[str, str]] = {
    "notes.asked": (
        _("The member asks for the notes: case %(reference)s"),
        _(
            "The member of case %(reference)s asks to read what the desk wrote for\n"
            "itself. Within seven days somebody looks at each note for what it says\n"
            "about others, and decides what they read. What waits for you:\n%(link)s\n"
        ),
    ),
    "notes.soon": (
        _("Two days left: notes of case %(reference)s"),
        _(
            "Five days ago the member of case %(reference)s asked for the notes of\n"
            "the desk, and some wait for a decision. There are two days left:\n"
            "%(link)s\n"
        ),
    ),
    "notes.over": (
        _("The time is over: notes of case %(reference)s"),
        _(
            "Seven days ago the member of case %(reference)s asked for the notes of\n"
            "the desk, and some still wait. They were told that we are late.\n"
            "Decide now:\n%(link)s\n"
        ),
    ),
    "notes.late": (
        _("We are late, and sorry: the notes about your case %(reference)s"),
        _(
            "You asked for the notes about your case %(reference)s. We promised them\n"
            "within seven days, and somebody still has to look at them. We are sorry.\n"
            "Where it stands:\n%(link)s\n"
        ),
    ),
    "notes.answered": (
        _("The notes about your case %(reference)s"),
        _(
            "You asked for the notes about your case %(reference)s. All of them were\n"
            "looked at; open your case to read them:\n%(link)s\n"
        ),
    ),
    "feedback.given": (
        _("A member says how it was: case %(reference)s"),
        _(
            "The member of case %(reference)s said how it was handled. You can read\n"
            "it, and answer once:\n%(link)s\n"
        ),
    ),
    "feedback.answered": (
        _("There is an answer: how your case %(reference)s was handled"),
        _(
            "You said how your case %(reference)s was handled, and there is an\n"
            "answer. Open your case to read it:\n%(link)s\n"
        ),
    ),
    "feedback.review": (
        _("You are asked to look at a copy without names"),
        _(
            "A member of %(community)s said how their case was handled. You have\n"
            "nothing to do with that case: please read a copy of it without names,\n"
            "and say in a few sentences what you find:\n%(link)s\n"
        ),
    ),
    "feedback.waits": (
        _("A copy without names waits for you"),
        _(
            "You were asked to read a copy without names and to say what you find.\n"
            "If you cannot, say so on the same page. In a week somebody else is\n"
            "asked instead of you:\n%(link)s\n"
        ),
    ),
    "feedback.reviewed": (
        _("Others have looked at it: case %(reference)s"),
        _(
            "Others have read, without names, what the member of case %(reference)s\n"
            "said about how it was handled. What they found:\n%(link)s\n"
        ),
    ),
    "contact.code": (
        _("Your code: case %(reference)s"),
        _(
            "Somebody, we hope you, wants to prove that this address is yours, in\n"
            "case %(reference)s. Type this code where you asked for it, within 15\n"
            "minutes: %(code)s\n\n"
            "Whoever has it can open the files of the case, share it and erase it.\n"
            "Give it to nobody. If it was not you who asked, do nothing.\n"
        ),
    ),
    "submission.for-you": (
        _("Somebody told us something for you: case %(reference)s"),
        _(
            "Somebody of %(community)s told us something for you. It is case\n"
            "%(reference)s, and it is yours: you can read all of it, add to it, and\n"
            "say whether it is right. A person answers by %(due)s.\n\n"
            "If you do not want it, one press there takes it back. Keep this address\n"
            "to yourself, whoever has it can open this one case:\n%(link)s\n"
        ),
    ),
    "spoken.noted": (
        _("Written down: a call, a letter or a talk in case %(reference)s"),
        _(
            "Somebody at %(community)s wrote down a call, a letter or a talk with\n"
            "you, in your case %(reference)s. Please look whether it was so. If it\n"
            "was not, one press there says it:\n%(link)s\n"
        ),
    ),
    "spoken.denied": (
        _("The member says it never was: case %(reference)s"),
        _(
            "In case %(reference)s a call, a letter or a talk was written down, and\n"
            "the member says that it never was. It counts for no promise any more.\n"
            "Please look into it:\n%(link)s\n"
        ),
    ),
    "request.asked": (
        _("A member asks about their data"),
        _(
            "Somebody asks %(community)s about data of their own. The law gives 30\n"
            "days to answer. What they ask, and by when:\n%(link)s\n"
        ),
    ),
    "request.soon": (
        _("A week left: a member asks about their data"),
        _(
            "Somebody asked %(community)s about data of their own, and nobody has\n"
            "answered. There is a week left:\n%(link)s\n"
        ),
    ),
    "request.over": (
        _("The time is over: a member asked about their data"),
        _(
            "Somebody asked %(community)s about data of their own, and nobody has\n"
            "answered in time. It is written down as missed, and they were told.\n"
            "Answer it now, and say why it is late:\n%(link)s\n"
        ),
    ),
    "request.late": (
        _("We are late, and sorry: what you asked about your data"),
        _(
            "%(community)s was to answer what you asked about your data by now, and\n"
            "did not. We are sorry. It is written down as missed, and those who are\n"
            "responsible were told. You can complain to your data protection\n"
            "authority. What you asked, and where it stands:\n%(link)s\n"
        ),
    ),
    "request.longer": (
        _("We need longer: what you asked about your data"),
        _(
            "%(community)s needs up to two months more for what you asked about your\n"
            "data. Sign in to read why, and until when. You can complain to your data\n"
            "protection authority:\n%(link)s\n"
        ),
    ),
    "request.answered": (
        _("There is an answer: what you asked about your data"),
        _(
            "%(community)s has answered what you asked about your data.\n"
            "Sign in to read it:\n%(link)s\n"
        ),
    ),
}
