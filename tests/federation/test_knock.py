from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import signatures
from federation.signatures import Profile, Request, Signer, cavage, knock, rfc9421
from federation.signatures.knock import Knock, Memory
from tests.federation.vectors import (
    INBOX,
    MAIN,
    NOW,
    ORIGIN,
    SECOND,
    SECRETS,
    SIGNER,
    find_key,
)

NEWER, OLDER = Knock(Profile.RFC9421), Knock(Profile.CAVAGE)
TYPE = ("Content-Type", "application/activity+json")
POST = Request("POST", ORIGIN + INBOX, (("Host", "b.example"), TYPE), b"{}")
GET = Request("GET", ORIGIN + INBOX, (("Host", "b.example"),))
WANTED = '("@method" "@target-uri" "content-digest")'
STRANGER, KNOWN = Memory(), Memory(Profile.CAVAGE, NOW + timedelta(days=1))


def test_a_stranger_is_asked_in_the_newer_profile_and_a_known_one_in_its_own():
    assert knock.first(STRANGER) == NEWER
    assert knock.first(KNOWN) == OLDER


@pytest.mark.parametrize("memory", [STRANGER, KNOWN])
def test_a_partner_is_asked_in_the_newer_profile_only(memory):
    begun = knock.first(memory, strict=True)

    assert begun.profile is Profile.RFC9421
    for status in (400, 401, 403, 500, 501):
        assert after(memory, begun, status) is None


def test_a_partner_is_signed_for_as_it_asks():
    begun = knock.first(KNOWN, strict=True)
    fields = {"Accept-Signature": f"sig1={WANTED};created"}

    second = knock.next(KNOWN, begun, (401, fields), POST, SIGNER)

    assert (second.profile, second.last) == (Profile.RFC9421, True)
    assert knock.next(KNOWN, second, (401, fields), POST, SIGNER) is None


def test_what_a_partner_refuses_says_nothing_of_a_profile_that_was_not_tried():
    begun = knock.first(KNOWN, strict=True)
    taken = knock.learned(STRANGER, begun, 202, at=NOW)

    assert knock.learned(KNOWN, begun, 401, at=NOW) == KNOWN
    assert knock.learned(taken, begun, 401, at=NOW).refusals == 1


def test_a_memory_is_kept_for_thirty_days_after_the_last_success():
    memory = knock.learned(STRANGER, OLDER, 202, at=NOW)
    days = timedelta(days=30)

    assert memory.fresh(at=NOW + days - timedelta(seconds=1)) == memory
    assert memory.fresh(at=NOW + days) == STRANGER
    renewed = knock.learned(memory, OLDER, 200, at=NOW + timedelta(days=1))
    assert renewed.fresh(at=NOW + days) == renewed


@pytest.mark.parametrize("status", [200, 202, 404, 410, 429, 502, 503, 301])
def test_an_answer_that_is_not_about_the_signature_stands(status):
    assert after(STRANGER, NEWER, status) is None


@pytest.mark.parametrize("status", [400, 401, 403, 500, 501])
def test_a_stranger_that_refuses_is_asked_in_the_other_profile_once(status):
    for one, other in ((NEWER, OLDER), (OLDER, NEWER)):
        second = after(STRANGER, one, status)

        assert second == replace(other, last=True)
        assert after(STRANGER, second, status) is None


@pytest.mark.parametrize("status", [400, 403, 500, 501])
def test_a_known_server_is_asked_again_only_after_a_401(status):
    assert after(KNOWN, OLDER, status) is None
    assert after(KNOWN, OLDER, 401) == replace(NEWER, last=True)


def test_what_an_answer_asks_to_be_signed_is_signed():
    wanted = f'mine={WANTED};created;nonce="n";tag="t"'

    second = after(STRANGER, OLDER, 401, wanted)

    assert second.profile is Profile.RFC9421
    fields = rfc9421.sign(POST, SIGNER, at=NOW, asked=second.asked)
    assert fields["Signature-Input"] == (
        f'mine={WANTED};created={int(NOW.timestamp())};keyid="{MAIN}";nonce="n";tag="t"'
    )
    assert after(STRANGER, second, 401, wanted) is None


@pytest.mark.parametrize(
    "wanted",
    [
        f"sig1={WANTED}",
        'sig1=("@method" "@authority" "@path" "content-digest");created',
        'sig1=("@method" "@authority" "@path" "@query" "content-digest")',
        'a=("@method" "@target-uri" "content-digest" "content-type" "host" "date")',
        f'sig1={WANTED};alg="rsa-v1_5-sha256";keyid="{MAIN}"',
        f"sig1={WANTED};expires",
        f"bad=(), good={WANTED}",
        signatures.accept_signature(post=True),
    ],
)
def test_what_we_can_sign_is_signed_so_that_it_is_verified(wanted):
    asked = knock.asked(wanted, POST, SIGNER)

    added = rfc9421.sign(POST, SIGNER, at=NOW, asked=asked)

    request = replace(POST, fields=(*POST.fields, *added.items()))
    assert signatures.verify(request, find_key, at=NOW).covered == asked.components


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "garbage",
        "sig1=()",
        'sig1=("@method")',
        'sig1=("@method" "@target-uri")',
        'sig1=("@method" "content-digest" "@authority")',
        f'sig1={WANTED[:-1]} "cookie")',
        f'sig1={WANTED[:-1]} "authorization")',
        f'sig1={WANTED[:-1]} "@status")',
        f'sig1={WANTED};alg="hmac-sha256"',
        f'sig1={WANTED};alg="ed25519"',
        f'sig1={WANTED};keyid="https://eve.example/key"',
        f"sig1={WANTED};created=1",
        f"sig1={WANTED};nonce",
        f"sig1={WANTED};other",
        f'sig1={WANTED};other="x"',
    ],
)
def test_what_is_too_little_or_not_ours_to_sign_is_not_signed(wanted):
    assert knock.asked(wanted, POST, SIGNER) is None
    assert after(STRANGER, NEWER, 401, wanted) == replace(OLDER, last=True)


def test_a_field_the_request_lacks_is_not_signed():
    wanted = 'sig1=("@method" "@target-uri" "content-type")'

    assert knock.asked(wanted, GET, SIGNER) is None
    assert knock.asked(wanted, replace(GET, fields=(TYPE,)), SIGNER)


def test_a_peer_may_ask_for_the_other_kind_of_key():
    signer = Signer(SECOND, SECRETS[SECOND])

    assert knock.asked(f'sig1={WANTED};alg="ed25519"', POST, signer)


def test_only_a_request_that_needed_its_signature_teaches():
    assert knock.learned(STRANGER, NEWER, 200, at=NOW, method="GET") == STRANGER
    assert knock.learned(STRANGER, NEWER, 202, at=NOW).profile is Profile.RFC9421


def test_a_stranger_stays_one_until_it_takes_something():
    assert knock.learned(STRANGER, NEWER, 401, at=NOW) == STRANGER
    assert STRANGER.fresh(at=NOW) == STRANGER


def test_three_refusals_in_a_row_clear_the_memory():
    memory = KNOWN
    for _ in range(2):
        memory = knock.learned(memory, OLDER, 401, at=NOW)
        memory = knock.learned(memory, OLDER, 503, at=NOW)
    assert memory.profile is Profile.CAVAGE

    assert knock.learned(memory, OLDER, 401, at=NOW) == STRANGER
    refreshed = knock.learned(memory, OLDER, 202, at=NOW)
    assert knock.learned(refreshed, OLDER, 401, at=NOW).profile is Profile.CAVAGE


@given(st.lists(st.sampled_from([200, 202, 400, 401, 403, 404, 500, 503]), min_size=1))
def test_nobody_is_knocked_at_more_than_twice(statuses):
    memory, current, knocks = STRANGER, knock.first(STRANGER), 0
    for status in statuses:
        knocks += 1
        current = after(memory, current, status)
        if current is None:
            break

    assert knocks <= 2


@pytest.mark.parametrize("profile", Profile)
def test_a_knock_of_either_profile_is_verified(profile):
    sign = {Profile.RFC9421: rfc9421.sign, Profile.CAVAGE: cavage.sign}[profile]

    added = sign(POST, SIGNER, at=NOW)

    request = replace(POST, fields=(*POST.fields, *added.items()))
    assert signatures.verify(request, find_key, at=NOW).profile is profile


def after(memory, one, status, wanted=""):
    answer = (status, {"Accept-Signature": wanted} if wanted else {})
    return knock.next(memory, one, answer, POST, SIGNER)
