"""The commands about other nodes, as whoever runs the node types them."""

import json
from contextlib import contextmanager

import pytest
import structlog
from click.testing import CliRunner

from folkmoot import main
from node import peers
from tests.support import members
from tests.support.commands import environment
from tests.support.elsewhere import elsewhere
from tests.support.hostile_http import answer
from tests.support.neighbours import following

ELM = "https://elm.example"


@pytest.fixture
def told(moot):
    """What the environment says of the cast's node."""
    return environment(moot)


@pytest.fixture
def run(told):
    def run(*words, **more):
        return CliRunner().invoke(
            main, ["federation", *words], env={**told, **more}, catch_exceptions=False
        )

    yield run
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


@pytest.fixture
def elm(moot):
    with moot.node.begin() as tx:
        peers.meet(moot.node, tx, ELM)


@pytest.fixture
def steward(moot):
    return str(members.join(moot.node, "dov2@ash.example", "steward"))


def block(run, person, *words):
    return run("block", "elm.example", "--person", person, *words)


@pytest.mark.usefixtures("elm")
def test_the_nodes_we_know_are_listed(run):
    said = run("peers")
    [found] = json.loads(run("peers", "--json").stdout)

    assert said.exit_code == 0
    head, line = said.stdout.splitlines()
    assert head.split()[:3] == ["host", "mode", "state"]
    assert line.split()[:3] == ["elm.example", "open", "well"]
    assert found == {
        "host": "elm.example", "mode": "open", "state": "well", "followers": 0,
        "followed": 0, "arrived_at": None, "waiting": 0,
    }  # fmt: skip


def test_a_node_that_knows_nobody_says_so_beside_the_list(run):
    said = run("peers")

    assert (said.exit_code, said.stdout, said.stderr) == (0, "", "Nothing.\n")
    assert json.loads(run("peers", "--json").stdout) == []


def test_what_did_not_arrive_is_listed_with_its_reason(moot, run, tmp_path):
    with following(moot, tmp_path / "birch") as birch:
        moot.village.roads.away.add(birch.settings.origin)
        moot.village.work(moot.node)

        [found] = json.loads(run("deliveries", "--json").stdout)
        said = run("deliveries")

    assert (found["host"], found["state"]) == ("birch.example", "waiting")
    assert (found["reason"], found["count"]) == ("no-answer", 1)
    assert found["next_try_at"] > found["since"]
    assert "no-answer" in said.stdout


@pytest.mark.usefixtures("elm")
def test_a_steward_decides_by_a_command_as_on_the_page(run, steward, moot):
    said = block(run, steward, "--reason", "It sends lies.", "--days", "7", "--json")

    [found] = json.loads(said.stdout)
    assert said.exit_code == 0
    assert (found["mode"], found["reason"]) == ("blocked", "It sends lies.")
    with moot.node.read() as tx:
        assert peers.modes(tx, [ELM]) == ("blocked",)

    block(run, steward, "--mode", "open")

    with moot.node.read() as tx:
        assert peers.modes(tx, [ELM]) == ("open",)


@pytest.mark.usefixtures("elm")
def test_whoever_is_no_steward_decides_nothing_from_a_command_either(run, moot):
    for name in ("ada", "gus"):
        said = block(run, str(moot.ids[name]), "--reason", "It sends lies.")

        assert said.exit_code == 1
        assert (
            said.stderr
            == "Error: case.not-yours: Stewards decide how other nodes are treated.\n"
        )
    with moot.node.read() as tx:
        assert peers.modes(tx, [ELM]) == ("open",)


@pytest.mark.usefixtures("elm")
def test_the_operator_decides_nothing_in_nobodys_name(run):
    said = run("block", "elm.example", "--reason", "It sends lies.")

    assert said.exit_code == 2
    assert "--person" in said.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["elm.example"], "Say why."),
        (["a/b", "--reason", "Lies."], "There is no such node."),
        (["ash.example", "--reason", "Lies."], "This is our own node."),
    ],
)
def test_a_decision_that_cannot_be_is_refused_in_a_sentence(
    run, steward, words, sentence
):
    said = run("block", *words, "--person", steward)

    assert said.exit_code == 1
    assert sentence in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.usefixtures("elm")
def test_somebody_without_an_account_decides_nothing(run):
    said = block(run, "00000000-0000-4000-8000-000000000000", "--reason", "Lies.")

    assert said.exit_code == 1
    assert "no account" in said.stderr


@contextmanager
def cedar(moot, **changed):
    """Serve another node on loopback, under a name that everybody resolves."""
    moot.village.connect(moot.node)
    with elsewhere(moot.node, moot.village, host="localhost", **changed) as looking:
        host = looking.memory["host"]
        yield host, host.partition("//")[2]


@pytest.mark.network
def test_a_look_at_another_node_prints_each_finding_and_ends_with_1(moot, run):
    broken = {"/ap/node/inbox": answer(b"", status="500 Oh")}
    with cedar(moot, answers=broken) as (host, listed):
        rig = {"FOLKMOOT_FEDERATION_INSECURE_HOSTS": listed}
        said = run("doctor", host, **rig)
        found = json.loads(run("doctor", host, "--json", **rig).stdout)

    assert said.exit_code == 1
    lines = {line.split()[1]: line.split()[0] for line in said.stdout.splitlines()}
    assert lines["inbox.broken"] == "fail"
    assert lines["clock.same"] == lines["keys.good"] == "ok"
    assert found["well"] is False
    assert {one["code"]: one["state"] for one in found["findings"]} == lines


@pytest.mark.network
def test_a_look_ends_with_0_only_if_all_is_well(moot, run):
    with cedar(moot) as (host, listed):
        # Nobody serves our own name here: that alone is found.
        rig = {"FOLKMOOT_FEDERATION_INSECURE_HOSTS": listed}
        said = run("doctor", host, "--json", **rig)

    found = json.loads(said.stdout)["findings"]
    failed = {one["code"] for one in found if one["state"] == "fail"}
    assert failed == {"ourselves.away"}
    assert said.exit_code == 1


def test_a_look_at_ourselves_is_refused(run):
    said = run("doctor", "ash.example")

    assert (said.exit_code, said.stderr) == (
        1,
        "Error: not-found: This is our own node.\n",
    )
