"""What stands behind a case: received, then witnessed; whole, by whoever checks it."""

from dataclasses import replace
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from federation.fetch import Answer
from governance.cases import State
from governance.errors import IdempotencyMismatch
from governance.intake import Channel
from ledger import __main__ as command
from ledger import policy, receipt
from ledger.note import VKey
from ledger.receipt import Level
from node import cases, log, submissions, threads, witness
from node.accounts import GUEST
from node.log.authoring import ChainMismatch, StatementUnsigned
from node.submissions import Told
from node.threads import Words
from tests.support.cast import moot_on
from tests.support.device import Device
from tests.support.histories import witness_key
from tests.support.village import Village
from tests.support.witnessing import KEY, POST, TEXT, Ash, cosigned, witnessed

WORDS = "No heating since Monday."


def tell(node, device=None):
    """Tell something, signed if there is a device."""
    signed = log.authored(node, **device.begin(WORDS)) if device else None
    told = Told(id=uuid4(), text=WORDS, channel=Channel.API, authored=signed)
    made = submissions.submit(node, told, by=GUEST)
    log.sequence(node)
    return made


def holder(node, made):
    return cases.link_visitor(node, made.link_token)


def say(node, made, device, text):
    signed = log.authored(node, **device.sign("reply", {"text": text}))
    words = Words(uuid4(), text, authored=signed)
    threads.write(node, made.reference, words, by=holder(node, made))
    log.sequence(node)


def stands(node, made):
    return cases.standing(node, made.reference, by=holder(node, made))


def kept(node, made, seq=0):
    return cases.receipt(node, made.reference, seq, by=holder(node, made))


def verdict(node, raw):
    """Check a receipt by the policy that the node suggests."""
    pins = receipt.Pins(statements=(VKey.parse(log.keys(node)["statements"]),))
    return receipt.verify(raw, policy.parse(log.policy(node).encode()), pins)


def publish(village, node):
    village.pass_time(minutes=1)
    log.publish(node, at=village.now)


def levels(node, made):
    return {one.level for one in stands(node, made).entries}


def test_a_receipt_is_upgraded_without_its_member_doing_anything(pair):
    pair.grow()
    pair.feed()
    made = tell(pair.ash)
    at_once = kept(pair.ash, made)
    assert levels(pair.ash, made) == {Level.RECEIVED}
    publish(pair.village, pair.ash)
    published = kept(pair.ash, made)
    pair.feed()
    later = kept(pair.ash, made)

    found = [verdict(pair.ash, raw) for raw in (at_once, published, later)]
    assert [one.level for one in found] == [
        Level.RECEIVED, Level.RECEIVED, Level.WITNESSED
    ]  # fmt: skip
    assert found[2].not_after is not None
    assert levels(pair.ash, made) == {Level.WITNESSED}
    stood = stands(pair.ash, made)
    assert stood.witnessed == stood.sealed == stood.count > 3
    assert stood.witnesses == 1


def test_what_is_signed_stands_on_either_engine(either):
    ash, device = either.found("https://ash.example"), Device()
    made = tell(ash, device)
    say(ash, made, device, "Still cold.")
    witnessed(either, ash)

    assert levels(ash, made) == {Level.WITNESSED}
    assert stands(ash, made).signed == 2
    assert verdict(ash, kept(ash, made)).level is Level.WITNESSED
    with pytest.raises(StatementUnsigned):
        tell(ash, replace(Device(), key=device.key))
    with pytest.raises(ChainMismatch):
        tell(ash, replace(Device(), case=device.case))


def test_what_comes_after_a_witness_saw_the_log_is_received(pair):
    device = Device()
    made = tell(pair.ash, device)
    publish(pair.village, pair.ash)
    pair.feed()
    before = stands(pair.ash, made).count
    say(pair.ash, made, device, "Still cold.")

    stood = stands(pair.ash, made)
    assert (stood.witnessed, stood.count) == (before, before + 1)
    assert stood.entries[-1].level is Level.RECEIVED
    assert verdict(pair.ash, kept(pair.ash, made)).level is Level.WITNESSED
    newest = verdict(pair.ash, kept(pair.ash, made, before))
    assert (newest.level, newest.valid) == (Level.RECEIVED, False)


def test_an_entry_waits_for_its_index_without_a_level(village):
    ash = village.found("https://ash.example")
    told = Told(id=uuid4(), text=WORDS, channel=Channel.API)
    made = submissions.submit(ash, told, by=GUEST)

    stood = stands(ash, made)
    assert {one.level for one in stood.entries} == {None}
    assert (stood.sealed, stood.witnessed, stood.witnesses) == (0, 0, 0)
    assert kept(ash, made) is None


def test_a_receipt_has_the_newest_note_that_enough_witnesses_signed(village):
    ash = Ash(village)
    others = [witness_key(f"{name}.example/witness", seed)
              for name, seed in (("oak", 21), ("yew", 22))]  # fmt: skip
    for key in (KEY, *others):
        witness.add(ash.ash, str(key.vkey))
        host = key.vkey.name.partition("/")[0]
        ash.roads.stubs[f"https://{host}"] = {}

    def signed(*keys):
        for key in (KEY, *others):
            host = f"https://{key.vkey.name.partition('/')[0]}"
            line = cosigned(ash, key) if key in keys else b""
            ash.roads.stubs[host][POST] = Answer(200, TEXT, line)
        village.pass_time(hours=2)
        ash.feed()

    made = tell(ash.ash)
    publish(village, ash.ash)
    signed(KEY, *others)
    ash.grow()
    signed(KEY)

    found = verdict(ash.ash, kept(ash.ash, made))
    assert log.status(ash.ash).witnesses == 1  # of the newest size, one of three
    assert found.level is Level.WITNESSED
    assert found.valid
    later = tell(ash.ash)
    publish(village, ash.ash)
    signed(KEY)
    lone = verdict(ash.ash, kept(ash.ash, later))
    assert (lone.level, lone.valid) == (Level.RECEIVED, False)
    assert lone.not_after is not None  # one line is better than none
    signed(KEY, others[0])
    assert verdict(ash.ash, kept(ash.ash, later)).level is Level.WITNESSED


@pytest.mark.parametrize("signed", [True, False], ids=["device", "node"])
def test_a_case_says_whose_key_it_has_and_who_signed(village, signed):
    ash = village.found("https://ash.example")
    device = Device()
    made = tell(ash, device if signed else None)
    if signed:
        say(ash, made, device, "Still cold.")

    stood = stands(ash, made)
    assert stood.key_by == ("device" if signed else "node")
    assert stood.signed == (2 if signed else 0)
    theirs = [one for one in stood.entries if one.theirs]
    assert stood.signed + stood.attested == len(theirs)
    assert len(theirs) < stood.count


def test_an_advocate_signs_their_reply(tmp_path):
    with moot_on("", tmp_path) as moot:
        device = Device()
        made = tell(moot.node, device)
        moot.bring(made, State.WORKING)
        theirs = replace(Device(), case=device.case, case_key=device.case_key)
        signed = log.authored(moot.node, **theirs.sign("reply", {"text": "I call."}))
        words = Words(uuid4(), "I call.", authored=signed)
        written = threads.reply(moot.node, made.reference, words, by=moot["cleo"])

        author = moot.entries(made)[written.seq].author
        assert author == "stated by the node to be an advocate"
        again = replace(words, id=uuid4())
        with pytest.raises(IdempotencyMismatch):  # the member did not say that
            threads.write(moot.node, made.reference, again, by=moot.guest(made))


# A thread, from a member's archive and a copy of the log.


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder with a case's archive, the log, a policy, and the node."""
    folder = tmp_path_factory.mktemp("thread")
    village = Village(folder / "village")
    ash = village.found("https://ash.example")
    device, other = Device(), tell(ash)
    made = tell(ash, device)
    for text in ("Still cold.", "“Soon”, they say.\r\nWhen?"):
        say(ash, made, device, text)
    publish(village, ash)
    archive = cases.bundle(ash, made.reference, by=holder(ash, made))
    (folder / "foreign").write_bytes(kept(ash, other))
    (folder / "case.zip").write_bytes(archive)
    (folder / "policy").write_text(log.policy(ash))
    log.publish_to(ash, str(folder / "log"))
    yield folder, log.keys(ash)["statements"]
    village.close()


def thread(saved, change=lambda held: held):
    """Return what `python -m ledger thread` says of the archive, or a changed one."""
    folder, statements = saved
    with ZipFile(folder / "case.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, raw in change(held).items():
            archive.writestr(name, raw)
    (folder / "other.zip").write_bytes(written.getvalue())
    words = ["thread", "other.zip", "--policy", "policy", "--log", "log"]
    words[1:] = [str(folder / one) if not one.startswith("--") else one
                 for one in words[1:]]  # fmt: skip
    return command.run([*words, "--statements", statements])


def test_a_member_proves_that_their_thread_is_whole(saved, capsys):
    assert thread(saved) == 0
    told = capsys.readouterr().out.splitlines()

    assert told[0].startswith("received: ")
    assert " entries at size " in told[0]
    assert "submission by stated by the node to be a guest" in "".join(told)
    assert sum("reply by stated by the node to be a guest" in one for one in told) == 2


def files(held):
    return sorted(name for name in held if name.endswith(".tlog-proof"))


def without_first(held):
    return {name: raw for name, raw in held.items() if name != files(held)[0]}


def without_one_between(held):
    return {name: raw for name, raw in held.items() if name != files(held)[4]}


def without_last(held):
    return {name: raw for name, raw in held.items() if name != files(held)[-1]}


def doubled(held):
    return {**held, "again.tlog-proof": held[files(held)[2]]}


def in_place_of_another(held):
    one, other = files(held)[2:4]
    return {**held, one: held[other]}


@pytest.mark.parametrize(
    "change",
    [without_first, without_one_between, without_last, doubled, in_place_of_another],
)
def test_a_thread_that_is_not_the_whole_chain_is_not_accepted(saved, capsys, change):
    assert thread(saved, change) == 1
    assert capsys.readouterr().out.startswith("NOT WHOLE")


def test_a_thread_with_an_entry_of_another_case_is_not_accepted(saved, capsys):
    foreign = (saved[0] / "foreign").read_bytes()

    assert thread(saved, lambda held: {**held, "more.tlog-proof": foreign}) == 1
    assert capsys.readouterr().out.startswith("NOT WHOLE")


def test_the_archive_says_how_it_is_checked(saved):
    with ZipFile(saved[0] / "case.zip") as archive:
        told = archive.read("README.txt").decode()

    assert "python -m ledger thread" in told
    assert f"--statements '{saved[1]}'" in told
