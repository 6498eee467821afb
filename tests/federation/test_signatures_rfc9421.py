import base64
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import http_sf
import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    MappingKeyResolver,
    algorithms,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from federation import keys, signatures
from federation.errors import (
    DigestWrong,
    Rejected,
    SignatureNarrow,
    SignatureStale,
    Unverified,
)
from federation.signatures import Request, Signer, members, message, rfc9421
from federation.signatures.rfc9421 import Asked
from tests.federation.vectors import (
    MAIN,
    NOW,
    ORIGIN,
    OWNER,
    SECOND,
    SECRETS,
    find_key,
    post,
    read,
    signed,
)

RFC = read("rfc9421.json")
VECTORS = RFC["vectors"]
#: Component parameters, and the status of an answer, are outside our profile.
OUTSIDE = {"B.2.2", "B.2.4", "2.4 response to the signed request"}
WITHIN = [it for it in VECTORS if it["name"] not in OUTSIDE]
OURS = [it for it in WITHIN if it["alg"] in rfc9421.ALGORITHMS.values()]
ALGORITHM = {MAIN: algorithms.RSA_V1_5_SHA256, SECOND: algorithms.ED25519}
PUBLIC = {id_: key.public_key() for id_, key in SECRETS.items()}
INPUT = f'sig1=("@method" "@target-uri" "content-digest");created=1;keyid="{MAIN}"'

paths = st.text("abc/%20.~-", max_size=12).map(lambda it: "/" + it.replace("%", "%2a"))
queries = st.sampled_from(["", "?", "?x=1", "?x=1&y=%20", "?a?b"])
bodies = st.binary(max_size=50)
covers = st.sampled_from(
    [
        ("@method", "@target-uri", "content-digest"),
        ("content-digest", "@target-uri", "@method", "content-type"),
        ("@method", "@authority", "@path", "@query", "content-digest"),
        ("@scheme", "@method", "@path", "@query", "@authority", "content-digest"),
        ("@method", "@target-uri", "content-digest", "host", "date"),
    ]
)
key_ids = st.sampled_from([MAIN, SECOND])


@pytest.mark.parametrize("vector", WITHIN, ids=lambda it: it["name"])
def test_the_signature_base_is_the_one_of_the_rfc(vector):
    base = base_of(vector)

    assert base == vector["base"]


@pytest.mark.parametrize("name", sorted(OUTSIDE))
def test_what_is_outside_the_profile_has_no_signature_base(name):
    vector = next(it for it in VECTORS if it["name"] == name)

    with pytest.raises(Unverified):
        base_of(vector)


@pytest.mark.parametrize("vector", OURS, ids=lambda it: it["name"])
def test_a_signature_of_the_rfc_holds_or_not_as_it_says(vector):
    signature = base64.b64decode(vector["signature"])

    holds = rfc_key(vector["key"]).verify(signature, base_of(vector).encode())

    assert holds is vector["verifies"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda it: it["name"])
def test_no_signature_of_the_rfc_is_enough_for_us(vector):
    # They name keys that are no addresses, or cover less than we ask for.
    sent = vector["message"]
    fields = (
        *map(tuple, sent["headers"]),
        ("Signature-Input", f"{vector['label']}={vector['params']}"),
        ("Signature", f"{vector['label']}=:{vector['signature']}:"),
    )
    url = sent.get("target_uri", "https://example.com/")
    request = Request(sent.get("method", "GET"), url, fields, body_of(sent))

    with pytest.raises(Rejected):
        signatures.verify(request, lambda _: rfc_key(vector["key"]), at=NOW)


@given(st.lists(st.sampled_from(["@method", "date", "a-b"]), unique=True), st.data())
def test_the_short_way_reads_what_the_general_reader_reads(names, data):
    values = st.integers(0, 10**15 - 1) | st.text("ab =;:/#~", max_size=6)
    labels = st.from_regex(r"[a-z*][a-z0-9_.*-]{0,5}", fullmatch=True)
    parameters = data.draw(st.dictionaries(labels, values, max_size=4))
    label = data.draw(labels)
    member = ([(name, {}) for name in names], parameters)

    [claim] = members.claims(http_sf.ser({label: member}))

    assert (claim.label, claim.components) == (label, tuple(names))
    assert claim.parameters == parameters
    assert claim.text == http_sf.ser([member])


@settings(max_examples=300)
@given(st.data())
def test_a_field_in_any_spelling_is_read_as_the_general_reader_reads_it(data):
    text = mutated(data, INPUT)

    try:
        claims = members.claims(text)
    except Unverified:
        return

    general = http_sf.parse(text.encode(), tltype="dictionary")
    assert [claim.label for claim in claims] == list(general)
    for claim in claims:
        assert claim.text == http_sf.ser([general[claim.label]])


@settings(max_examples=300)
@given(st.data())
def test_a_signature_in_any_spelling_is_read_as_the_general_reader_reads_it(data):
    text = mutated(data, "sig1=:c2lnbmF0dXJlcw==:")

    try:
        found = members.signatures(text)
    except Unverified:
        return

    general = http_sf.parse(text.encode(), tltype="dictionary")
    assert found == {label: raw for label, (raw, _) in general.items()}


@pytest.mark.parametrize(
    "changed",
    [
        '("@method" "@target-uri" "content-digest";req)',
        '("@method" "@target-uri" "content-digest";bs)',
        '("@method" "@target-uri" "content-digest";sf)',
        '("@method" "@target-uri" "content-digest";key="sha-256")',
        '("@method" "@target-uri" "content-digest";tr)',
        '("@method" "@target-uri" "content-digest";other)',
        '("@method" "@target-uri" "content-digest" "@method")',
        '("@method" "@target-uri" "Content-Digest")',
        '("@method" "@target-uri" "content-digest" "@query-param";name="x")',
        '("@method" "@target-uri" "content-digest" "@request-target")',
        '("@method" "@target-uri" "content-digest" "x-absent")',
        '("@method" "@target-uri" content-digest)',
        '("@method" "@target-uri" "content-digest" 7)',
        '"@method"',
        "7",
    ],
)
def test_a_component_that_could_be_read_otherwise_is_refused(changed):
    head, _, _ = INPUT.partition(";created")

    with pytest.raises(Unverified):
        verify(with_input(INPUT.replace(head, f"sig1={changed}")))


@pytest.mark.parametrize(
    "extra",
    [
        ";created=2",
        ";other=1",
        ";other",
        ';expires="1"',
        ";nonce=1",
        ";tag",
        ";alg=rsa-v1_5-sha256",
        ", sig1=()",
        ", sig2=()",
        "," * 9000,
    ],
)
def test_a_parameter_that_is_unknown_doubled_or_of_another_type_is_refused(extra):
    with pytest.raises(Unverified):
        verify(with_input(INPUT + extra))


@pytest.mark.parametrize(
    "text",
    [
        "",
        INPUT + ";created=1",
        INPUT + ";created=1; nonce=1",
        INPUT + f';nonce="{"n" * 8192}"',
        INPUT + f'; nonce="{"n" * 8192}"',
        "a=(), b=(), c=(), d=()",
        'sig1=("Date")',
    ],
)
def test_no_signatures_more_than_three_or_one_said_twice_are_not_read(text):
    with pytest.raises(Unverified):
        members.claims(text)


@pytest.mark.parametrize("pair", [("other", "x"), ("nonce", 1), ("expires", "1")])
def test_a_parameter_that_is_not_read_is_refused_even_if_it_is_signed(pair):
    asked = Asked("sig1", ("@method", "@target-uri", "content-digest"), (pair,))

    with pytest.raises(Unverified):
        verify(ask(asked))


def test_a_signature_that_was_taken_away_is_missed():
    request = post(rfc9421.sign)
    fields = [pair for pair in request.fields if pair[0] != "Signature"]

    with pytest.raises(Unverified):
        verify(replace(request, fields=tuple(fields)))


def test_an_end_that_is_asked_for_is_signed_and_holds():
    components = ("@method", "@target-uri", "content-digest")
    request = ask(Asked("sig1", components, expires=True))
    later = NOW + timedelta(minutes=5, seconds=1)

    assert ";expires=" in dict(request.fields)["Signature-Input"]
    assert verify(request)
    with pytest.raises(SignatureStale):
        signatures.verify(request, find_key, at=later)


@pytest.mark.parametrize("alg", ["ed25519", "rsa-pss-sha512", "hmac-sha256", ""])
def test_the_type_of_the_key_decides_the_algorithm(alg):
    for key_id in (MAIN, SECOND):
        asked = Asked(
            "sig1", ("@method", "@target-uri", "content-digest"), (("alg", alg),)
        )
        request = ask(asked, key_id)
        if (alg, key_id) == ("ed25519", SECOND):
            assert verify(request)
            continue
        with pytest.raises(Unverified):
            verify(request)


@pytest.mark.parametrize(
    ("digest", "good"),
    [
        ("id-sha-256=:AAAA:, {}", True),
        ("{}, id-sha-256=:AAAA:", True),
        ("{},md5=:AAAA:", True),
        ("md5=:AAAA:", False),
        ("", False),
        ("{}, {}", False),
        ("{}, sha-512=:AAAA:", False),
        ("sha-512=:AAAA:, {}", False),
        ("{};x=1", False),
        ("{}, ", False),
        ("{},a=::,b=::,c=::,d=::,e=::", False),
    ],
)
def test_every_digest_that_is_known_must_match_and_one_must_be(digest, good):
    request = post(rfc9421.sign)
    fields = dict(request.fields)
    fields["Content-Digest"] = digest.format(*[fields["Content-Digest"]] * 2)
    where = message.target(request.url)
    [claim] = members.claims(fields["Signature-Input"])
    found = message.fields(fields.items())
    base = rfc9421.signed_bytes(claim, "POST", where, found)
    raw = SECRETS[SECOND].sign(base.replace(MAIN.encode(), SECOND.encode()))
    fields["Signature-Input"] = fields["Signature-Input"].replace(MAIN, SECOND)
    fields["Signature"] = f"sig1=:{base64.b64encode(raw).decode()}:"
    request = replace(request, fields=tuple(fields.items()))

    if good:
        assert verify(request)
    else:
        with pytest.raises(DigestWrong):
            verify(request)


def test_the_digest_is_of_the_raw_bytes_with_its_padding():
    for body in (b"{}", b""):
        request = post(rfc9421.sign, body=body)
        fields = dict(request.fields)
        fields["Content-Digest"] = fields["Content-Digest"].replace("=:", ":")[:-2]

        with pytest.raises(DigestWrong):
            verify(replace(request, fields=tuple(fields.items())))


def test_a_body_needs_a_digest_whatever_the_method():
    asked = Asked("sig1", ("@method", "@target-uri"))

    for method, body in (("POST", None), ("PUT", b"x"), ("GET", b"x")):
        with pytest.raises(SignatureNarrow):
            verify(ask(asked, method=method, body=body))
    assert verify(ask(asked, method="GET", body=None))
    assert verify(ask(asked, method="GET", body=b""))


@pytest.mark.parametrize("value", ['a\n"host": b', "a\rb", "\u00fc"])
def test_a_value_that_is_not_one_line_of_ascii_is_never_signed(value):
    asked = Asked("sig1", ("@method", "@target-uri", "content-digest", "x-note"))
    request = Request("POST", f"{ORIGIN}/ap", (("X-Note", value),), b"")

    with pytest.raises(Unverified):
        signed(rfc9421.sign, request, asked=asked)


def test_the_address_that_is_signed_has_the_one_spelling_of_its_origin():
    request = Request("GET", "https://B.Example.:443/ap?x#part", ())

    assert message.target(request.url).uri == "https://b.example/ap?x"
    assert message.target("https://b.example").uri == "https://b.example/"
    for url in ("ftp://b.example/", "https://b.example/\u00fc", "/ap"):
        with pytest.raises(Rejected):
            message.target(url)


@settings(max_examples=60, deadline=None)
@given(key_ids, covers, paths, queries, bodies)
def test_what_we_sign_another_library_verifies(key_id, components, path, query, body):
    request = Request("POST", ORIGIN + path + query, common(), body)
    request = ask(Asked("ours", components), key_id, request)

    assert oracle_verifies(request, key_id)
    assert verify(request)


@settings(max_examples=60, deadline=None)
@given(key_ids, covers, paths, queries, bodies)
def test_what_another_library_signs_we_verify(key_id, components, path, query, body):
    request = oracle_signs(path + query, components, body, key_id)

    assert verify(request).key_id == key_id


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_what_another_library_refuses_we_refuse(data):
    components = data.draw(covers)
    request = ask(Asked("sig1", components), SECOND)
    what = data.draw(st.sampled_from(["fields", "fields", "url", "body", "method"]))
    if what == "fields":
        at = data.draw(st.integers(0, len(request.fields) - 1))
        name, value = request.fields[at]
        pair = (name, mutated(data, value))
        fields = (*request.fields[:at], pair, *request.fields[at + 1 :])
        changed = replace(request, fields=fields)
    elif what == "url":
        path = mutated(data, request.url.removeprefix(ORIGIN))
        changed = replace(request, url=f"{ORIGIN}/{path.removeprefix('/')}")
    elif what == "body":
        changed = replace(request, body=mutated(data, "{}").encode())
    else:
        changed = replace(request, method=data.draw(st.sampled_from(["PUT", "GET"])))

    if not oracle_verifies(changed, SECOND):
        with pytest.raises(Rejected):
            verify(changed)


def mutated(data, text):
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(text)))
        until = data.draw(st.integers(at, min(at + 2, len(text))))
        put = data.draw(st.text('"():;=, \taA01-/?@*.', max_size=2))
        text = text[:at] + put + text[until:]
    return text


def base_of(vector):
    sent = vector["message"]
    [claim] = members.claims(f"{vector['label']}={vector['params']}")
    where = message.target(sent.get("target_uri", "https://example.com/"))
    fields = message.fields(map(tuple, sent["headers"]))
    return rfc9421.signed_bytes(claim, sent.get("method", ""), where, fields).decode()


def body_of(sent):
    return None if sent.get("body") is None else sent["body"].encode()


def rfc_key(name):
    entry = RFC["keys"][name]
    if entry["alg"] == "rsa-v1_5-sha256":
        return keys.read_pem(entry["public_pem"], id=name, owner="")
    public = load_pem_public_key(RFC["keys"]["test-key-ed25519"]["public_pem"].encode())
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return keys.PublicKey(name, "", "ed25519", raw)


def common():
    return (
        ("Host", "b.example"),
        ("Content-Type", "application/activity+json"),
        ("Date", "Wed, 02 Dec 2026 09:00:05 GMT"),
    )


def ask(asked, key_id=SECOND, request=None, *, method="POST", body=b"{}"):
    request = request or Request(method, f"{ORIGIN}/ap/inbox", common(), body)
    added = rfc9421.sign(request, Signer(key_id, SECRETS[key_id]), at=NOW, asked=asked)
    return replace(request, fields=tuple((dict(request.fields) | added).items()))


def with_input(text):
    request = post(rfc9421.sign)
    fields = dict(request.fields) | {"Signature-Input": text}
    return replace(request, fields=tuple(fields.items()))


def verify(request):
    verified = signatures.verify(request, find_key, at=NOW)
    assert verified.owner == OWNER
    return verified


def oracle_message(request):
    return SimpleNamespace(
        method=request.method, url=request.url, headers=dict(request.fields)
    )


def oracle_verifies(request, key_id):
    resolver = MappingKeyResolver(public_keys=PUBLIC, private_keys={})
    verifier = HTTPMessageVerifier(
        signature_algorithm=ALGORITHM[key_id], key_resolver=resolver
    )
    # The oracle reads the real clock; times are not what is compared here.
    verifier.max_clock_skew = timedelta(days=20_000)
    try:
        verifier.verify(oracle_message(request), max_age=None, body=request.body)
    except HTTPMessageSignaturesException:
        return False
    return True


def oracle_signs(target, components, body, key_id):
    resolver = MappingKeyResolver(public_keys={}, private_keys=SECRETS)
    signer = HTTPMessageSigner(
        signature_algorithm=ALGORITHM[key_id], key_resolver=resolver
    )
    sent = oracle_message(Request("POST", ORIGIN + target, common(), body))
    signer.sign(
        sent,
        key_id=key_id,
        created=NOW,
        expires=NOW + timedelta(minutes=5),
        nonce="once",
        tag="folkmoot",
        covered_component_ids=components,
        body=body,
    )
    return Request("POST", ORIGIN + target, tuple(sent.headers.items()), body)
