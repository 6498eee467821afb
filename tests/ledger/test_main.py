import json
import runpy
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

import ledger
from ledger import __main__ as command
from ledger import author, entry, fraud, proof
from ledger.author import Channel
from ledger.encoding import b64u, canonical
from tests.ledger.honest import Chain, Node
from tests.ledger.test_audit import served
from tests.ledger.test_receipt import RECEIPT, with_extra
from tests.ledger.worked import (
    ADA,
    CASE_KEY,
    EXAMPLE,
    STATEMENTS,
    VECTORS,
    receipt_of,
    sealed,
    statement,
)

MLDSA = "cryptography.hazmat.primitives.asymmetric.mldsa"
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


@pytest.mark.usefixtures("folder")
def test_what_is_not_there_or_a_folder_is_named_in_words(folder, capsys):
    (folder / "inside").mkdir()

    assert verify(file="missing") == verify(file="inside") == 2
    assert capsys.readouterr().err.splitlines() == [
        "missing cannot be read: No such file or directory.",
        "inside cannot be read: Is a directory.",
    ]


def test_an_archive_is_sent_to_the_command_for_it(folder, capsys):
    with ZipFile(folder / "case.zip", "w") as saved_case:
        saved_case.writestr("README.txt", "hello")

    assert verify(file="case.zip") == 2
    assert "case.zip is an archive." in capsys.readouterr().err


def test_an_address_is_no_folder(capsys):
    where = "http://node.example/ledger"

    for asked in (["thread", "x.zip", "--log", where], ["audit", where]):
        assert command.run([*asked, "--policy", "policy"]) == 2
        assert f"{where} is an address." in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_who_stops_reading_is_told_nothing_more(monkeypatch, capsys):
    class Gone:
        def writelines(self, _lines):
            raise BrokenPipeError(32, "Broken pipe")

        def close(self):
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Gone())

    assert verify() == 0
    assert capsys.readouterr().err == ""


def test_a_package_that_is_too_old_is_named_with_the_version(monkeypatch, capsys):
    for loaded in [it for it in sys.modules if it.partition(".")[0] == "ledger"]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, MLDSA, None)

    with pytest.raises(SystemExit) as left:
        runpy.run_module("ledger")

    said = capsys.readouterr().err
    assert (left.value.code, said.count("\n")) == (2, 1)
    assert "cryptography 50, or newer" in said


# A whole thread


@pytest.fixture
def saved(folder):
    # A case's archive, and a copy of the log's public files.
    node, case = Node(), Chain("mine")
    for _ in range(3):
        node.say(case)
    while node.size < 300:
        node.cover()
    node.say(case)
    with ZipFile(folder / "case.zip", "w") as archive:
        archive.writestr("README.txt", "hello")
        archive.writestr("head", node.head(case))
        for seq, raw in enumerate(node.receipts(case)):
            archive.writestr(f"2026-1-{seq:04}.tlog-proof", raw)
    for path, raw in served(node).items():
        (folder / "log" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "log" / path).write_bytes(raw)
    (folder / "log" / "checkpoint").write_bytes(node.note(at=node.now))
    return node, case


def thread(*more, file="case.zip"):
    asked = ["thread", *file.split(), "--policy", "policy", "--log", "log"]
    return command.run([*asked, "--statements", str(STATEMENTS.vkey), *more])


@pytest.mark.usefixtures("saved")
def test_a_saved_case_is_checked_against_a_copy_of_the_log(folder):
    ran = alone(
        folder,
        *["thread", "case.zip", "--policy", "policy", "--log", "log"],
        *["--statements", str(STATEMENTS.vkey)],
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[0] == "witnessed: 4 entries at size 301, by reading all leaves"
    assert [line.split()[0] for line in lines[1:10]] == [str(n) for n in range(1, 10)]
    assert lines[10].startswith("  #1 ")
    assert "reply" in lines[10]


@pytest.mark.usefixtures("saved")
def test_a_thread_is_told_in_json(capsys):
    assert thread("--json") == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["valid"], told["size"], told["level"]) == (True, 301, "witnessed")
    assert [one["seq"] for one in told["entries"]] == [0, 1, 2, 3]
    assert told["entries"][3]["index"] == 300
    assert told["entries"][0]["elapsed"] is None
    assert told["entries"][3]["elapsed"] == [0, None]  # nothing bounds it from below
    assert told["entries"][3]["kind"] == "reply"
    assert [one["step"] for one in told["findings"]] == list(range(1, 10))


def test_a_thread_without_its_last_entry_is_not_whole(folder, saved, capsys):
    node, case = saved
    for seq in range(3):
        (folder / f"{seq}.tlog-proof").write_bytes(node.receipt(case, seq))
    files = "0.tlog-proof 1.tlog-proof 2.tlog-proof"

    assert thread(file=files) == 1
    out = capsys.readouterr().out
    assert out.startswith("NOT WHOLE\n")
    assert "  7 FAIL The log holds entry 3, which is not here." in out
    assert thread("--erased", "3", file=files) == 0
    assert "erased" in capsys.readouterr().out
    assert thread("--erased", "3", "--json", file=files) == 0
    assert json.loads(capsys.readouterr().out)["entries"][3]["kind"] is None


def archived(folder, node, case, *, without=None, **more):
    with ZipFile(folder / "it.zip", "w") as archive:
        for name, raw in {"head": node.head(case), **more}.items():
            archive.writestr(name, raw)
        for seq, raw in enumerate(node.receipts(case)):
            if seq != without:
                archive.writestr(f"2026-1-{seq:04}.tlog-proof", raw)


def test_an_archive_names_its_erased_entries_itself(folder, saved, capsys):
    archived(folder, *saved, without=0, erased=b"0\n")

    assert thread(file="it.zip") == 0
    assert thread("--erased", "0", file="it.zip") == 0
    capsys.readouterr()
    archived(folder, *saved, without=0, erased=b"0")
    assert thread(file="it.zip") == 2
    assert "list of erased entries" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "more"), [(1, "1 more entry."), (3, "3 more"), (20, "at least 17 more")]
)
def test_a_case_that_has_gone_on_is_told_so_first(folder, saved, capsys, said, more):
    node, case = saved
    archived(folder, node, case)
    for _ in range(said):
        node.say(case)
    for path, raw in served(node).items():
        (folder / "log" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "log" / path).write_bytes(raw)
    (folder / "log" / "checkpoint").write_bytes(node.note(at=node.now))

    assert thread(file="it.zip") == 1
    first, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("NOT THE WHOLE: it has gone on since you saved it: ")
    assert more in first
    assert thread("--json", file="it.zip") == 1
    assert json.loads(capsys.readouterr().out)["later"] == min(said, 17)


def test_the_case_key_may_come_from_elsewhere(folder, saved):
    node, case = saved
    files = []
    for seq in range(4):
        files.append(f"{seq}.tlog-proof")
        (folder / files[-1]).write_bytes(
            with_extra(node.receipt(case, seq), case_key=None)
        )

    assert thread(file=" ".join(files)) == 2
    assert thread("--case-key", b64u(case.key), file=" ".join(files)) == 0


def test_a_wider_bundle_serves_an_older_checkpoint(folder, saved):
    node, case = saved
    (folder / "log" / "checkpoint").write_bytes(node.note(200, at=node.now))
    for seq in range(3):
        (folder / f"{seq}.tlog-proof").write_bytes(node.receipt(case, seq))

    assert thread(file="0.tlog-proof 1.tlog-proof 2.tlog-proof") == 0


@pytest.mark.usefixtures("saved")
def test_leaves_that_are_missing_or_cut_prove_nothing(folder, capsys):
    bundle = folder / "log" / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes()[:-51])

    assert thread() == 1
    assert "  6 FAIL These leaves are not all" in capsys.readouterr().out
    bundle.unlink()
    assert thread() == 2
    assert "tile/entries/000" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "raw"),
    [("bad.zip", b"hello"), ("one.tlog-proof", b""), ("log/checkpoint", b"hello")],
)
@pytest.mark.usefixtures("saved")
def test_a_thread_that_cannot_be_read_is_no_crash(folder, name, raw):
    (folder / name).write_bytes(raw)

    assert thread(file=name if name != "log/checkpoint" else "case.zip") in {1, 2}


@pytest.mark.usefixtures("saved")
def test_a_file_that_blows_up_when_unpacked_is_refused(folder):
    with ZipFile(folder / "bomb.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("a.tlog-proof", bytes(50_000_000))

    assert thread(file="bomb.zip") == 2


# A fraud file


def test_a_fraud_file_is_judged(folder, capsys):
    cases = json.loads((VECTORS / "folkmoot-v1/fraud-cases.json").read_text())
    for number, case in enumerate(cases["cases"]):
        raw = canonical(case["fraud"], limit=fraud.LIMIT)
        (folder / "it.fm-fraud").write_bytes(raw)
        asked = ["fraud", "it.fm-fraud", "--policy", "policy"]
        asked += ["--statements", cases["statements_vkey"]]

        assert command.run(asked) == (0 if case["valid"] else 1), number
        out = capsys.readouterr().out
        word = case["fraud"]["kind"] if case["valid"] else "proves nothing"
        assert out.startswith(f"it.fm-fraud: {word}: ")
    assert command.run([*asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["valid"] is False


def test_entries_of_the_same_name_in_two_archives_are_both_checked(folder, saved):
    node, case = saved
    with ZipFile(folder / "again.zip", "w") as archive:
        archive.writestr("2026-1-0000.tlog-proof", node.receipt(case, 0))

    assert thread(file="case.zip again.zip") == 1
    assert thread("--json", file="again.zip case.zip") == 1


def test_a_large_file_is_not_read_to_its_end(folder, capsys):
    with (folder / "huge").open("wb") as file:
        file.truncate(1 << 40)  # a file of a terabyte that takes no room

    assert verify(file="huge") == 1
    assert "at most 192 KiB" in capsys.readouterr().out
