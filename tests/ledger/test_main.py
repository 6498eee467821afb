import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

import ledger
from ledger import __main__ as command
from ledger import author, entry, proof
from ledger.author import Channel
from ledger.encoding import b64u
from tests.ledger.test_receipt import RECEIPT, with_extra
from tests.ledger.worked import (
    ADA,
    CASE_KEY,
    EXAMPLE,
    STATEMENTS,
    receipt_of,
    sealed,
    statement,
)

POLICY = (
    f"log {EXAMPLE['log_vkey']}\n"
    f"witness partner {EXAMPLE['witness_vkey']}\nquorum partner\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "policy").write_text(POLICY)
    (tmp_path / "ada-1.tlog-proof").write_bytes(RECEIPT)
    (tmp_path / "bundle").write_bytes(bytes.fromhex(EXAMPLE["entry_bundle"]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(*more, file="ada-1.tlog-proof"):
    return command.run(["verify", *file.split(), "--policy", "policy", *more])


def alone(folder, *arguments):
    copytree(
        Path(ledger.__file__).parent,
        folder / "ledger",
        ignore=lambda _, names: [name for name in names if name == "__pycache__"],
    )
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-B", "-m", "ledger", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


def test_it_runs_in_a_folder_that_holds_nothing_else(folder):
    ran = alone(folder, "verify", "ada-1.tlog-proof", "--policy", "policy")

    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == "ada-1.tlog-proof: witnessed"
    assert [line.split()[0] for line in lines[1:10]] == [str(n) for n in range(1, 10)]
    assert '  text: "Heating broken since October"' in lines


def test_a_damaged_file_leaves_with_1_and_says_which_step(folder):
    (folder / "bad").write_bytes(RECEIPT.replace(b"index 1", b"index 2"))

    ran = alone(folder, "verify", "bad", "--policy", "policy")

    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("bad: NOT VALID\n")
    assert "  6 FAIL The entry is not in the tree with this root." in ran.stdout


def test_wrong_usage_leaves_with_2(folder):
    ran = alone(folder, "verify", "ada-1.tlog-proof")

    assert ran.returncode == 2
    assert "--policy" in ran.stderr


def test_what_a_damaged_file_says_is_not_shown(folder, capsys):
    (folder / "bad").write_bytes(with_extra(RECEIPT, nonce=b64u(b"n" * 32)))

    assert verify(file="bad") == 1
    assert "Heating" not in capsys.readouterr().out


def test_all_files_must_hold(folder, capsys):
    (folder / "bad").write_bytes(b"")

    assert verify(file="ada-1.tlog-proof bad") == 1
    out = capsys.readouterr().out
    assert "ada-1.tlog-proof: witnessed" in out
    assert "bad: NOT VALID" in out


def test_a_policy_that_asks_for_more_is_told_apart_from_damage(folder, capsys):
    found = proof.read(RECEIPT)
    text, _, signed = found.checkpoint.decode().partition("\n\n")
    alone_signed = f"{text}\n\n{signed.splitlines()[0]}\n".encode()
    raw = proof.write(found.extra, found.index, found.hashes, alone_signed)
    (folder / "early").write_bytes(raw)

    assert verify(file="early") == 1
    out = capsys.readouterr().out
    assert out.startswith("early: received, but your policy asks for more\n")


@pytest.mark.usefixtures("folder")
def test_one_json_document_says_the_same(capsys):
    assert verify("--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert told["valid"]
    found = told["receipts"][0]
    assert (found["file"], found["level"]) == ("ada-1.tlog-proof", "witnessed")
    assert [one["step"] for one in found["findings"]] == list(range(1, 10))
    assert found["disclosed"][1] == ["channel", "web"]
    assert found["c"] == b64u(bytes.fromhex(EXAMPLE["commitment"]))


def test_a_damaged_file_in_json_has_no_level(folder, capsys):
    (folder / "bad").write_bytes(b"")

    assert verify("--json", file="bad") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["valid"], told["receipts"][0]["level"]) == (False, None)


def test_words_are_said_from_a_list(folder, capsys):
    (folder / "list").write_text("\n".join(f"word{n}" for n in range(2048)))

    assert verify("--words", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[11] == "  #1 8e7c 802e"
    assert len(lines[12].split()) == 8


@pytest.mark.parametrize(
    "given", [["--case-key", b64u(CASE_KEY)], ["--bundle", "bundle"]]
)
def test_the_key_or_the_bundle_may_come_from_elsewhere(folder, given):
    (folder / "public").write_bytes(with_extra(RECEIPT, case_key=None))

    assert verify(file="public") == 1
    assert verify(*given, file="public") == 0


def test_a_bundle_without_the_entry_does_not_help(folder):
    (folder / "public").write_bytes(with_extra(RECEIPT, case_key=None))
    (folder / "short").write_bytes(bytes.fromhex(EXAMPLE["entry_bundle"])[:637])

    assert verify("--bundle", "short", file="public") == 1


def test_a_file_that_is_no_receipt_needs_no_leaf(folder):
    (folder / "bad").write_bytes(b"hello")

    assert verify("--bundle", "bundle", file="bad") == 1


@pytest.mark.usefixtures("folder")
def test_known_authors_are_named(capsys):
    key = author.key_id(ADA.vkey.key)

    assert verify("--author", f"{key}=Ada") == 0
    assert "Signed by Ada, whose key you know." in capsys.readouterr().out
    assert verify("--author", key) == 0
    assert f"Signed by {key}, whose key you know." in capsys.readouterr().out


def test_the_nodes_statements_key_can_be_pinned(folder, capsys):
    s = statement()
    attested = author.attest(s, Channel.EMAIL, b"e" * 32, STATEMENTS)
    (folder / "mail").write_bytes(receipt_of(sealed(s, attested)))

    assert verify("--statements", str(STATEMENTS.vkey), file="mail") == 0
    assert "You did not sign this yourself." in capsys.readouterr().out
    assert verify("--statements", str(ADA.vkey), file="mail") == 1


def test_kept_checkpoints_and_hosts_are_taken_in(folder):
    (folder / "note").write_text(EXAMPLE["checkpoint"])

    assert verify("--seen", "note", "--host", "node.example") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ["--case-key", "short"],
        ["--statements", "no key"],
        ["--bundle", "policy"],
        ["--seen", "missing"],
        ["--words", "policy"],
        ["--words", "binary"],
    ],
)
def test_what_was_given_wrongly_leaves_with_2_and_a_sentence(folder, capsys, wrong):
    (folder / "binary").write_bytes(b"\xff\xfe")

    assert verify(*wrong) == 2
    assert capsys.readouterr().err.endswith("\n")


@pytest.mark.usefixtures("folder")
def test_a_file_that_is_not_there_leaves_with_2(capsys):
    assert verify(file="ada-1.tlog-proof missing") == 2
    assert "missing" in capsys.readouterr().err


def test_a_policy_that_cannot_be_read_leaves_with_2(folder, capsys):
    (folder / "policy").write_text("speak friend\n")

    assert verify() == 2
    assert capsys.readouterr().err == "A line of the policy cannot be read.\n"


def test_words_of_others_do_not_steer_the_terminal(folder, capsys):
    shown = entry.disclose(b"s" * 16, "te\x1bxt", "a\x1b[2J\u202eb\nc é")
    s = statement(fields=(entry.digest(shown),))
    contents = sealed(s, author.sign(s, ADA))
    raw = with_extra(receipt_of(contents), d=[shown])
    (folder / "hostile").write_bytes(raw)

    assert verify(file="hostile") == 0
    out = capsys.readouterr().out
    assert '  te\\u001bxt: "a\\u001b[2J\\u202eb\\nc é"' in out
    assert "\x1b" not in out


def test_a_receipt_of_a_clear_entry_has_no_seal_line(folder, capsys):
    from_genesis = receipt_of_genesis()
    (folder / "genesis").write_bytes(from_genesis)

    assert verify(file="genesis") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "  genesis by the node"


def receipt_of_genesis():
    found = ledger.receipt.ClearEntry(bytes.fromhex(EXAMPLE["leaves"][0]))
    return receipt_of(found, found.leaf)


@pytest.mark.usefixtures("folder")
def test_the_program_leaves_with_its_answer(monkeypatch):
    monkeypatch.setattr(
        sys, "argv", ["ledger", "verify", "ada-1.tlog-proof", "--policy", "policy"]
    )

    with pytest.raises(SystemExit) as left:
        command.main()

    assert left.value.code == 0
