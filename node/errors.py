"""What goes wrong in a node that is nobody's fault and no rule's answer."""


class Collision(Exception):  # noqa: N818 - not a fault: run it again
    """Somebody else was quicker, or the database was busy: nothing was written."""


class Unready(Exception):  # noqa: N818 - not the caller's fault
    """The database can take or give nothing now; what was asked is not promised."""


class UnknownSetting(Exception):  # noqa: N818 - an answer for the operator
    """A setting was given that does not exist; the text names the nearest one."""


class BadSetting(Exception):  # noqa: N818 - an answer for the operator
    """A setting has a value the node cannot work with; the text says which and why."""


class ExportFailed(Exception):  # noqa: N818 - an answer for the operator
    """The published log could not be put where it should be; the text says why."""


class NoRecovery(Exception):  # noqa: N818 - an answer for the operator
    """A log was begun without recovery keys; the text says what that means."""


class NotRecovered(Exception):  # noqa: N818 - an answer for the operator
    """Our log cannot be brought back to what it was; the text says why."""


class DatabaseMissing(Exception):  # noqa: N818 - an answer for the operator
    """There was a database here, and it is missing or empty; the text says so."""


class JournalDamaged(Exception):  # noqa: N818 - an answer for the operator
    """The erasure journal cannot be read, so nothing is served; the text says where."""
