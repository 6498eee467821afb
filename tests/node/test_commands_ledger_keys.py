"""The commands about the keys of the log, as whoever runs the node types them."""

import json
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta

import pytest
import structlog
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from folkmoot import main
from ledger import revocation
from ledger.note import VKey
from node import log
from node.log import names
from node.models.witness import WitnessLog
from tests.support.commands import typed
from tests.support.logs import inside
from tests.support.rotations import (
    ELM,
    grow,
    public,
    recoverable,
    recovery_keys,
    words,
)

KEYS = recovery_keys()


@pytest.fixture(autouse=True)
def _quiet():
    yield
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


@pytest.fixture
def elm(village):
    return recoverable(village, KEYS, 2)


def run(node, village, *args):
    settings = node.settings
    told = {
        "FOLKMOOT_DATA": str(settings.data),
        "FOLKMOOT_PUBLIC_URL": ELM,
        "FOLKMOOT_CLOCK": f"fixed:{village.now.isoformat()}",
    }
    return CliRunner().invoke(main, ["ledger", *args], env=told, catch_exceptions=False)


def test_a_rotation_prints_what_others_know_the_new_key_by(moot):
    done = typed(moot, "ledger", "rotate", "--overlap-days", "7")

    assert done.exit_code == 0
    assert log.keys(moot.node)["log"][0] == done.stdout.strip()
    assert VKey.parse(done.stdout.strip()).name == names.origin(moot.node)


def test_a_rotation_names_the_file_to_back_up(moot):
    done = typed(moot, "ledger", "rotate")
    at_once = typed(moot, "ledger", "rotate", "--again", "--overlap-days", "0")

    files = [moot.node.settings.keys_folder / f"log-{n}.key" for n in (2, 3)]
    assert f"Back up {files[0]} now, apart from the data.\n" in done.stderr
    assert f"Back up {files[1]} now, apart from the data.\n" in at_once.stderr
    assert "The old key has stopped" in at_once.stderr
    assert "has stopped" not in done.stderr
    assert all(path.exists() for path in files)


def test_a_second_rotation_waits_for_the_first_or_for_a_word(moot):
    first = typed(moot, "ledger", "rotate", "--overlap-days", "7")
    until = moot.village.now + timedelta(days=7)

    refused = typed(moot, "ledger", "rotate")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"the older one signs until {until:%Y-%m-%d}." in refused.stderr
    assert "--again" in refused.stderr
    assert log.keys(moot.node)["log"][0] == first.stdout.strip()
    assert not (moot.node.settings.keys_folder / "log-3.key").exists()

    moot.village.pass_time(days=8)

    assert typed(moot, "ledger", "rotate").exit_code == 0


def test_a_node_without_recovery_keys_is_told_what_that_means(moot):
    refused = typed(moot, "ledger", "revoke-request")

    assert refused.exit_code == 1
    assert "begun without recovery keys" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_recovery_keys_are_made_and_used_far_from_the_node(tmp_path, village):
    secret, request, word = (tmp_path / name for name in ("one.key", "request", "word"))
    alone = CliRunner()
    made = alone.invoke(main, ["ledger", "recovery-key", str(secret)])
    assert (made.exit_code, stat.S_IMODE(secret.stat().st_mode)) == (0, 0o600)
    again = alone.invoke(main, ["ledger", "recovery-key", str(secret)])
    assert (again.exit_code, len(secret.read_bytes())) == (1, 32)

    key = Ed25519PrivateKey.from_private_bytes(secret.read_bytes())
    assert made.stdout.strip() == public(key)
    node = recoverable(village, [key], 1)
    request.write_text(run(node, village, "revoke-request").stdout)
    signed = alone.invoke(main, ["ledger", "recovery-sign", str(request), str(secret)])
    assert "replaces" in signed.stderr
    word.write_text(signed.stdout)
    done = run(node, village, "revoke", str(request), str(word))

    assert done.exit_code == 0
    assert log.keys(node)["log"] == [done.stdout.strip()]


def test_a_lost_key_is_replaced_by_three_commands(tmp_path, village, elm):
    folder = elm.settings.keys_folder
    (folder / "log.key").unlink()

    asked = run(elm, village, "revoke-request")
    assert asked.exit_code == 0, asked.stderr
    request = tmp_path / "request"
    request.write_text(asked.stdout)
    files = []
    for number, word in enumerate(words(request.read_bytes(), KEYS[:2])):
        files.append(tmp_path / f"word-{number}")
        files[-1].write_bytes(word)
    done = run(elm, village, "revoke", str(request), *map(str, files))

    assert done.exit_code == 0, done.stderr
    assert revocation.read_request(request.read_bytes()).new == VKey.parse(
        done.stdout.strip()
    )
    assert [path.name for path in folder.glob("log*")] == ["log-2.key"]
    again = village.open(elm.settings)
    grow(village, again)
    assert done.stdout.strip() in log.policy(again)


def test_each_file_that_is_none_is_named(tmp_path, village, elm):
    asked, junk = tmp_path / "asked", tmp_path / "junk"
    asked.write_text(run(elm, village, "revoke-request").stdout)
    junk.write_bytes(b"1" * 9000)

    for words_ in (
        ["revoke", junk, junk], ["revoke", asked, junk],
        ["recovery-sign", junk, junk], ["recovery-sign", asked, junk],
    ):  # fmt: skip
        refused = run(elm, village, *map(str, words_))

        assert refused.exit_code == 1
        assert refused.stderr.startswith(f"Error: invalid.choice: {junk}: ")


def test_what_is_no_request_is_refused_in_one_line(tmp_path, village, elm):
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("hello")

    refused = run(elm, village, "revoke", str(nonsense), str(nonsense))
    signed = CliRunner().invoke(
        main, ["ledger", "recovery-sign", str(nonsense), str(nonsense)]
    )

    assert (refused.exit_code, signed.exit_code) == (1, 1)
    assert refused.stderr.count("\n") == signed.stderr.count("\n") == 1


def test_a_witness_may_be_told_to_forget_a_revoked_key(moot, elm):
    old = names.log_signer(elm).vkey
    new = json.loads(log.request_revocation(elm))["new"]
    typed(moot, "ledger", "witness", "add", str(old))
    typed(moot, "ledger", "witness", "add", new, "--only")

    with moot.node.read() as tx:
        assert tx.get_one(WitnessLog, names.origin(elm)).vkeys == new


def test_no_command_signs_over_a_backup_that_is_older_than_the_guard(
    elm, village, tmp_path
):
    grow(village, elm)
    database, yesterday = elm.settings.data / "folkmoot.sqlite3", tmp_path / "old"
    with (
        closing(sqlite3.connect(database)) as all_,
        closing(sqlite3.connect(yesterday)) as kept,
    ):
        all_.backup(kept)
    grow(village, elm)
    elm.database.close()
    for left in elm.settings.data.glob("folkmoot.sqlite3*"):
        left.unlink()
    shutil.copy(yesterday, database)
    size = inside(village.open(elm.settings)).size
    before = json.loads(run(elm, village, "status", "--json").stdout)
    request = tmp_path / "request"
    request.write_text(run(elm, village, "revoke-request").stdout)
    for n, word in enumerate(words(request.read_bytes(), KEYS[:2])):
        (tmp_path / f"word-{n}").write_bytes(word)

    given = [str(tmp_path / f"word-{n}") for n in range(2)]
    run(elm, village, "revoke", str(request), *given)

    after = json.loads(run(elm, village, "status", "--json").stdout)
    assert before["stopped"].startswith("ledger.rollback")
    assert inside(village.open(elm.settings)).size == size
    assert after["stopped"].startswith("ledger.rollback")
