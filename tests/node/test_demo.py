"""The demo as its user meets it: two communities of real processes, and a report."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.processes import free_port

pytestmark = pytest.mark.network
#: Two communities, the mailbox's page, and the door of mail.
PORTS = 4
MOST_SECONDS = 60
LONGEST = 300
STEPS = [
    "people tell what happened, through the API",
    "a guest tells what happened, on five pages",
    "a member signs in and tells what happened",
    "a coordinator triages, without seeing who it is",
    "an advocate takes cases and answers",
    "the guest answers by the link in the mail",
    "the guest says it is solved",
    "each steward names the other community as a witness",
    "the neighbour's steward follows the community",
    "a member makes a case public, and it arrives there",
    "the neighbour's advocate answers, and it waits for a yes",
    "the member lets the answer stand, and both sides show it",
    "what a member takes back is gone there",
    "everything that was sent has arrived",
    "each community has signed the other's seal",
    "every receipt of both communities verifies, offline",
    "every word of the answer is in both ledgers",
    "a receipt with one changed byte fails",
]


def free_ports() -> int:
    """Return the first of as many ports in a row as the demo takes."""
    while True:
        port = free_port()
        with ExitStack() as stack:
            try:
                for number in range(port, port + PORTS):
                    listener = stack.enter_context(socket.socket())
                    listener.bind(("127.0.0.1", number))
            except (OSError, OverflowError):
                continue
            return port


def command(folder: Path, port: int, *more: str) -> list[str]:
    """Return what its user types."""
    told = ["--data", str(folder), "--port", str(port)]
    return [sys.executable, "-m", "folkmoot", "demo", *told, *more]


def run(folder: Path, port: int, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    return subprocess.run(  # noqa: S603 - our own program
        command(folder, port, "--once", *more),
        capture_output=True, text=True, check=False, timeout=LONGEST,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where an older demo, of one community, has been."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / ".folkmoot-demo").touch()
    (folder / "elmstreet").mkdir()
    (folder / "elmstreet" / "folkmoot.toml").write_text("unheard_of = 1\n")
    (folder / "serve.log").touch()
    return folder


@pytest.fixture(scope="module")
def done(folder):
    """What the demo says when it is run once."""
    return run(folder, free_ports(), "--json")


@pytest.fixture(scope="module")
def report(done):
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_every_step_of_the_journey_holds(done, report):
    failed = [step for step in report["journey"] if not step["ok"]]

    assert failed == []
    assert [step["step"] for step in report["journey"]] == STEPS
    assert all(step["evidence"] for step in report["journey"])
    assert done.returncode == 0


def test_the_report_counts_two_nodes(report):
    here, there = report["nodes"]

    assert (here["name"], there["name"]) == ("Elm Street Moot", "Northside Tenants")
    assert (here["cases"], here["submissions"], here["members"]) == (11, 11, 5)
    assert (there["cases"], there["members"]) == (0, 3)
    assert here["actor"] == f"{here['url']}/ap/c/elmstreet"
    assert there["actor"] == f"{there['url']}/ap/c/northside"
    assert here["url"] != there["url"]


def test_each_node_has_a_ledger_of_its_own(report):
    here, there = (node["ledger"] for node in report["nodes"])

    assert here["origin"] != there["origin"]
    assert here["root"] != there["root"]
    assert here["size"] > there["size"] > 0


def test_every_receipt_that_was_issued_on_either_node_is_verified(report):
    receipts = report["receipts"]

    assert receipts["issued"] == receipts["verified"] >= 100
    assert receipts["witnessed"] == receipts["issued"]


def test_the_seal_of_each_is_signed_by_the_other(report):
    here, there = (
        node["ledger"]["origin"].partition("/")[0] for node in report["nodes"]
    )
    evidence = {step["step"]: step["evidence"] for step in report["journey"]}

    said = evidence["each community has signed the other's seal"]
    assert f"{there}/witness signed" in said
    assert f"{here}/witness signed" in said


def test_whatever_one_node_sent_the_other_received(report):
    federation = report["federation"]

    assert federation["failed"] == 0
    assert federation["sent"] == federation["received"] >= 6
    assert sum(federation["profiles"].values()) == federation["received"]


def test_the_answer_is_in_both_ledgers(report):
    [said] = [
        step["evidence"]
        for step in report["journey"]
        if step["step"] == "every word of the answer is in both ledgers"
    ]

    theirs, ours = said.split("; in the ledger of Northside Tenants; ")
    assert theirs == "refer.in by node: 1; reply by advocate: 1"
    assert ours.startswith("reply by partner: 1; deliver by node: 1")


def test_the_journey_takes_less_than_a_minute(report):
    assert sum(step["seconds"] for step in report["journey"]) < MOST_SECONDS


def test_nothing_of_an_older_demo_is_left(folder, report):
    del report

    assert sorted(path.name for path in folder.iterdir()) == [
        ".folkmoot-demo", "elmstreet", "elmstreet.log", "northside", "northside.log",
    ]  # fmt: skip


def test_each_node_warns_of_whom_it_reaches_without_tls(folder, report):
    del report

    for name in ("elmstreet", "northside"):
        assert "federation.insecure" in (folder / f"{name}.log").read_text()


def test_a_folder_that_is_no_demos_is_left_alone(tmp_path):
    (tmp_path / "precious").touch()

    done = run(tmp_path, free_ports())

    assert done.returncode == 1
    assert "is not a demo's folder; name another with --data." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_port_that_is_taken_is_said_with_whose_it_was(tmp_path):
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        done = run(tmp_path / "demo", port)

    assert done.returncode == 1
    assert "The demo cannot run: Northside Tenants did not start" in done.stderr


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a demo that stays up, and its first port."""
    port = free_ports()
    process = subprocess.Popen(  # noqa: S603 - our own program
        command(folder, port), stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process, port
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def staying(tmp_path_factory):
    """A demo that has shown everything, what it printed, and its first port."""
    with started(tmp_path_factory.mktemp("at") / "demo") as (process, port):
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                break
        yield process, "".join(said), port


def get(port, path):
    """Return status, where it leads, and text."""
    connection = HTTPConnection("localhost", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.headers["Location"], answer.read().decode()
    finally:
        connection.close()


def test_it_prints_where_both_communities_are_and_who_one_can_be(staying):
    _, said, port = staying

    for line in (
        f"Elm Street Moot    http://localhost:{port}",
        f"Northside Tenants  http://localhost:{port + 1}",
        f"Their mail         http://localhost:{port + 2}",
        f"http://localhost:{port + 2}/as/maria   Maria Silva, member",
        f"http://localhost:{port + 2}/as/priya   Priya Nair, advocate",
    ):
        assert line in said


def test_one_click_signs_in_at_the_right_community(staying):
    _, _, port = staying

    for name, home in (("maria", port), ("priya", port + 1)):
        status, door, _ = get(port + 2, f"/as/{name}")
        assert status == 302
        assert door.startswith(f"http://localhost:{home}/sign-in/")
        path = door.removeprefix(f"http://localhost:{home}")
        assert get(home, path)[0] == 200


def test_nobody_is_signed_in_under_a_name_that_is_not_there(staying):
    _, _, port = staying

    assert get(port + 2, "/as/nobody")[0] == 404


def test_one_page_has_everybody_and_every_mail(staying):
    _, _, port = staying

    _, _, page = get(port + 2, "/")

    for words in ("<h3>Elm Street Moot</h3>", "<h3>Northside Tenants</h3>"):
        assert words in page
    for box in ("maria@elmstreet.example", "priya@northside.example"):
        assert f"To {box}" in page


def test_everybody_can_read_the_public_case_with_its_answer(staying):
    _, _, port = staying
    _, _, page = get(port, "/public")
    path = next(part for part in page.split('"') if part.startswith("/public/"))

    _, _, case = get(port, path)

    assert "Ask for a damp survey in writing" in case
    assert f"localhost:{port + 1}" in case


def nothing_listens(port):
    """Say whether nobody is left at any of a demo's ports."""
    for number in range(port, port + PORTS):
        with pytest.raises(OSError, match="refused"):
            get(number, "/")
    return True


def test_it_stops_when_it_is_interrupted(staying):
    process, _, port = staying

    process.send_signal(signal.SIGINT)

    assert "Stopped." in process.stdout.read()
    assert process.wait(timeout=60) == 0
    assert nothing_listens(port)


def test_its_nodes_end_with_it_on_the_way(tmp_path):
    with started(tmp_path / "demo") as (process, port):
        assert process.stdout.readline().startswith("ok")

        process.terminate()

        process.stdout.read()
        assert process.wait(timeout=60) == 1
        assert nothing_listens(port)
