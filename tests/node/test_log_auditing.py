"""Auditing a log from outside: what it shows over HTTP, and a policy of one's own."""

import json
from copy import deepcopy
from time import monotonic

import pytest
import structlog
from click.testing import CliRunner

from federation.fetch import Guard
from folkmoot import main
from ledger import note, policy, tiles
from ledger.__main__ import run as check_offline
from ledger.cosignature import cosign
from ledger.note import Signer
from ledger.rotation import Change, rotate
from node.log import auditing, names
from node.log.outside import Site
from tests.house.reading import ROOT
from tests.ledger.honest import Chain, Node
from tests.ledger.hostile import Hostile as Bad
from tests.ledger.test_audit import served
from tests.ledger.test_rotation import SECOND, UNTIL
from tests.ledger.worked import LOG, ORIGIN, WITNESS
from tests.support.hostile_http import answer
from tests.support.logs import grow, published
from tests.support.serving import local, serving
from tests.support.shown import NOTE, TILE, shown

pytestmark = pytest.mark.network

POLICY = f"log {LOG.vkey}\nwitness partner {WITNESS.vkey}\nquorum partner\n"
OTHER = Signer("b.example/ledger", SECOND.type, SECOND.key)
NAMES = [
    "checkpoint", "start", "kept", "growth", "bundles", "root", "tiles", "leaves",
    "clear", "log", "witnesses", "tags",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet():
    yield
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


def grown(size=300, made=Node):
    node, case = made(), Chain("mine")
    node.say(case)
    while node.size < size:
        node.cover()
    node.say(case)
    return node


NODE = grown()


def files(node, *, at=None, signed=None):
    seen = node.note(at=node.now if at is None else at)
    return {**served(node), "checkpoint": seen if signed is None else signed}


@pytest.fixture
def asked(tmp_path):
    """Audits what a server shows, as somebody who has no node."""

    def ask(server, *words, trusted=POLICY, listed=True):
        (tmp_path / "policy").write_text(trusted)
        url = server if isinstance(server, str) else f"http://localhost:{server.port}"
        host = url.partition("//")[2].partition("/")[0]
        told = {
            "FOLKMOOT_DATA": str(tmp_path / "no-node"),
            "FOLKMOOT_FEDERATION_INSECURE_HOSTS": host if listed else "",
        }
        typed = ["ledger", "audit", url, "--policy", str(tmp_path / "policy"), *words]
        return CliRunner().invoke(main, typed, env=told, catch_exceptions=False)

    return ask


@pytest.fixture
def found(asked):
    """The same, as programs read it: the codes of what is wrong, by its names."""

    def ask(server, *words, **how):
        said = asked(server, *words, "--json", **how)
        told = json.loads(said.stdout)
        unread = 2 if told["unread"] else 1
        assert said.exit_code == (0 if told["valid"] else unread)
        assert [one["name"] for one in told["findings"]] == NAMES
        assert [one["step"] for one in told["findings"]] == [*range(1, 13)]
        wrong = {it["name"]: it["code"] for it in told["findings"] if not it["ok"]}
        return {name: code for name, code in wrong.items() if code != "not-checked"}

    return ask


# What holds


def test_a_log_is_read_to_its_end_and_found_in_order(asked):
    with shown(files(NODE)) as server:
        said = asked(server)

    lines = said.stdout.splitlines()
    assert (said.exit_code, lines[0]) == (0, f"{ORIGIN}: 301 entries, all in order")
    assert [line.split()[1] for line in lines[1:13]] == ["ok"] * 12
    assert lines[13] == "  read: 300 sealed or cover, 1 open"
    assert len(server.asked) == len({one.target for one in server.asked})


def test_nobody_needs_a_node_or_a_key_for_it(asked, tmp_path):
    with shown(files(NODE)) as server:
        asked(server)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["policy"]


def test_a_node_of_ours_is_audited_while_it_is_served(asked, tmp_path):
    village, node = local(tmp_path / "village")
    for entries in (40, 300, 7):
        grow(village, node, entries)
    vkey, size = names.log_signer(node).vkey, published(node).size
    trusted = f"log {vkey}\nquorum none\n"

    with serving(node) as origin:
        url = f"{origin}/ledger/"
        whole = asked(url, trusted=trusted)
        older = asked(url, "--since", "48", trusted=trusted)
        never = asked(url, "--since", "50", trusted=trusted)

    name = names.origin(node)
    assert whole.stdout.startswith(f"{name}: {size} entries, all in order")
    assert older.exit_code == 0
    assert "It begins with the 48 entries it had before." in older.stdout
    assert "Nothing shows what this log was at size 50." in never.stderr


def test_who_comes_again_reads_only_what_is_new(asked, tmp_path):
    kept = tmp_path / "kept"
    with shown(files(NODE)) as server:
        assert asked(server, "--keep", str(kept)).exit_code == 0
    assert kept.read_bytes() == NODE.note(at=NODE.now)
    later = deepcopy(NODE)
    while later.size < 900:
        later.cover()

    with shown(files(later)) as server:
        said = asked(server, "--since", "301", "--seen", str(kept))

    assert said.exit_code == 0, said.stdout
    targets = [one.target for one in server.asked]
    assert "/tile/entries/000" not in targets
    assert "/tile/entries/001" in targets


def test_the_longest_wait_between_two_publications_is_told(asked):
    notes = [NODE.note(size, at=NODE.now + size) for size in (8, 16, 301)]
    page = answer(b"\n".join(reversed(notes)), NOTE)
    first, rest = "checkpoints?before=302", "checkpoints?before=8"

    with shown(files(NODE), **{first: page, rest: answer(b"", NOTE)}) as server:
        said = asked(server)

    assert "  published: 3 times, longest wait 285 s" in said.stdout


def test_a_log_that_changed_its_key_is_followed_from_its_beginning(found):
    node = grown()
    change = Change(log=ORIGIN, old=LOG.vkey, new=SECOND.vkey, overlap_until=UNTIL)
    node.clear("key.rotate", rotate(change, LOG, SECOND))
    node.log = SECOND

    with shown(files(node)) as server:
        assert found(server) == {}
        assert found(server, "--since", "8") == {"checkpoint": "log-unknown"}


# What does not


def test_a_checkpoint_of_another_log_is_refused_and_no_more_is_asked(found):
    text = NODE.text().replace(b"node.example", b"other.example")
    foreign = note.sign(text, LOG)

    with shown(files(NODE, signed=foreign)) as server:
        assert found(server) == {"checkpoint": "log-unknown"}
    assert [one.target for one in server.asked] == ["/checkpoint"]


NO_NOTES = {
    "hello": (answer(b"hello", NOTE), "note-malformed"),
    "a tile": (answer(NODE.note(), TILE), "egress.type"),
    "nothing": (answer(b"", NOTE, "404 Not Found"), "not-published"),
    "a fault": (answer(b"", NOTE, "500 Oh No"), "egress.status"),
    "a short line": (answer(NODE.note()[:-30] + b"AAAA\n", NOTE), "base64"),
    "two megabytes": (answer(b"x" * 2**21, NOTE), "egress.large"),
    "a promise": (
        answer(b"", {"Content-Length": "1000000000", **NOTE}), "egress.unreachable",
    ),
    "silence": (b"", "egress.unreachable"),
    "another protocol": (b"SSH-2.0-hello\r\n", "egress.unreachable"),
}  # fmt: skip


@pytest.mark.parametrize("name", NO_NOTES)
def test_what_is_no_checkpoint_is_refused_by_name(found, name):
    said, code = NO_NOTES[name]

    with shown({}, checkpoint=said) as server:
        assert found(server) == {"checkpoint": code}


def test_a_forged_signature_is_seen_before_anything_is_read(found):
    forged = NODE.note().replace(NODE.note()[-20:-10], b"AAAAAAAAAA")

    with shown(files(NODE, signed=forged)) as server:
        assert found(server)["checkpoint"] in {"log-signature", "base64"}
    assert len(server.asked) == 1


ENTRIES, HASHES = "tile/entries/000", "tile/0/000"


GONE = "404 Gone"
HTML, PACKED = {"Content-Type": "text/html"}, {**TILE, "Content-Encoding": "gzip"}
#: What is answered instead, and by which finding and code it is refused.
BROKEN = {
    "entries cut": (ENTRIES, lambda it: answer(it[:-1], TILE), "bundles", "bundle"),
    "an entry short": (ENTRIES, lambda it: answer(it[:-51], TILE), "bundles", "bundle"),
    "entries as text": (ENTRIES, lambda it: answer(it, NOTE), "bundles", "egress.type"),
    "no entries": (
        ENTRIES, lambda _: answer(b"", NOTE, GONE), "bundles", "tile-missing",
    ),
    "far too many": (
        ENTRIES, lambda it: answer(it * 199, TILE), "bundles", "egress.large",
    ),
    "a wrong length": (
        ENTRIES, lambda it: answer(b"\1" + it[1:], TILE), "bundles", "bundle",
    ),
    "another entry": (
        ENTRIES, lambda it: answer(it[:-1] + b"x", TILE), "root", "root",
    ),
    "hashes cut": (HASHES, lambda it: answer(it[:-1], TILE), "bundles", "tile-short"),
    "another hash": (
        HASHES, lambda it: answer(it[:-1] + b"x", TILE), "tiles", "tile-wrong",
    ),
    "no hashes": (HASHES, lambda _: answer(b"", NOTE, GONE), "tiles", "tile-wrong"),
    "hashes as a page": (
        HASHES, lambda it: answer(it, HTML), "bundles", "egress.type",
    ),
    "hashes packed": (
        HASHES, lambda it: answer(it, PACKED), "bundles", "egress.encoding",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_tile_that_is_not_what_it_should_be_is_refused_by_name(found, name):
    path, said, step, code = BROKEN[name]
    whole = files(NODE)

    with shown(whole, **{path: said(whole[path])}) as server:
        assert found(server) == {step: code}


def test_what_was_shown_before_and_is_not_there_any_more_is_found(found, tmp_path):
    kept = tmp_path / "kept"
    kept.write_bytes(NODE.note())
    bad = grown(made=Bad)
    rewritten, shorter = bad.rewrite(20), bad.roll_back(200)

    with shown(files(rewritten)) as server:
        assert found(server, "--seen", str(kept)) == {"kept": "consistency"}
        assert found(server, "--seen", str(kept), "--since", "301") == {
            "start": "rewrite"
        }
    with shown(files(shorter)) as server:
        assert found(server, "--seen", str(kept)) == {"kept": "rollback"}


def test_an_entry_that_was_recorded_twice_is_found(found):
    bad, case = Bad(), Chain("mine")
    for _ in range(3):
        bad.say(case)
    bad.duplicate(case, 1)

    with shown(files(bad)) as server:
        assert found(server) == {"tags": "twin"}


def test_a_gap_between_the_open_entries_is_found(found):
    node = grown(20)
    node.clear_seq += 1
    node.clear("policy", {"policy": "quorum none\n"})
    node.put(b"\7")

    with shown(files(node)) as server:
        assert found(server) == {"clear": "clear-chain", "leaves": "leaf-unknown"}


def test_too_few_witnesses_are_said_and_a_false_one_too(found):
    with shown(files(NODE, signed=NODE.note())) as server:
        assert found(server) == {"witnesses": "quorum"}
    lie = cosign(NODE.text(8), WITNESS, NODE.now).encode()
    with shown(files(NODE, signed=NODE.note() + lie)) as server:
        assert found(server) == {"witnesses": "cosignature"}


def test_a_server_that_never_ends_is_left_in_time():
    def slowly(connection):
        connection.recv(1)  # nothing comes: whoever asked has to give up

    with shown({}, checkpoint=slowly) as server:
        host = f"localhost:{server.port}"
        guard = Guard("x", insecure=frozenset({host}), monotonic=monotonic)
        site = Site.at(guard, f"http://{host}", 0.5, monotonic)
        found = auditing.look(site, policy.parse(POLICY.encode()))

    assert found.findings[0].code == "egress.slow"
    assert not found.valid


def test_an_address_on_this_machine_needs_the_operators_word(found):
    with shown(files(NODE)) as server:
        assert found(server) == {}
        asked = len(server.asked)
        assert found(server, listed=False) == {"checkpoint": "egress.host"}
        assert len(server.asked) == asked


@pytest.mark.parametrize(
    "words", [["--since", "-1"], ["--seen", "nowhere"], ["--minutes", "0"]]
)
def test_wrong_usage_is_answered_as_such(asked, words):
    assert asked("https://node.example/ledger", *words).exit_code == 2


def test_a_policy_that_cannot_be_read_is_wrong_usage(asked):
    said = asked("https://node.example/ledger", trusted="trust everybody")

    assert said.exit_code == 2
    assert "policy" in said.stderr


def test_tiles_are_named_as_their_standard_names_them():
    assert tiles.path(tiles.ENTRIES, 0) == ENTRIES
    assert tiles.path(0, 0) == HASHES


# What could not be read


AWAY = {
    "nothing": ({}, "checkpoint: There is no such file"),
    "a page": (
        {"checkpoint": answer(b"<p>", {"Content-Type": "text/html"})},
        "checkpoint: What is there is a file of another type.",
    ),
    "no note": ({"checkpoint": answer(b"hello", NOTE)}, "This is not a signed note"),
    "a tile away": (
        {"tile/entries/000": answer(b"", TILE, "500 Oh No")},
        "tile/entries/000: It answered that it does not give this file.",
    ),
}


@pytest.mark.parametrize("name", AWAY)
def test_what_could_not_be_read_accuses_nobody_and_says_why(asked, name):
    others, sentence = AWAY[name]
    whole = files(NODE) if "tile/entries/000" in others else {}

    with shown(whole, **others) as server:
        said = asked(server)
        url = f"http://localhost:{server.port}"

    assert (said.exit_code, said.stdout) == (2, "")
    assert said.stderr.splitlines()[-1].startswith(f"{url}: not audited: {sentence}")


def test_a_host_that_nobody_answers_at_is_said_to_be_away(asked):
    with shown(files(NODE)) as server:
        url = f"http://localhost:{server.port}"
    gone, plain = asked(url), asked(url, listed=False)

    assert (gone.exit_code, plain.exit_code) == (2, 2)
    assert "nothing answers there" in gone.stderr
    assert "Only https at a public name is read." in plain.stderr


def test_a_log_that_contradicts_itself_is_still_not_in_order(asked):
    whole = files(NODE)
    other = answer(whole[ENTRIES][:-1] + b"x", TILE)

    with shown(whole, **{ENTRIES: other}) as server:
        said = asked(server)

    assert (said.exit_code, said.stderr.count("not audited")) == (1, 0)
    assert said.stdout.startswith(f"{ORIGIN}: NOT IN ORDER\n")


def test_a_checkpoint_that_was_not_kept_whole_is_named(asked, tmp_path):
    (tmp_path / "junk").write_bytes(b"x" * 2**17)
    (tmp_path / "other").write_bytes(
        note.sign(NODE.text().replace(b"node.example", b"b.example"), OTHER)
    )
    both = f"{POLICY}log {OTHER.vkey}\n"

    with shown(files(NODE)) as server:
        junk = asked(server, "--seen", str(tmp_path / "junk"))
        other = asked(server, "--seen", str(tmp_path / "other"), trusted=both)
        never = asked(server, "--since", "500")

    assert [one.exit_code for one in (junk, other, never)] == [2, 2, 2]
    assert f"{tmp_path / 'junk'}: A note has at most 64 KiB" in junk.stderr
    assert f"{tmp_path / 'other'} is a checkpoint of {OTHER.name}" in other.stderr
    assert "Nothing shows what this log was at size 500." in never.stderr


def test_a_folder_is_sent_to_the_command_that_checks_one(asked, tmp_path):
    said = asked(str(tmp_path))

    assert said.exit_code == 2
    assert f"python -m ledger audit {tmp_path}" in said.stderr


# What is checked offline


@pytest.mark.parametrize("name", ["verify", "thread", "fraud"])
def test_what_python_checks_offline_is_a_command_as_well(name, capsys):
    with pytest.raises(SystemExit):
        check_offline([name, "--help"])

    said = CliRunner().invoke(main, ["ledger", name, "--help"])

    assert (said.exit_code, said.stdout) == (0, capsys.readouterr().out)


def test_a_fraud_file_is_judged_by_the_command():
    examples = ROOT / "docs" / "examples"
    words = [str(examples / "split.fm-fraud"), "--policy", str(examples / "policy")]

    said = CliRunner().invoke(main, ["ledger", "fraud", *words])
    unknown = CliRunner().invoke(main, ["ledger", "fraud", *words[:2], words[0]])

    assert (said.exit_code, unknown.exit_code) == (0, 2)
    assert "node.example/ledger signed two roots for size 25." in said.stdout
