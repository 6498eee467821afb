import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from governance.errors import AuthRequired, NotFound, SignInInvalid
from node import accounts
from node.models.accounts import Account, Passkey, PasskeyChallenge
from tests.support.authenticator import PRESENT, Authenticator, b64u, unb64u
from tests.support.members import enter, join
from tests.support.village import Village

HOME = "https://ash.example"


@pytest.fixture
def village(tmp_path):
    village = Village(tmp_path)
    yield village
    village.close()


@pytest.fixture
def ash(village):
    return village.build(HOME)


@pytest.fixture
def ada(ash):
    return enter(ash, join(ash)).visitor


def device(name=b"phone", **how):
    return Authenticator(origin=how.pop("origin", HOME), credential_id=name, **how)


def add(node, by, phone, label="Phone"):
    ask = accounts.passkey_options(node, by=by)
    accounts.add_passkey(
        node, phone.make(ask.options_json), ask.state, label=label, by=by
    )
    return phone


def sign_in(node, phone):
    ask = accounts.passkey_options(node, by=None)
    answer = phone.sign(ask.options_json)
    return accounts.passkey_sign_in(node, answer, ask.state, label="Phone")


@pytest.fixture
def phone(ash, ada):
    return add(ash, ada, device())


def test_a_passkey_signs_its_owner_in_without_a_name(ash, ada):
    phone = add(ash, ada, device())

    signed_in = sign_in(ash, phone)

    visitor = accounts.session(ash, signed_in.session_token)
    assert (visitor.person_id, visitor.fresh) == (ada.person_id, True)
    assert accounts.sessions(ash, by=visitor)[0].method in {"passkey", "link"}


def test_a_passkey_works_on_this_machine_without_a_certificate(village):
    birch = village.build("http://localhost:8001")
    ben = enter(birch, join(birch, "ben@birch.example")).visitor

    phone = add(birch, ben, device(origin="http://localhost:8001"))

    assert sign_in(birch, phone).visitor.person_id == ben.person_id


def test_a_new_key_is_asked_for_as_the_design_says(ash, ada):
    options = json.loads(accounts.passkey_options(ash, by=ada).options_json)

    assert options["rp"]["id"] == "ash.example"
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert unb64u(options["user"]["id"]) == ada.account_id.bytes
    assert "@" not in json.dumps(options)


@pytest.mark.parametrize("role", ["steward", "coordinator"])
def test_an_office_needs_a_key_that_is_unlocked(ash, role):
    eli = enter(ash, join(ash, "eli@ash.example", role)).visitor
    options = json.loads(accounts.passkey_options(ash, by=eli).options_json)

    with pytest.raises(SignInInvalid):
        add(ash, eli, device(flags=PRESENT))
    phone = add(ash, eli, device())
    phone.flags = PRESENT

    assert options["authenticatorSelection"]["userVerification"] == "required"
    with pytest.raises(SignInInvalid):
        sign_in(ash, phone)


def test_for_a_member_a_touch_is_enough(ash, ada):
    phone = add(ash, ada, device(flags=PRESENT))

    assert sign_in(ash, phone).visitor.person_id == ada.person_id


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://ash.example.evil.example"},
        {"origin": "http://ash.example"},
        {"origin": "https://ash.example:8443"},
        {"rp_id": "evil.example"},
        {"flags": 0},
        {"handle": b"somebody else..."},
    ],
    ids=str,
)
def test_an_answer_given_elsewhere_signs_nobody_in(ash, ada, lie):
    phone = add(ash, ada, device())

    with pytest.raises(SignInInvalid):
        sign_in(ash, replace(phone, **lie))

    assert sign_in(ash, phone).session_token


@pytest.mark.parametrize(
    "lie",
    [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": 0}],
    ids=str,
)
def test_a_key_made_elsewhere_is_not_kept(ash, ada, lie):
    with pytest.raises(SignInInvalid):
        add(ash, ada, device(**lie))

    assert accounts.passkeys(ash, by=ada) == []


def test_a_challenge_is_answered_once(ash, ada):
    phone = add(ash, ada, device())
    ask = accounts.passkey_options(ash, by=None)
    answer = phone.sign(ask.options_json)
    accounts.passkey_sign_in(ash, answer, ask.state, label="")

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, answer, ask.state, label="")


def test_a_wrong_answer_uses_the_challenge_up(ash, ada):
    phone = add(ash, ada, device())
    ask = accounts.passkey_options(ash, by=None)
    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, "{}", ask.state, label="")

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, phone.sign(ask.options_json), ask.state, label="")


def test_an_answer_fits_only_its_own_challenge(ash, ada):
    phone = add(ash, ada, device())
    asked, another = (accounts.passkey_options(ash, by=None) for _ in range(2))

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(
            ash, phone.sign(asked.options_json), another.state, label=""
        )


def test_a_challenge_waits_five_minutes(village, ash, ada):
    phone = add(ash, ada, device())
    ask = accounts.passkey_options(ash, by=None)

    village.pass_time(minutes=5)

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, phone.sign(ask.options_json), ask.state, label="")


def test_a_key_cannot_be_slipped_into_the_account_of_another(ash, ada):
    ben = enter(ash, join(ash, "ben@ash.example")).visitor
    ask = accounts.passkey_options(ash, by=ada)
    answer = device().make(ask.options_json)

    with pytest.raises(SignInInvalid):
        accounts.add_passkey(ash, answer, ask.state, label="", by=ben)
    with pytest.raises(SignInInvalid):
        accounts.add_passkey(ash, answer, "a state nobody gave out", label="", by=ada)

    assert accounts.passkeys(ash, by=ben) == accounts.passkeys(ash, by=ada) == []


def test_a_sign_in_challenge_adds_no_key(ash, ada):
    to_sign_in = accounts.passkey_options(ash, by=None)
    to_add = json.loads(accounts.passkey_options(ash, by=ada).options_json)
    to_add["challenge"] = json.loads(to_sign_in.options_json)["challenge"]

    with pytest.raises(SignInInvalid):
        accounts.add_passkey(
            ash, device().make(json.dumps(to_add)), to_sign_in.state, label="", by=ada
        )


def test_the_same_key_is_kept_once(ash, ada):
    ben = enter(ash, join(ash, "ben@ash.example")).visitor
    add(ash, ada, device())

    with pytest.raises(SignInInvalid):
        add(ash, ben, device())

    assert accounts.passkeys(ash, by=ben) == []


@pytest.mark.parametrize("count", [0, 3, 4])
def test_a_counter_that_went_back_warns_and_signs_in(ash, ada, count):
    phone = add(ash, ada, device(count=3))
    sign_in(ash, phone)
    assert not accounts.passkeys(ash, by=ada)[0].doubted
    phone.count = count - 1

    signed_in = sign_in(ash, phone)

    assert signed_in.visitor.person_id == ada.person_id
    assert accounts.passkeys(ash, by=ada)[0].doubted


def test_a_key_that_does_not_count_is_not_doubted(ash, ada):
    phone = add(ash, ada, device(count=0))
    phone.count = -1

    sign_in(ash, phone)

    assert not accounts.passkeys(ash, by=ada)[0].doubted


def test_a_signature_by_another_key_signs_nobody_in(ash, ada):
    phone = add(ash, ada, device())
    thief = device(handle=phone.handle)

    with pytest.raises(SignInInvalid):
        sign_in(ash, thief)


def test_a_key_we_do_not_know_signs_nobody_in(ash, ada):
    phone = add(ash, ada, device())

    with pytest.raises(SignInInvalid):
        sign_in(ash, replace(phone, credential_id=b"tablet"))


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", "[" * 9000, '{"id": 1}', "x" * 20_000, "\ud800"]
)
def test_what_is_no_answer_is_refused_and_nothing_breaks(ash, ada, answer):
    to_sign_in = accounts.passkey_options(ash, by=None)
    to_add = accounts.passkey_options(ash, by=ada)

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, answer, to_sign_in.state, label="")
    with pytest.raises(SignInInvalid):
        accounts.add_passkey(ash, answer, to_add.state, label="", by=ada)


FIELDS = ("clientDataJSON", "authenticatorData", "signature", "userHandle")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FIELDS), st.integers(0, 10_000))
def test_no_part_of_an_answer_can_be_changed(ash, phone, field, drawn):
    ask = accounts.passkey_options(ash, by=None)
    answer = json.loads(phone.sign(ask.options_json))
    raw = bytearray(unb64u(answer["response"][field]))

    bit = drawn % (8 * len(raw))
    raw[bit // 8] ^= 1 << bit % 8
    answer["response"][field] = b64u(bytes(raw))

    with pytest.raises(SignInInvalid):
        accounts.passkey_sign_in(ash, json.dumps(answer), ask.state, label="")


def test_somebody_sees_their_keys_by_name_and_takes_one_away(village, ash, ada):
    add(ash, ada, device(b"phone"), "Phone")
    village.pass_time(minutes=1)
    key = add(ash, ada, device(b"key"), "Key on the ring")
    sign_in(ash, key)

    listed = accounts.passkeys(ash, by=ada)
    accounts.remove_passkey(ash, listed[1].ref, by=ada)

    assert [line.label for line in listed] == ["Phone", "Key on the ring"]
    assert [line.used_at for line in listed] == [None, ash.now()]
    with pytest.raises(SignInInvalid):
        sign_in(ash, key)


def test_a_device_that_has_a_key_is_told_so(ash, ada):
    add(ash, ada, device())

    options = json.loads(accounts.passkey_options(ash, by=ada).options_json)

    assert [key["id"] for key in options["excludeCredentials"]] == [b64u(b"phone")]


def test_nobody_takes_away_the_key_of_another(ash, ada):
    ben = enter(ash, join(ash, "ben@ash.example")).visitor
    add(ash, ada, device())
    (hers,) = accounts.passkeys(ash, by=ada)

    with pytest.raises(NotFound):
        accounts.remove_passkey(ash, hers.ref, by=ben)

    assert accounts.passkeys(ash, by=ada) == [hers]


@pytest.mark.parametrize("who", ["stale", "guest"])
def test_keys_are_changed_only_by_whoever_just_proved_who_they_are(ash, ada, who):
    by = accounts.GUEST if who == "guest" else replace(ada, fresh=False)

    with pytest.raises(AuthRequired):
        accounts.passkey_options(ash, by=by)
    with pytest.raises(AuthRequired):
        accounts.add_passkey(ash, "{}", "", label="", by=by)
    with pytest.raises(AuthRequired):
        accounts.remove_passkey(ash, "", by=by)


def test_a_guest_has_no_keys_to_look_at(ash):
    with pytest.raises(AuthRequired):
        accounts.passkeys(ash, by=accounts.GUEST)


def test_the_key_of_a_closed_account_signs_nobody_in(ash, ada):
    phone = add(ash, ada, device())

    with ash.begin() as tx:
        tx.execute(update(Account).values(closed_at=ash.now()))

    with pytest.raises(SignInInvalid):
        sign_in(ash, phone)


def test_the_table_holds_public_halves_and_no_state(ash, ada):
    phone = add(ash, ada, device())
    ask = accounts.passkey_options(ash, by=None)

    with ash.read() as tx:
        key = tx.scalars(select(Passkey)).one()
        waiting = tx.scalars(select(PasskeyChallenge)).all()

    private = phone.key.private_numbers().private_value.to_bytes(32, "big")
    assert private not in key.public_key
    assert ask.state.encode() not in b"".join(row.id_hash for row in waiting)


def test_challenges_nobody_answered_are_forgotten(village, ash):
    accounts.passkey_options(ash, by=None)
    village.pass_time(minutes=5)

    accounts.forget(ash)

    with ash.read() as tx:
        assert tx.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0
