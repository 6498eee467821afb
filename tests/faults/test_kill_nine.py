"""The storm: killed without warning, again and again, while people tell it things."""

import random
import sys
from time import monotonic, sleep

import pytest

from tests.faults.found import look, mails_left, until
from tests.faults.load import Load, send, tellings
from tests.faults.rig import Mailroom, Rig, running
from tests.support import servers
from tests.support.processes import free_port

pytestmark = [pytest.mark.network, pytest.mark.enable_socket]

COUNT, KILLS, SEED = 200, 8, 9
#: A worker's lease, a sweep, and the time it takes.
LONGEST_LEASE = 45.0


def storm(rig, load, found):
    """Kill the node at seeded moments, each while something is on its way."""
    chance, cut = random.Random(SEED), 0  # noqa: S311 - the same for the same seed
    load.start()
    share = len(load.waiting) / (KILLS + 1)
    for number in range(KILLS):
        reached = load.reach(int(share * (number + chance.random())) + 1)
        assert reached, rig.said("server")
        sleep(chance.random() * 0.05)
        dead = chance.choice([("server",), ("worker",), ("server", "worker")])
        dead = dead if rig.broker_url else rig.parts
        rig.kill(*dead)
        # Inside one process, the server is the worker too.
        held = dead if rig.broker_url else ("server", "worker")
        cut += found.let_leases_end(rig.kills[-1], *held)
        rig.start()
    return cut


def survive(rig, mailroom, folder):
    began, told = monotonic(), tellings(COUNT, SEED)
    owed = sum(bool(one.contact) for one in told)
    load = Load(rig.port, folder / "record", told)
    with running(rig, mailroom), look(rig.settings) as found:
        cut = storm(rig, load, found)
        assert load.end() == []
        late = until(lambda: len(mailroom.mails) >= owed, LONGEST_LEASE)
        again = [send(rig.port, one) for one in told[::20]]
        until(lambda: not found.owed(), LONGEST_LEASE)
    with look(rig.settings) as found:
        found.check_promises(told, load.promised)
        found.check_answers(again, told[::20], load.promised)
        found.check_effects()
        size = found.check_ledger()
        verified = found.check_receipts(load.promised)
    left, due = mails_left(mailroom.mails, told, load.promised)
    assert left == due
    sys.stdout.write(
        f"\nkill-nine seed={SEED} kills={len(rig.kills)} cut={cut}"
        f" acknowledged={len(load.promised)} sent_again={load.repeats}"
        f" mails={len(mailroom.mails)} deliveries={mailroom.deliveries}"
        f" mails_waited={late:.1f}s ledger={size} receipts={verified}"
        f" restart={max(rig.starts):.2f}s seconds={monotonic() - began:.1f}\n"
    )


def rig_in(folder, **engine):
    smtp = free_port()
    return Rig(folder, free_port(), smtp, **engine), Mailroom(smtp)


@pytest.mark.capability("1.18")
def test_nothing_is_lost_or_doubled_when_the_process_is_killed(tmp_path):
    rig, mailroom = rig_in(tmp_path)

    survive(rig, mailroom, tmp_path)


@pytest.mark.capability("1.18")
@pytest.mark.parametrize("broker", ["redis_url", "rabbitmq_url"])
def test_nothing_is_lost_or_doubled_when_server_and_worker_are_killed(
    tmp_path, postgres_url, broker, request
):
    broker_url = request.getfixturevalue(broker)
    with servers.database(postgres_url) as url:
        rig, mailroom = rig_in(tmp_path, database_url=url, broker_url=broker_url)

        survive(rig, mailroom, tmp_path)
