"""Words that come signed: taken as they are, or refused with a code."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import func, select

from ledger import author, entry, policy, receipt
from ledger.encoding import unb64u
from ledger.entry import Seen
from ledger.note import ED25519, Signer, VKey
from node import accounts, log
from node.models.authors import AuthorKey
from node.models.cases import Case
from node.models.log import LedgerChain, LedgerSeal
from tests.support import device as devices
from tests.support import members
from tests.support.authenticator import PRESENT, Authenticator, b64u
from tests.support.clients import Program, app_of, token_of
from tests.support.device import Device
from tests.support.village import Village

HOME = "https://ash.example"
TELL = "/api/v1/submissions"
WORDS = "The heating is broken.\r\nSince Monday, she said: “soon”."
keys = count(1)
#: The neutral element as a key: one signature of it holds for everything.
NEUTRAL = bytes([1, *bytes(31)])


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.found(HOME)


@pytest.fixture
def app(ash):
    return app_of(ash)


@pytest.fixture
def guest(ash, app):
    return Program(app, ash)


@pytest.fixture
def ada(ash, app):
    return Program(app, ash, token_of(ash, members.join(ash)))


@pytest.fixture
def ben(ash, app):
    return Program(app, ash, token_of(ash, members.join(ash, "ben@ash.example")))


def key():
    return f"a-key-of-a-program-{next(keys)}"


def tell(program, signed, text=WORDS, again=None):
    sent = {"text": text, "signed": signed}
    return program.ask("POST", TELL, sent, Idempotency_Key=again or key())


def holder(ash, app, told):
    return Program(app, ash, f"Link {told.json['token']}")


def write(program, told, signed, text="Still cold."):
    path = f"/api/v1/cases/{told.json['case_ref']}/messages"
    sent = {"text": text, "signed": signed}
    return program.ask("POST", path, sent, Idempotency_Key=key())


def replied(device, text="Still cold.", **other):
    return device.sign("reply", {"text": text}, **other)


def verdict(ash, program, url, **authors):
    """Check a receipt as somebody does who kept the keys and asks nobody."""
    raw = program.ask("GET", url).data
    told = log.keys(ash)
    statements = (VKey.parse(told["statements"]),)
    pins = receipt.Pins(statements=statements, authors=authors)
    own = policy.parse(f"log {told['log'][0]}\nquorum none\n".encode())
    found = receipt.verify(raw, own, pins)
    assert found.valid, [one for one in found.findings if not one.ok]
    return found


def of_case(program, told):
    return program.ask("GET", f"/api/v1/cases/{told.json['case_ref']}").json["ledger"]


def nothing_was_written(ash):
    with ash.read() as tx:
        for model in (Case, LedgerSeal, AuthorKey):
            assert tx.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.parametrize("make", [Device, devices.p256], ids=["ed25519", "es256"])
def test_a_guest_signs_the_words_that_begin_their_case(ash, app, guest, make):
    device = make()
    told = tell(guest, device.begin(WORDS))

    assert told.status_code == 201, told.json
    ada = holder(ash, app, told)
    found = verdict(ash, ada, told.json["receipt_url"], **{device.key_id: "Ada"})
    assert found.author == "Ada, pinned"
    assert dict(found.disclosed) == {"text": WORDS, "channel": "api"}
    stood = of_case(ada, told)
    assert (stood["key_by"], stood["log"]) == ("device", device.log)
    assert (stood["case"], stood["kc"]) == (b64u(device.case), b64u(device.kc))
    assert stood["entries"][0] == {
        "seq": 0, "level": "received", "theirs": True, "signed": True
    }  # fmt: skip


def test_who_is_not_pinned_is_as_the_node_states(ash, app, guest, ada):
    for program, role in ((guest, "guest"), (ada, "member")):
        told = tell(program, Device().begin(WORDS))
        asks = holder(ash, app, told) if program is guest else program
        found = verdict(ash, asks, told.json["receipt_url"])

        assert found.author == f"stated by the node to be a {role}"


def test_every_entry_of_the_case_hangs_on_the_devices_key(ash, app, guest):
    device = Device()
    told = tell(guest, device.begin(WORDS))
    asks = holder(ash, app, told)

    count = len(of_case(asks, told)["entries"])
    assert count > 3
    for seq in range(count):
        raw = asks.ask("GET", told.json["receipt_url"][:-1] + str(seq)).data
        opened = receipt.read(raw).content
        assert opened.raw.case_key == device.case_key
        assert opened.entry.kc == opened.statement.kc == device.kc


def test_without_a_device_the_node_makes_the_key_and_says_so(ash, app, guest):
    sent = {"text": WORDS}
    told = guest.ask("POST", TELL, sent, Idempotency_Key=key())
    asks = holder(ash, app, told)

    assert verdict(ash, asks, told.json["receipt_url"]).author == (
        "node-attested, channel api"
    )
    stood = of_case(asks, told)
    assert stood["key_by"] == "node"
    assert not any(one["signed"] for one in stood["entries"] if one["theirs"])


def test_replies_are_signed_with_the_key_of_the_case(ash, app, guest):
    device = Device()
    told = tell(guest, device.begin(WORDS))
    asks = holder(ash, app, told)
    last = unb64u(of_case(asks, told)["last"])

    said = write(asks, told, replied(device, re=last))

    assert said.status_code == 201, said.json
    found = verdict(ash, asks, said.json["receipt_url"], **{device.key_id: "Ada"})
    assert (found.kind, found.author) == ("reply", "Ada, pinned")


def test_another_device_of_a_guest_signs_in_a_case_of_the_node(ash, app, guest):
    told = guest.ask("POST", TELL, {"text": WORDS}, Idempotency_Key=key())
    asks = holder(ash, app, told)
    stood = of_case(asks, told)
    phone = replace(Device(), case=unb64u(stood["case"]), case_key=case_key(asks, told))

    said = write(asks, told, replied(phone))

    assert said.status_code == 201, said.json
    assert of_case(asks, told)["key_by"] == "node"


def case_key(program, told):
    raw = program.ask("GET", told.json["receipt_url"]).data
    return receipt.read(raw).content.raw.case_key


def test_a_text_that_is_too_long_to_stand_there_is_signed_by_its_hash(ash, app, guest):
    device, text = Device(), "“Cold!”\r\n" * 900
    raw = text.encode()
    stands = {
        "len": len(raw),
        "sha256": b64u(sha256(raw).digest()),
        "type": "text/plain; charset=utf-8",
    }
    fields = {"text": stands, "channel": "api"}
    signed = {**device.sign("submission", fields), "case_key": b64u(device.case_key)}

    told = tell(guest, signed, text)

    assert told.status_code == 201, told.json
    found = verdict(ash, holder(ash, app, told), told.json["receipt_url"])
    assert dict(found.disclosed)["text"] == stands


def test_what_was_seen_is_written_down(ash, app, guest, village):
    tell(guest, Device().begin(WORDS))
    village.pass_time(minutes=1)
    log.sequence(ash)
    log.publish(ash, at=village.now)
    with ash.read() as tx:
        head = log.reading.published(tx)
        seen = Seen(head.root, head.size)

    told = tell(guest, Device().begin(WORDS, seen=seen))

    raw = holder(ash, app, told).ask("GET", told.json["receipt_url"]).data
    assert receipt.read(raw).content.statement.seen == seen


def test_the_same_statement_gives_the_same_receipt_again(ada):
    device = Device()
    begins = device.begin(WORDS)
    first, again = tell(ada, begins), tell(ada, begins)
    signed = replied(device)
    said, twice = write(ada, first, signed), write(ada, first, signed)

    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert twice.json == said.json
    receipts = [ada.ask("GET", said.json["receipt_url"]).data for _ in range(2)]
    assert receipts[0] == receipts[1]


def test_the_same_statement_many_times_at_once_is_one_case(ash, app, ada):
    begins = Device().begin(WORDS)

    def send(_):
        return tell(Program(app, ash, ada.authority["Authorization"]), begins)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))

    assert {one.status_code for one in answers} == {201}
    assert len({one.json["case_ref"] for one in answers}) == 1
    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Case)) == 1


def test_a_statement_that_was_recorded_does_not_open_a_guests_case(guest, ada):
    begins = Device().begin(WORDS)
    told = tell(guest, begins, again="a-key-that-is-known")
    same = tell(guest, begins, again="a-key-that-is-known")

    assert same.json == told.json
    for program in (guest, ada):
        answer = tell(program, begins)
        assert (answer.status_code, answer.json["code"]) == (409, "chain-mismatch")
        assert told.json["token"] not in answer.text


def test_a_replayed_statement_carries_no_other_words(ada):
    device = Device()
    begins, signed = device.begin(WORDS), replied(device)
    told = tell(ada, begins)
    write(ada, told, signed)

    for answer in (tell(ada, begins, "Other words"), write(ada, told, signed, "No.")):
        assert answer.status_code == 422
        assert answer.json["code"] == "idempotency.mismatch"


# What is refused, and that nothing is written then.


def unsigned(signed):
    """Break the signature."""
    proof = author.read(unb64u(signed["p"]))
    sig = bytes([proof.sig[0] ^ 1]) + proof.sig[1:]
    return {**signed, "p": b64u(author.write(replace(proof, sig=sig)))}


def weak(signed):
    """Sign with a key that signs for anybody; the signature holds."""
    found = author.Proof("ed25519", NEUTRAL, NEUTRAL + bytes(32))
    author.check(unb64u(signed["s"]), found, ())
    return {**signed, "p": b64u(author.write(found))}


def attested(signed):
    """Vouch for somebody, as only the node does."""
    node = Device()
    signer = Signer("ash.example/statements", ED25519, node.key)
    p = author.attest(unb64u(signed["s"]), author.Channel.WEB, bytes(32), signer)
    return {**signed, "p": b64u(p)}


def other_statement(signed):
    """Put another statement under the signature."""
    s = unb64u(signed["s"]).replace(b"1772445600000", b"1772445600001")
    return {**signed, "s": b64u(s)}


def fewer(signed):
    return {**signed, "d": signed["d"][:1]}


def more(signed):
    return {**signed, "d": [*signed["d"], entry.disclose(bytes(16), "x", "y")]}


def twice(signed):
    return {**signed, "d": [*signed["d"], signed["d"][0]]}


def salted_anew(signed):
    """Show the same fields, but not the ones that were signed."""
    shown = [entry.read_disclosure(one) for one in signed["d"]]
    d = [entry.disclose(devices.chance(16), one.name, one.value) for one in shown]
    return {**signed, "d": d}


def without_key(signed):
    return {**signed, "case_key": ""}


def other_key(signed):
    return {**signed, "case_key": b64u(bytes(32))}


def not_canonical(signed):
    return {**signed, "s": b64u(unb64u(signed["s"]) + b" ")}


def no_base64(signed):
    return {**signed, "p": "!"}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (unsigned, 403, "statement-unsigned"),
        (attested, 403, "statement-unsigned"),
        (other_statement, 403, "statement-unsigned"),
        (weak, 422, "key-weak"),
        (fewer, 422, "statement-malformed"),
        (more, 422, "statement-malformed"),
        (twice, 422, "statement-malformed"),
        (salted_anew, 422, "statement-malformed"),
        (without_key, 422, "statement-malformed"),
        (not_canonical, 422, "statement-malformed"),
        (no_base64, 422, "statement-malformed"),
        (other_key, 409, "chain-mismatch"),
    ],
)
def test_what_is_wrong_with_a_statement_is_named(ash, guest, change, status, code):
    answer = tell(guest, change(Device().begin(WORDS)))

    assert (answer.status_code, answer.json["code"]) == (status, code)
    nothing_was_written(ash)


@pytest.mark.parametrize(
    ("signed", "status", "code"),
    [
        (Device().begin("Other words"), 422, "statement-malformed"),
        (
            replace(Device(), log="elm.example/ledger").begin(WORDS),
            409,
            "chain-mismatch",
        ),
        (Device().begin(WORDS, re=bytes(32)), 409, "chain-mismatch"),
        (Device().begin(WORDS, seen=Seen(bytes(32), 3)), 409, "chain-mismatch"),
        (Device().begin(WORDS, kind="reply"), 403, "kind-not-allowed"),
        (Device().begin(WORDS, kind="ack"), 403, "kind-not-allowed"),
        (Device().begin(WORDS, case=None, kc=None), 422, "statement-malformed"),
        (replace(Device(), case=bytes(16)).begin(WORDS), 409, "chain-mismatch"),
    ],
    ids=["words", "log", "re", "seen", "kind", "ack", "clear", "the clear chain"],
)
def test_a_statement_says_what_is_sent_and_where(ash, guest, signed, status, code):
    answer = tell(guest, signed)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    nothing_was_written(ash)


def test_a_kind_that_is_none_is_not_allowed(guest):
    begins = Device().begin(WORDS)
    s = unb64u(begins["s"]).replace(b'"submission"', b'"submissjon"')

    answer = tell(guest, {**begins, "s": b64u(s)})

    assert (answer.status_code, answer.json["code"]) == (403, "kind-not-allowed")


def test_no_case_begins_under_the_key_or_the_id_of_another(ash, guest, ada):
    first = Device()
    tell(guest, first.begin(WORDS))

    for other in (replace(Device(), case_key=first.case_key),
                  replace(Device(), case=first.case)):  # fmt: skip
        answer = tell(ada, other.begin(WORDS))
        assert (answer.status_code, answer.json["code"]) == (409, "chain-mismatch")
    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.parametrize("what", ["case", "case_key"])
def test_a_reply_signed_for_another_case_is_refused(ada, what):
    one, other = Device(), Device()
    told = tell(ada, one.begin(WORDS))
    tell(ada, other.begin(WORDS))
    confused = replace(one, **{what: getattr(other, what)})

    answer = write(ada, told, replied(confused))

    assert (answer.status_code, answer.json["code"]) == (409, "chain-mismatch")


def test_a_case_key_that_comes_with_a_reply_is_the_one_of_the_case(ada):
    device = Device()
    told = tell(ada, device.begin(WORDS))

    answer = write(ada, told, other_key(replied(device)))
    assert (answer.status_code, answer.json["code"]) == (409, "chain-mismatch")
    same = {**replied(device), "case_key": b64u(device.case_key)}
    assert write(ada, told, same).status_code == 201


def test_a_key_belongs_to_one_member_in_all_their_cases(ada, ben):
    device = Device()
    first = tell(ada, device.begin(WORDS))
    second = replace(Device(), key=device.key)
    third = replace(Device(), key=device.key)

    assert tell(ada, second.begin(WORDS)).status_code == first.status_code == 201
    answer = tell(ben, third.begin(WORDS))
    assert (answer.status_code, answer.json["code"]) == (403, "statement-unsigned")


def test_a_guests_key_belongs_to_one_case(ash, app, guest):
    device = Device()
    tell(guest, device.begin(WORDS))
    told = guest.ask("POST", TELL, {"text": WORDS}, Idempotency_Key=key())
    asks = holder(ash, app, told)
    here = replace(
        device,
        case=unb64u(of_case(asks, told)["case"]),
        case_key=case_key(asks, told),
    )

    for answer in (
        tell(guest, replace(Device(), key=device.key).begin(WORDS)),
        write(asks, told, replied(here)),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "statement-unsigned")


# Passkeys.


@pytest.fixture
def phone(ash):
    """A member with a passkey, and their device."""
    visitor = members.enter(ash, members.join(ash, "eve@ash.example")).visitor
    phone = Authenticator(HOME, b"phone")
    ask = accounts.passkey_options(ash, by=visitor)
    made = phone.make(ask.options_json)
    accounts.add_passkey(ash, made, ask.state, label="Phone", by=visitor)
    return visitor, phone


@pytest.fixture
def eve(ash, app, phone):
    return Program(app, ash, token_of(ash, phone[0].person_id))


def test_a_member_signs_with_their_passkey(ash, eve, phone):
    device = Device(phone[1])

    told = tell(eve, device.begin(WORDS))

    assert told.status_code == 201, told.json
    found = verdict(ash, eve, told.json["receipt_url"], **{device.key_id: "Eve"})
    assert found.author == "Eve, pinned"
    proof = receipt.read(eve.ask("GET", told.json["receipt_url"]).data).content.proof
    assert proof.alg == "webauthn-es256"


@pytest.mark.parametrize(
    "change",
    [
        {"flags": PRESENT},
        {"origin": "https://elm.example"},
        {"rp_id": "elm.example"},
    ],
    ids=["not unlocked", "another site", "another key"],
)
def test_a_passkey_that_was_not_used_here_signs_nothing(eve, phone, change):
    answer = tell(eve, Device(replace(phone[1], **change)).begin(WORDS))

    assert (answer.status_code, answer.json["code"]) == (403, "statement-unsigned")


def test_a_passkey_is_its_members_own(guest, ada, phone):
    stranger = Authenticator(HOME, b"stranger")

    for program, used in ((guest, phone[1]), (ada, phone[1]), (ada, stranger)):
        answer = tell(program, Device(used).begin(WORDS))
        assert (answer.status_code, answer.json["code"]) == (403, "statement-unsigned")


def test_a_passkey_that_was_removed_signs_no_more(ash, eve, phone):
    visitor, authenticator = phone
    tell(eve, Device(authenticator).begin(WORDS))
    [line] = accounts.passkeys(ash, by=visitor)
    accounts.remove_passkey(ash, line.ref, by=visitor)

    answer = tell(eve, Device(authenticator).begin(WORDS))

    assert (answer.status_code, answer.json["code"]) == (403, "statement-unsigned")


def chain_of(node, person_id):
    """Return the kind and fields of each entry on a person's own chain."""
    log.sequence(node)
    with node.read() as tx:
        found = select(LedgerSeal.seq).where(LedgerSeal.case_id == person_id)
        seqs = tx.scalars(found.order_by(LedgerSeal.seq)).all()
        raw = [log.receipt(node, tx, person_id, seq) for seq in seqs]
    verdicts = [log.check(node, one) for one in raw]
    assert all(one.valid for one in verdicts)
    return [(one.kind, dict(one.disclosed)) for one in verdicts]


def test_a_members_keys_stand_on_their_own_chain(ash, eve, phone):
    visitor, authenticator = phone
    passkey, device = Device(authenticator), Device()
    for one in (passkey, device, replace(Device(), key=device.key)):
        assert tell(eve, one.begin(WORDS)).status_code == 201
    [line] = accounts.passkeys(ash, by=visitor)
    accounts.remove_passkey(ash, line.ref, by=visitor)

    assert chain_of(ash, visitor.person_id) == [
        ("member.open", {}),
        ("key.add", {"key": passkey.key_id, "label": "passkey"}),
        ("key.add", {"key": device.key_id, "label": "device"}),
        ("key.revoke", {"key": passkey.key_id}),
    ]
    assert list(log.fsck(ash)) == []


def test_a_passkey_that_never_signed_words_is_on_no_chain(ash, phone):
    [line] = accounts.passkeys(ash, by=phone[0])
    accounts.remove_passkey(ash, line.ref, by=phone[0])

    assert chain_of(ash, phone[0].person_id) == []


def test_a_guest_has_no_chain_of_their_own(ash, guest):
    tell(guest, Device().begin(WORDS))

    with ash.read() as tx:
        opened = select(func.count()).select_from(LedgerChain)
        assert tx.scalar(opened) == 2  # the clear one, and the case's


def test_the_log_holds_what_was_signed_and_fsck_agrees(ash, app, guest):
    device = Device(ed25519.Ed25519PrivateKey.generate())
    told = tell(guest, device.begin(WORDS))
    write(holder(ash, app, told), told, replied(device))
    log.sequence(ash)

    assert list(log.fsck(ash)) == []
    with ash.read() as tx:
        assert tx.scalar(select(LedgerChain.key_by).where(
            LedgerChain.kc == device.kc
        )) == "device"  # fmt: skip
        known = tx.scalars(select(AuthorKey)).one()
    assert (known.id, known.pub, known.owner.bytes) == (
        device.key_id, device.pub, device.case
    )  # fmt: skip
