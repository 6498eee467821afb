"""J2: a claim is told on a phone, followed to its end, and proven without the node."""

import json
import re
import shutil
import subprocess
import sys
from base64 import b64decode

import pytest

from node import log
from node.log import names
from tests.journeys.tongues import mirrored, reader_of
from tests.support.installed import ROOT
from tests.support.members import enter

STORY = "My landlord has not repaired the heating for three weeks.\nIt is cold."
WISH = "The heating repaired, and somebody who makes sure it stays so."
TRIAGED = {
    "kind": "claim",
    "topic": "housing",
    "priority": "normal",
    "reason": "In turn.",
}
SESSION = "__Host-folkmoot"
REFERENCE = re.compile(r"AM-[0-9A-Z]{7}")
POSITIONS = 24


@pytest.fixture(params=["guest", "member"])
def phone(request, moot):
    """The telephone of somebody who may have an account here, or not."""
    reader = reader_of(moot, mirrored=mirrored(moot, member=request.param == "member"))
    if request.param == "member":
        sign_in(moot, reader, "ada")
    return reader


def sign_in(moot, reader, who):
    token = enter(moot.node, moot.ids[who]).session_token
    reader.client.set_cookie(SESSION, token, domain="ash.example")
    return reader


def tell(phone):
    """Tell the story on the pages; return how many answers had to be given."""
    phone.open("/tell/1")
    phone.send(
        "/tell/1",
        text=STORY,
        wanted=WISH,
        cost="amount",
        amount="120,50",
        currency="GBP",
    )
    phone.send("/tell/2", area="north")
    answers = 2
    if phone.path == "/tell/3":
        phone.send("/tell/3", reach="words")
        answers += 1
    phone.send("/tell/4", audience="assigned")
    assert "120.50" in phone.text
    phone.send("/tell/5")
    return answers + 1


def receipts(phone, reference, folder):
    """Save every receipt the case page offers, as a telephone would."""
    phone.open(f"/cases/{reference}")
    kept = []
    for path in sorted({one for one in phone.links if "/receipts/" in one}):
        phone.open(path)
        name = f"{path.rpartition('/')[2]}.tlog-proof"
        (folder / name).write_bytes(phone.page.get_data())
        kept.append(name)
    return kept


def verify(folder, *names):
    """Check receipts with nothing but the verifier and the files."""
    command = [sys.executable, "-m", "ledger", "verify", "--json", "--policy", "policy"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, *names], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, json.loads(done.stdout)["receipts"]


@pytest.fixture
def bench(moot, tmp_path):
    """A folder that holds the verifier and what it trusts, and no node."""
    folder = tmp_path / "bench"
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "ledger", folder / "ledger", ignore=skip)
    (folder / "policy").write_text(log.policy(moot.node))
    return folder


def hint(receipt):
    """Return where a receipt names keys for show, which no reader believes."""
    begin, end = receipt.index(b"extra ") + 6, receipt.index(b"\nindex ")
    before = b64decode(receipt[begin:end]).index(b',"vkeys"')
    return range(begin + before * 4 // 3, end)


def followed(moot, phone):
    """Follow a claim from telling it to its end; return its reference."""
    answers = tell(phone)
    reference = REFERENCE.search(phone.text)[0]
    assert answers <= 4
    assert "We have it" in phone.text
    phone.open(f"/cases/{reference}")
    assert "Nobody has taken it yet" in phone.text

    iris, cleo = (sign_in(moot, phone.another(), who) for who in ("iris", "cleo"))
    iris.open("/desk/triage")
    assert "Ada" not in iris.text
    iris.send("/desk/triage", **TRIAGED)
    phone.open(f"/cases/{reference}")
    assert "place 1" in phone.text
    assert "Next promise" in phone.text
    cleo.open("/desk")
    cleo.send("/desk/take")
    cleo.send(f"/desk/cases/{reference}/ask", ask="Do you have a photo?")
    phone.open(f"/cases/{reference}")
    assert "Cleo asked you one thing" in phone.text
    phone.send(f"/cases/{reference}/messages", write="Not yet.")
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/resolve", resolve="Repaired.", obtained="heat")
    phone.open(f"/cases/{reference}")
    assert "Is it solved?" in phone.text
    phone.send(f"/cases/{reference}/answer", answer="solved")
    assert "Closed: solved" in phone.text
    return reference


@pytest.mark.capability("1.3", "1.13", "1.20", "4.3")
def test_my_claim_on_a_phone_is_followed_and_later_proven(moot, phone, bench):
    reference = followed(moot, phone)
    moot.village.pass_time(hours=1)
    moot.village.work(moot.node)

    names = receipts(phone, reference, bench)
    status, verdicts = verify(bench, *names)

    assert status == 0
    assert len(names) >= 8
    assert all(verdict["valid"] for verdict in verdicts)
    told = {verdict["kind"]: dict(verdict["disclosed"]) for verdict in verdicts}
    assert told.keys() >= {"submission", "assign", "status", "reply", "close"}
    assert told["submission"]["text"] == STORY
    assert {verdict["log"] for verdict in verdicts} == {"ash.example/ledger"}


def test_one_changed_byte_anywhere_is_noticed_and_named(moot, phone, bench):
    tell(phone)
    reference = REFERENCE.search(phone.text)[0]
    moot.village.work(moot.node)
    name = receipts(phone, reference, bench)[0]
    whole = (bench / name).read_bytes()
    proven = [at for at in range(len(whole)) if at not in hint(whole)]
    forged = []
    for at in proven[:: len(proven) // POSITIONS]:
        raw = bytearray(whole)
        raw[at] ^= 1
        forged.append(f"forged-{at}.tlog-proof")
        (bench / forged[-1]).write_bytes(raw)

    status, verdicts = verify(bench, *forged)

    assert status == 1
    for verdict in verdicts:
        failed = [finding for finding in verdict["findings"] if not finding["ok"]]
        assert not verdict["valid"]
        assert failed
        assert all(finding["name"] and finding["text"] for finding in failed)


def test_a_receipt_says_nothing_to_whoever_trusts_another_log(moot, phone, bench):
    tell(phone)
    reference = REFERENCE.search(phone.text)[0]
    moot.village.work(moot.node)
    [name, *_] = receipts(phone, reference, bench)
    oak = moot.village.build("https://oak.example")
    another = names.log_signer(oak).vkey
    (bench / "policy").write_text(f"log {another}\nquorum none\n")

    status, [verdict] = verify(bench, name)

    assert (status, verdict["valid"], verdict["level"]) == (1, False, None)
