"""What is asked of recovery keys before a log ends: that the next one follows it."""

from ledger import note as notes
from ledger import succession
from ledger.note import ED25519, Signer
from ledger.succession import Succession
from node import keys
from node.core import Node
from node.errors import NotRecovered
from node.log import guard, names

#: So many bytes of a note fit into a first leaf beside all else.
_CITED = 4_096


def request_succession(node: Node, note: bytes) -> bytes:
    """Make the key of the next log; return what recovery keys are asked to sign.

    `note` is the last checkpoint of this log that somebody cosigned. Nothing ends yet.
    Raises `NotRecovered` where a later log was begun than this database knows.
    """
    with node.read() as tx:
        epoch = names.look(node, tx)
    require_newest(node, epoch)
    previous, log = names.origin(node, epoch), names.origin(node, epoch + 1)
    # A file that is left over may be the key of a log that this database forgot.
    private = keys.add_log(node.settings.keys_folder, node.dice)
    key = Signer(log, ED25519, private).vkey
    cited = _cited(previous, note).decode()
    return succession.request(
        Succession(log=log, key=key, previous=previous, note=cited)
    )


def _cited(own: str, signed: bytes) -> bytes:
    """Return a note with as many lines of witnesses as a first leaf has room for."""
    found = notes.parse(signed)
    note = notes.join(found.text, [line for line in found.lines if line.name == own])
    for line in found.lines:
        if line.name != own and len(note) + len(line.encode()) <= _CITED:
            note += line.encode()
    return note


def require_newest(node: Node, epoch: int) -> None:
    """Refuse where the guard remembers a later log than the database knows."""
    mark = guard.read(guard.path(node))
    if mark is not None and mark.epoch > epoch:
        raise NotRecovered(
            "This database is older than the log that goes on: a newer one has begun."
            " Put back a backup that was made after that."
        )
