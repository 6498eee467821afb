import json
from zipfile import ZipFile

import pytest

from ledger import __main__ as command
from ledger import audit
from tests.ledger.honest import RECOVERY, TRUSTED, Chain, Moved, Node, following
from tests.ledger.test_audit import served
from tests.ledger.test_note import code_of
from tests.ledger.test_rotation import SECOND, THIEF, rotated
from tests.ledger.worked import EXAMPLE, ORIGIN, STATEMENTS

NEXT = f"{ORIGIN}/2"


def busy(node):
    chain = Chain("mine")
    for _ in range(3):
        node.say(chain)
    while node.size < 300:
        node.cover()
    return node


OLD = busy(Node())
NEW = busy(following(OLD))


def looked(node, trusted=TRUSTED, files=None, before=None):
    signed = node.note(at=node.now)
    files = served(node) if files is None else files
    found = audit.whole(signed, files, trusted, before)
    wrong = {one.name: one.code for one in found.findings if not one.ok}
    return found, wrong


def test_a_copy_of_a_log_is_found_in_order():
    found, wrong = looked(OLD)

    assert (wrong, found.valid, found.reached.size) == ({}, True, 300)
    assert [one.step for one in found.findings] == list(range(1, 11))
    assert "follows no other" in found.findings[-1].text


def test_a_copy_with_a_file_missing_is_followed_no_further():
    files = served(OLD)
    del files["tile/entries/001.p/44"]

    found, wrong = looked(OLD, files=files)

    assert (found.reached.size, len(found.findings)) == (0, 10)
    assert wrong["bundles"] == "tile-missing"
    assert {wrong[name] for name in ("log", "witnesses", "tags", "follows")} == {
        "not-checked"
    }


def test_the_log_may_have_changed_its_key():
    node = Node()
    node.clear("key.rotate", rotated())
    node.log = SECOND

    assert looked(node)[1] == {}
    node.log = THIEF
    assert looked(node)[1] == {"log": "log-unknown"}


def test_too_few_witnesses_and_a_tag_that_stands_twice_are_found():
    node = busy(Node())
    node.put(node.leaves[1])
    signed = node.note()

    found = audit.whole(signed, served(node), TRUSTED)

    wrong = {one.name: one.code for one in found.findings if not one.ok}
    assert wrong == {"witnesses": "quorum", "tags": "twin"}


def test_an_empty_log_says_not_whom_it_follows():
    node = Node()
    node.leaves.clear()

    assert looked(node, files={})[1] == {"follows": "succession"}


def test_a_checkpoint_that_is_none_is_no_audit():
    assert code_of(audit.whole, b"hello", {}, TRUSTED) == "note-malformed"


# With the command


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, node in (("old", OLD), ("new", NEW)):
        put(tmp_path / name, node)
    (tmp_path / "policy").write_text(
        f"log {EXAMPLE['log_vkey']}\nlog {NEW.log.vkey}\n"
        f"witness partner {EXAMPLE['witness_vkey']}\nquorum partner\n"
    )
    return tmp_path


def put(folder, node):
    for path, raw in served(node).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    (folder / "checkpoint").write_bytes(node.note(at=node.now))


def run(*arguments):
    return command.run(["audit", *arguments, "--policy", "policy"])


@pytest.mark.usefixtures("folder")
def test_the_command_says_whom_a_log_follows(capsys):
    assert run("old") == 0
    assert capsys.readouterr().out.startswith(f"{ORIGIN}: 300 entries, all in order\n")
    assert run("new") == 0
    assert (
        f"  10 ok   It says that it follows {ORIGIN}, of 300 entries; "
        "only a copy of that log can show it.\n"
    ) in capsys.readouterr().out


@pytest.mark.usefixtures("folder")
def test_a_copy_of_the_old_log_shows_that_the_new_one_follows_it(capsys):
    assert run("new", "--previous", "old") == 0
    assert "recovery keys of that log that signed it: 2." in capsys.readouterr().out


def test_a_log_that_follows_by_its_own_word_alone_is_told_so(folder, capsys):
    put(folder / "new", following(OLD, by=RECOVERY[:1]))

    assert run("new", "--previous", "old") == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{NEXT}: NOT IN ORDER\n")
    assert "  10 FAIL Too few recovery keys signed.\n" in out
    assert run("new", "--previous", "old", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["valid"], told["log"], told["size"]) == (False, NEXT, 1)
    assert told["findings"][-1]["code"] == "succession"


@pytest.mark.usefixtures("folder")
def test_a_folder_that_holds_no_log_leaves_with_2(capsys):
    assert run("elsewhere") == 2
    assert run("new", "--previous", "elsewhere") == 2
    assert "elsewhere" in capsys.readouterr().err


def saved(folder):
    # An archive of a case over two logs, a copy of each, and a policy that names both.
    it = Moved(3, 2)
    for name, node in zip(("old", "new"), it.nodes, strict=True):
        put(folder / name, node)
        with ZipFile(folder / f"{name}.zip", "w") as archive:
            archive.writestr("head", it.head(it.nodes.index(node)))
            for seq, raw in enumerate(it.receipts()):
                archive.writestr(f"case-{seq}.tlog-proof", raw)
    logs = "".join([f"log {node.log.vkey}\n" for node in it.nodes])
    (folder / "policy").write_text(f"{logs}quorum none\n")
    return it


@pytest.mark.parametrize(("name", "away"), [("old", 2), ("new", 3)])
def test_a_saved_case_over_two_logs_is_checked_with_a_copy_of_each(
    folder, capsys, name, away
):
    it = saved(folder)
    asked = [f"{name}.zip", "--log", name, "--policy", "policy"]
    asked += ["--statements", str(STATEMENTS.vkey)]

    assert command.run(["thread", *asked]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith(f"{away} of them stand in another log of this host")
    assert command.run(["thread", *asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    logs = [node.origin for node in it.nodes]
    assert [one["log"] for one in told["entries"]] == [logs[n] for n in it.where]


def test_the_receipts_in_one_archive_may_be_of_two_logs(folder, capsys):
    it = saved(folder)
    names = [f"{seq}.tlog-proof" for seq in range(5)]
    for name, raw in zip(names, it.receipts(), strict=True):
        (folder / name).write_bytes(raw)

    assert command.run(["verify", *names, "--policy", "policy"]) == 0
    assert capsys.readouterr().out.count(": received\n") == 5
