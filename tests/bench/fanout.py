"""One activity to a thousand other nodes, some of them dead (T6)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time, sleep

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from urllib3.connection import HTTPSConnection

from federation.fetch import wire
from node.core import Node
from node.models.follows import Follow
from node.models.peers import RemoteActor
from tests.bench import proc
from tests.bench.far import HOST, PEM
from tests.bench.place import Place, found
from tests.bench.rows import Row, percentile, ratio
from tests.support.certificates import authority, certificate
from tests.support.stranger import ACTIVITY, rsa_key

NODE, FAR = 20_000, 20_001
#: Of the dead, half refuse to connect, and half connect and say nothing.
DEAD = 50
_PATIENCE = 120
_ARRIVED = "SELECT count(*) FROM target WHERE state = 'done'"
_CONTENT = b'{"type": "Create", "object": "%s"}' % (b"x" * 1_500)

#: Posts a CPU second by a client, alone and beside the dead; and the longest way.
Round = tuple[float, float, float, float]


@dataclass(frozen=True)
class Street:
    """What is served on loopback, and a community that all of it follows."""

    live: int
    #: Followed by the living alone, and by the dead as well.
    alone: Place
    beside: Place
    ca_file: Path


def measure(folder: Path, *, rounds: int, live: int) -> list[Row]:
    """Alternate the node without dead followers, with them, and a bare client."""
    with _street(folder, live) as street:
        found_ = [_round(street, number) for number in range(rounds)]
    client, alone, beside, longest = (list(each) for each in zip(*found_, strict=True))
    return [
        Row(
            name=f"fan-out to {live} nodes (T6)",
            unit="deliveries per CPU second",
            value=round(percentile(alone, 0.5)),
            against=f"bare urllib3 + RSA sign, {round(percentile(client, 0.5))}",
            ratio=round(ratio(alone, client), 2),
            gate=0.85,
            at_least=True,
        ),
        Row(
            name=f"fan-out to {live} nodes, {DEAD} more are dead (T6)",
            unit="deliveries per CPU second",
            value=round(percentile(beside, 0.5)),
            against="the same without the dead",
            ratio=round(ratio(beside, alone), 2),
            gate=0.95,
            at_least=True,
            note=f"the last of the living had it {percentile(longest, 0.5):.1f} s"
            " after it was said",
        ),
    ]


@contextmanager
def _street(folder: Path, live: int) -> Iterator[Street]:
    ca_file, far = _certified(folder)
    url, silent = f"http://localhost:{NODE}", DEAD // 2
    ports = range(FAR + 1, FAR + 1 + live + DEAD)
    hosts = [f"{HOST}:{port}" for port in ports]
    base = found(folder / "fanout", url, hosts, FOLKMOOT_CA_FILE=str(ca_file))
    alone, beside = base.copy("fanout-alone"), base.copy("fanout-beside")
    for place, many in ((alone, live), (beside, live + DEAD)):
        with place.opened() as node:
            _follow(node, place.community, hosts[:many])
    told = ["-m", "tests.bench.far", *map(str, (FAR, live, silent, far))]
    with proc.running(told, {}, FAR, "/") as (pid, _):
        proc.pin(pid, proc.LOADER)
        yield Street(live, alone, beside, ca_file)


def _certified(folder: Path) -> tuple[Path, Path]:
    """Return the file of an authority, and a folder with a certificate by it."""
    far, ca_file = folder / "fanout-far", folder / "fanout-ca.pem"
    far.mkdir()
    by = authority()
    ca_file.write_bytes(by.certificate.public_bytes(Encoding.PEM))
    certificate(HOST, by).write(far).rename(far / PEM)
    return ca_file, far


def _follow(node: Node, community: str, hosts: list[str]) -> None:
    now = node.now()
    with node.begin() as tx:
        for host in hosts:
            origin, actor = f"https://{host}", f"https://{host}/ap/c/far"
            said = {"type": "Group", "handle": "far", "name": "Far", "url": ""}
            inbox = {"inbox": f"{actor}/inbox", "shared_inbox": f"{origin}/ap/inbox"}
            known = {"id": actor, "origin": origin, **said, **inbox}
            tx.add(RemoteActor(**known, fetched_at=now, gone_at=None))
            follow = {"actor": actor, "object": community, "id": f"{actor}/follow"}
            tx.add(Follow(**follow, state="accepted", asked_at=now, decided_at=now))


def _round(street: Street, number: int) -> Round:
    client = _client(street)
    alone, _ = _said(street, street.alone, f"alone-{number}")
    beside, longest = _said(street, street.beside, f"beside-{number}")
    return client, alone, beside, longest


def _client(street: Street) -> float:
    """Post to every live node, as little as that can be; return posts a CPU second."""
    context, key = wire.tls(street.ca_file), rsa_key()
    began = process_time()
    for port in range(FAR + 1, FAR + 1 + street.live):
        signature = key.sign(_CONTENT[:400], PKCS1v15(), SHA256())
        connection = HTTPSConnection(
            HOST, port, ssl_context=context, server_hostname=HOST
        )
        fields = {"Content-Type": ACTIVITY, "Signature": signature.hex()}
        connection.request("POST", "/ap/inbox", _CONTENT, fields)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 202:
            raise RuntimeError(f"answered {answer.status}")
    return street.live / (process_time() - began)


def _said(street: Street, place: Place, name: str) -> tuple[float, float]:
    """Publish a case; return deliveries a CPU second, and seconds to the last one."""
    fresh = place.copy(f"fanout-{name}")
    with fresh.served(NODE) as pid, fresh.opened() as node:
        proc.pin(pid, proc.SERVER)
        before, own = proc.cpu(pid), process_time()
        fresh.publish(node)
        own, began = process_time() - own, perf_counter()
        while fresh.ask(_ARRIVED) < street.live:
            if perf_counter() - began > _PATIENCE:
                raise RuntimeError("not everybody who is there was told")
            sleep(0.1)
        took = perf_counter() - began
        return street.live / (proc.cpu(pid) - before + own), took
