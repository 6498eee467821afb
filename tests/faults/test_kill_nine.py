import sys

import pytest

from tests.faults.rig import Mailroom, Rig
from tests.faults.storm import Plan, survive
from tests.support import servers
from tests.support.processes import free_port

pytestmark = pytest.mark.network


def rig_in(folder, **engine):
    smtp = free_port()
    return Rig(folder, free_port(), smtp, **engine), Mailroom(smtp)


@pytest.mark.capability("1.18")
def test_nothing_is_lost_or_doubled_when_the_process_is_killed(tmp_path):
    rig, mailroom = rig_in(tmp_path)

    report = survive(Plan(), rig, mailroom, tmp_path)

    sys.stdout.write(f"\n{report}\n")
    assert report.kills == Plan().kills
    assert report.cut, "no kill hit anything"


@pytest.mark.capability("1.18")
@pytest.mark.parametrize("broker", ["redis_url", "rabbitmq_url"])
def test_nothing_is_lost_or_doubled_when_server_and_worker_are_killed(
    tmp_path, postgres_url, broker, request
):
    broker_url = request.getfixturevalue(broker)
    with servers.database(postgres_url) as url:
        rig, mailroom = rig_in(tmp_path, database_url=url, broker_url=broker_url)

        report = survive(Plan(), rig, mailroom, tmp_path)

    sys.stdout.write(f"\n{report}\n")
    assert report.kills == Plan().kills
    assert report.sent_again, "no kill hit anything"
