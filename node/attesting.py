"""By which channel the ledger says that words reached us."""

from governance.intake import Channel
from ledger.author import Channel as Attested

#: What the ledger has another word for; all else it calls what we call it.
_CALLED = {
    Channel.FEDIVERSE: Attested.SOCIAL,
    Channel.LETTER: Attested.PAPER,
    Channel.OPEN311: Attested.API,
    Channel.PARTNER: Attested.API,
}


def attested(channel: str) -> Attested:
    """Return the ledger's word for one of our channels."""
    ours = Channel(channel)
    return _CALLED.get(ours) or Attested(ours.value)
