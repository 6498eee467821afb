import base64
from contextlib import suppress
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from federation import signatures
from federation.errors import (
    DigestWrong,
    KeyRefused,
    SignatureNarrow,
    Unverified,
)
from federation.signatures import Profile, cavage
from tests.federation.vectors import (
    HTTP,
    INBOX,
    MAIN,
    NOW,
    SECOND,
    SECRETS,
    find_key,
    post,
)

DIGEST = "SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="
DATE = "Wed, 02 Dec 2026 09:00:05 GMT"
USUAL = "(request-target) host date digest"
CREATED = HTTP["now"]


@pytest.mark.parametrize(
    ("algorithm", "key_id", "good"),
    [
        ("hs2019", MAIN, True),
        ("hs2019", SECOND, True),
        (None, MAIN, True),
        (None, SECOND, True),
        ("rsa-sha256", MAIN, True),
        ("rsa-sha256", SECOND, False),
        ("rsa-sha1", MAIN, False),
        ("rsa-sha512", MAIN, False),
        ("hmac-sha256", MAIN, False),
        ("ed25519", SECOND, False),
        ("RSA-SHA256", MAIN, False),
        ("", MAIN, True),
    ],
)
def test_the_type_of_the_key_decides_the_algorithm(algorithm, key_id, good):
    request = made(algorithm=algorithm, key_id=key_id)

    if good:
        assert verify(request).profile is Profile.CAVAGE
    else:
        with pytest.raises(KeyRefused):
            verify(request)


@pytest.mark.parametrize(
    "headers",
    [
        "(request-target) host date",
        "(request-target) date digest",
        "host date digest",
        "(request-target) host digest",
        "date",
        "(created)",
        "digest",
        None,
    ],
)
def test_a_signature_that_leaves_out_what_decides_is_narrow(headers):
    with pytest.raises(SignatureNarrow):
        verify(made(headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        f"{USUAL} date",
        f"{USUAL} (expires)",
        f"{USUAL} x-absent",
        f"{USUAL} Host",
        f"{USUAL} ",
        f" {USUAL}",
        USUAL.replace(" host", "  host"),
        f"{USUAL} (created)",
    ],
)
def test_a_list_that_could_be_read_otherwise_is_refused(headers):
    with pytest.raises(Unverified):
        verify(made(headers=headers))


@pytest.mark.parametrize(
    ("digest", "body"),
    [
        (DIGEST, b"{ }"),
        (DIGEST.rstrip("="), b"{}"),
        (f"{DIGEST},SHA-512=AAAA", b"{}"),
        (f"SHA=AAAA,{DIGEST}", b"{}"),
        (f"{DIGEST},{DIGEST}", b"{}"),
        ("MD5=mZFLky+vSzquXo2ROJXcZQ==", b"{}"),
        ("SHA=vyGp6PvFo4RvsFtPoIWeCReyIC8=", b"{}"),
        ("UNIXSUM=30637", b"{}"),
        ("", b"{}"),
    ],
)
def test_only_the_sha_256_of_the_raw_bytes_will_do(digest, body):
    with pytest.raises(DigestWrong):
        verify(made(digest=digest, body=body))


@pytest.mark.parametrize("name", ["SHA-256", "sha-256", "Sha-256"])
def test_the_name_of_the_digest_may_be_in_any_case(name):
    assert verify(made(digest=DIGEST.replace("SHA-256", name)))


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "2026-12-02T09:00:05Z",
        "Wednesday, 02-Dec-26 09:00:05 GMT",
        "Wed Dec  2 09:00:05 2026",
        "Wed, 2 Dec 2026 09:00:05 GMT",
        "Wed, 02 Dec 2026 09:00:05 +0000",
        "Wed, 02 Dec 2026 09:00:05 -0000",
        "Wed, 02 Dec 2026 09:00:65 GMT",
        "Wed, 31 Feb 2026 09:00:05 GMT",
        "Wed, 02 Dec 0000 09:00:05 GMT",
        "Wed, 02 Anr 2026 09:00:05 GMT",
        f"{DATE}, {DATE}",
    ],
)
def test_a_date_has_one_form(date):
    with pytest.raises(Unverified):
        verify(made(date=date))


@pytest.mark.parametrize(("algorithm", "created"), [("hs2019", ""), ("", CREATED)])
def test_a_time_inside_the_signature_goes_with_hs2019_only(algorithm, created):
    headers = USUAL.replace("date", "(created)")

    assert verify(made(headers=headers, algorithm="hs2019", created=CREATED))
    with pytest.raises(Unverified):
        verify(made(headers=headers, algorithm=algorithm, created=created))


@pytest.mark.parametrize(
    "value",
    [
        'keyId="a",keyId="b",signature="AAAA"',
        'keyId="a" signature="AAAA"',
        'keyId=a,signature="AAAA"',
        'signature="AAAA"',
        'keyId="",signature="AAAA"',
        'keyId="a"',
        'keyId="a",signature="AAA"',
        'keyId="a",signature="AA=A"',
        'keyId="a",signature="AAAA',
        'keyId="a\\"b",signature="AAAA"',
        'keyId="a",signature="AAAA"\n',
        'keyId="a",signature="AAAA",' + "b" * 9000,
    ],
)
def test_a_signature_field_that_is_read_in_two_ways_is_not_read(value):
    with pytest.raises(Unverified):
        cavage.claim(value)


@given(st.text(max_size=60), st.text('keyId="a,signature=:() ', max_size=60))
def test_any_text_is_read_or_refused(text, likely):
    for value in (text, likely, f'keyId="a",signature="{text}"'):
        with suppress(Unverified):
            cavage.claim(value)


def test_white_space_between_the_parts_changes_nothing():
    request = made()
    fields = dict(request.fields)
    fields["Signature"] = fields["Signature"].replace('",', '" , ')

    assert verify(replace(request, fields=tuple(fields.items())))


@pytest.mark.parametrize(("method", "body"), [("POST", b""), ("PUT", b"{}")])
def test_a_body_or_a_post_needs_its_digest(method, body):
    request = post(cavage.sign, method=method, body=body)
    narrow = post(cavage.sign, method="GET", body=None)

    assert verify(request).covered[-1] == "digest"
    with pytest.raises(SignatureNarrow):
        verify(replace(narrow, method=method, body=body))


def test_a_post_without_a_body_has_the_digest_of_nothing():
    assert verify(post(cavage.sign, body=None)) == verify(post(cavage.sign, body=b""))


def test_a_get_is_signed_without_a_digest():
    request = post(cavage.sign, method="GET", body=None)

    assert "Digest" not in dict(request.fields)
    assert verify(request).covered == ("(request-target)", "host", "date")


def made(  # noqa: PLR0913 - one for each thing a sender may do differently
    *,
    algorithm="rsa-sha256",
    key_id=MAIN,
    headers=USUAL,
    digest=DIGEST,
    date=DATE,
    created=None,
    body=b"{}",
):
    plain = post(lambda *_, **__: {}, body=body)
    values = {
        "(request-target)": f"post {INBOX}",
        "(created)": created,
        "host": "b.example",
        "date": date,
        "digest": digest,
    }
    names = "date" if headers is None else headers
    base = "\n".join(f"{it}: {values.get(it, '')}" for it in names.split(" ")).encode()
    secret = SECRETS[key_id]
    padding = (PKCS1v15(), SHA256()) if key_id == MAIN else ()
    raw = base64.b64encode(secret.sign(base, *padding)).decode()
    parts = [f'keyId="{key_id}"', f'signature="{raw}"']
    parts += [f'headers="{headers}"'] if headers is not None else []
    parts += [f'algorithm="{algorithm}"'] if algorithm is not None else []
    parts += [f"created={created}"] if created else []
    added = (("Date", date), ("Digest", digest), ("Signature", ",".join(parts)))
    return replace(plain, fields=(*plain.fields, *added))


def verify(request):
    return signatures.verify(request, find_key, at=NOW)
