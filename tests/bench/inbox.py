"""What arrives from other nodes, from socket to stored effect (T2 to T5)."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, perf_counter, process_time, sleep

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import update

from node.models.publications import PublicReply
from node.replies import MOST_WAITING
from tests.bench import inbox_rows, load, proc, writers
from tests.bench.corpus import Corpus, one_by_one, senders, write
from tests.bench.inbox_rows import Round
from tests.bench.load import Sent
from tests.bench.place import Place, found
from tests.bench.rows import Row
from tests.support.stranger import rsa_key

KEEPING, ACTING, ACCEPT, HELLO, FAR = 8330, 8331, 8332, 8333, 8340
#: Each origin may send 600 a minute, so there are enough of them for any round.
_SENDERS, _NOBODY = 32, 8
_STRANGER = 99
_PATIENCE = 60
_CLIENTS = 16
#: The clock of a process ticks every 10 ms, and a hello is over in no time.
_HELLOS = 4


@dataclass(frozen=True)
class Yard:
    """Everything that is served, by its process, and what is sent to it."""

    keeping: int
    acting: int
    accept: int
    hello: int
    place: Place
    known: Corpus
    #: Senders whose origins give no answer, and were asked a moment ago.
    nobody: Corpus


def measure(folder: Path, *, rounds: int, count: int, quick: bool) -> list[Row]:
    """Alternate subjects and yardsticks; return the rows, in a hurry without T2."""
    with _yard(folder) as yard:
        _warm(yard)
        found_ = [_round(yard, count, quick=quick) for _ in range(rounds)]
    rows = [*inbox_rows.effects(found_), *inbox_rows.refusals(found_)]
    if quick:
        return rows
    together = writers.measure(folder, rounds=rounds)
    return [*inbox_rows.keeping(found_), together, *rows]


@contextmanager
def _yard(folder: Path) -> Iterator[Yard]:
    far = folder / "far"
    far.mkdir()
    known = senders(FAR + 1, _SENDERS)
    nobody = senders(FAR + 1 + _SENDERS, _NOBODY)
    write(far, known)
    url = f"http://localhost:{KEEPING}"
    base = found(folder / "inbox", url, [one.host for one in (*known, *nobody)])
    with base.opened() as node:
        base.publish(node)
    key = base.ask("SELECT key FROM publication")
    base.case = f"{url}/ap/cases/{key}"
    copies = [base.copy(f"inbox-{name}") for name in ("keeping", "acting", "accept")]
    keeping, acting, accept = copies
    served = ["-m", "tests.bench.far", str(FAR), str(_SENDERS), "0", str(far)]
    with ExitStack() as stack:
        stack.enter_context(proc.running(served, {}, FAR, "/"))
        pids = [
            stack.enter_context(keeping.served(KEEPING, FOLKMOOT_EMBEDDED="0")),
            stack.enter_context(acting.served(ACTING)),
            stack.enter_context(_bare("accept", ACCEPT, "/readyz", accept)),
            stack.enter_context(_bare("hello", HELLO, "/", accept)),
        ]
        for pid in pids:
            proc.pin(pid, proc.SERVER)
        proc.pin(os.getpid(), proc.LOADER)
        yield Yard(
            *pids,
            acting,
            Corpus(url, base.community, known, base.case),
            Corpus(url, base.community, nobody, base.case),
        )


@contextmanager
def _bare(kind: str, port: int, path: str, place: Place) -> Iterator[int]:
    arguments = ["-m", "tests.bench.yard", kind, str(port), str(place.folder)]
    with proc.running(arguments, place.environment, port, path) as (pid, _):
        yield pid


def _warm(yard: Yard) -> None:
    # Everybody is met, and whoever gives no answer has been asked.
    first = yard.known.replies(2 * _SENDERS)
    for port in (KEEPING, ACTING, ACCEPT, HELLO):
        load.post(port, len(first), one_by_one(first), 202)
    _until_done(yard.place, len(first))
    away = yard.nobody.replies(2 * _NOBODY)
    load.post(KEEPING, len(away), one_by_one(away), 503)
    forged = _forged(yard, _SENDERS)
    load.post(KEEPING, len(forged), one_by_one(forged), 401)


def _round(yard: Yard, count: int, *, quick: bool) -> Round:
    new = yard.known.replies(count)
    found_ = {
        "accept": _cost(yard.accept, ACCEPT, new),
        "hello": _cost(yard.hello, HELLO, new * _HELLOS),
        "keep": _cost(yard.keeping, KEEPING, new),
        "again": _cost(yard.keeping, KEEPING, new),
        "effect": _effect(yard, new),
        "verify": _verify(count),
        "forged": _cost(yard.keeping, KEEPING, _forged(yard, count), 401),
        "away": _cost(yard.keeping, KEEPING, yard.nobody.replies(count), 503),
        "hello-again": _cost(yard.hello, HELLO, new * _HELLOS),
    }
    if not quick:
        many = yard.known.replies(count)
        found_["keep-rate"] = _rate(KEEPING, many)
        found_["accept-rate"] = _rate(ACCEPT, many)
    return found_


def _forged(yard: Yard, count: int) -> list[Sent]:
    return yard.known.replies(count, key=rsa_key(_STRANGER))


def _cost(pid: int, port: int, requests: list[Sent], expected: int = 202) -> float:
    """Return the microseconds of processor that each request costs a process."""
    before = proc.cpu(pid)
    load.post(port, len(requests), one_by_one(requests), expected)
    return (proc.cpu(pid) - before) / len(requests) * 1e6


def _effect(yard: Yard, requests: list[Sent]) -> float:
    place = yard.place
    _answer_all(place)
    requests = requests[: MOST_WAITING * _SENDERS]
    there = place.ask("SELECT count(*) FROM public_reply")
    before = proc.cpu(yard.acting)
    load.post(ACTING, len(requests), one_by_one(requests), 202)
    _until_done(place, there + len(requests))
    return (proc.cpu(yard.acting) - before) / len(requests) * 1e6


def _answer_all(place: Place) -> None:
    # So few of one author may wait: somebody has decided about all that came before.
    with place.opened() as node, node.begin() as tx:
        tx.execute(update(PublicReply).values(state="rejected"))


def _until_done(place: Place, wanted: int) -> None:
    until = monotonic() + _PATIENCE
    while place.ask("SELECT count(*) FROM public_reply") < wanted:
        if monotonic() > until:
            raise RuntimeError("what was answered 202 has no effect")
        sleep(0.02)


def _rate(port: int, requests: list[Sent]) -> float:
    began = perf_counter()
    taken = one_by_one(requests)

    def work(count: int) -> list[float]:
        # Fewer are looked at at a time: the others are told to come again.
        return load.post(port, count, taken, 202, busy=503)

    took = load.post_from(_CLIENTS, len(requests), work)
    return len(took) / (perf_counter() - began)


def _verify(count: int) -> float:
    """Return the microseconds of one bare verification with a key that is loaded."""
    private, message = rsa_key(), b"x" * 400
    signature = private.sign(message, PKCS1v15(), SHA256())
    key = private.public_key()
    began = process_time()
    for _ in range(count):
        key.verify(signature, message, PKCS1v15(), SHA256())
    return (process_time() - began) / count * 1e6
