import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import origins
from federation.errors import ActivityMalformed, ActorMismatch, IriInvalid

ADA = "https://ash.example/ap/u/ada"
labels = st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=4).map(".".join)


@given(hosts, st.data())
def test_every_spelling_of_an_origin_is_one(host, data):
    letters = [data.draw(st.sampled_from([it, it.upper()])) for it in host]
    scheme = data.draw(st.sampled_from(["https", "HTTPS", "Https"]))
    ending = data.draw(st.sampled_from(["", ".", ":443", ".:443", ":0443", ":"]))
    rest = data.draw(st.sampled_from(["", "/", "/ap/c/ash", "?x", "#main-key"]))
    spelled = f"{scheme}://{''.join(letters)}{ending}{rest}"

    assert origins.origin(spelled) == f"https://{host}"
    assert origins.host(spelled) == host
    assert origins.same(spelled, f"https://{host}/elsewhere")


@given(st.text(max_size=40), st.text("htps:/@.[]0129aé#?%\\ ", max_size=40))
def test_any_text_has_one_origin_or_none(text, likely):
    for iri in (text, likely, f"https://{text}", f"https://{likely}"):
        try:
            found = origins.origin(iri)
        except IriInvalid:
            assert not origins.same(iri, iri)
        else:
            assert origins.origin(found) == found


@pytest.mark.parametrize(
    "iri",
    [
        "https://\u0430sh.example/",  # the first letter is Cyrillic
        "https://stra\u00dfe.example/",
        "https://as\u200dh.example/",
        "https://\u212aelvin.example/",
        "https://ash\u3002example/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://ash%2eexample/",
        "https://ada@ash.example/",
        "https://ada:word@ash.example/",
        "https://birch.example\\@ash.example/",
        "https://ash_.example/",
        "https://-ash.example/",
        "https://ash..example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        "https://ash.example:0/",
        "https://ash.example:65536/",
        "https://ash.example:443:443/",
        "https:///ap",
        "https:ash.example",
        "//ash.example/",
        "acct:ada@ash.example",
        "did:key:z6Mk",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://ash.0x7f/",
        "https://[::1/",
        "https://[ash]/",
        "",
    ],
)
def test_what_has_no_single_spelling_has_no_origin(iri):
    with pytest.raises(IriInvalid):
        origins.origin(iri)


def test_a_name_in_punycode_is_a_name():
    assert origins.host("https://XN--STRAE-OQA.Example./") == "xn--strae-oqa.example"


def test_another_port_or_scheme_is_another_origin():
    assert not origins.same("https://ash.example/", "https://ash.example:8443/")
    assert not origins.same("https://ash.example/", "http://ash.example/")
    assert not origins.same("https://ash.example/", "https://birch.ash.example/")


@pytest.mark.parametrize(
    "id_",
    [
        ADA,
        "https://ash.example",
        "https://Ash.Example/User/alice/#main-key",
        "https://ash.example/\u00fcber?x=1&y=%20",
        "https://ash.example/" + "a" * 2028,
    ],
)
def test_an_id_is_returned_as_it_came(id_):
    assert origins.require_id(id_) == id_


@pytest.mark.parametrize(
    "id_",
    [
        None,
        7,
        [ADA],
        {"id": ADA},
        "",
        "http://ash.example/ap",
        "https://ash.example:8443/ap",
        "https://127.0.0.1/ap",
        "https://127.0.0.1./ap",
        "https://[::1]/ap",
        "https://ash.example/a b",
        " https://ash.example/ap",
        "https://ash.example/ap\n",
        "https://ash.example/\x00",
        "https://ash.example/\u202egnp",
        "https://ash.example/\u00a0",
        'https://ash.example/"',
        "https://ash.example/\\",
        "https://ash.example/<p>",
        "https://ash.example/" + "a" * 2029,
        "javascript:alert(1)",
    ],
)
def test_what_cannot_be_an_id_is_refused(id_):
    with pytest.raises(IriInvalid):
        origins.require_id(id_)


@pytest.mark.parametrize(
    ("id_", "listed"),
    [
        ("http://localhost:8001/ap", "localhost:8001"),
        ("https://127.0.0.1:8443/ap", "127.0.0.1:8443"),
        ("http://127.0.0.1/ap", "127.0.0.1:80"),
        ("http://[::1]:8001/ap", "[::1]:8001"),
    ],
)
def test_a_listed_host_and_port_may_be_insecure_and_no_other(id_, listed):
    assert origins.require_id(id_, insecure={listed}) == id_
    for others in ({}, {"localhost:8002"}, {listed.rpartition(":")[0]}):
        with pytest.raises(IriInvalid):
            origins.require_id(id_, insecure=others)


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Create", "actor": ADA},
        {"type": "Create", "actor": [ADA]},
        {"type": "Create", "actor": {"id": ADA, "publicKey": {}}},
        {"type": "Create", "actor": [{"id": ADA}]},
        {"type": "Offer", "actor": ADA, "attributedTo": ADA},
        {"type": "Note", "attributedTo": ADA},
        {"type": ["Note"], "attributedTo": [ADA]},
        {"type": "Group", "id": ADA, "attributedTo": "https://ash.example/stewards"},
        {"type": ["Person", "Thing"], "id": ADA},
        {"type": "Multikey", "id": ADA + "#key", "controller": ADA},
        {"type": "Key", "id": ADA + "#key", "owner": ADA},
        {"id": ADA + "#key", "owner": ADA, "publicKeyPem": ""},
    ],
)
def test_a_document_has_one_owner(document):
    assert origins.owner(document) == ADA


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Note", "attributedTo": [ADA, "https://birch.example/ben"]},
        {"type": "Note", "attributedTo": {"type": "Person", "id": ADA}},
        {"type": "Note", "attributedTo": [{"id": ADA}]},
        {"type": "Note", "attributedTo": None},
        {"type": "Create", "actor": ADA, "attributedTo": "https://birch.example/ben"},
        {"type": "Create", "actor": [ADA, ADA]},
        {"type": "Create", "actor": {"type": "Person"}},
        {"type": "Create", "actor": [[ADA]]},
        {"type": "Create", "actor": []},
        {"type": "Key", "owner": ADA, "controller": "https://birch.example/ben"},
        {"type": "Person"},
    ],
)
def test_two_owners_or_an_embedded_author_are_a_mismatch(document):
    with pytest.raises(ActorMismatch):
        origins.owner(document)


@pytest.mark.parametrize("document", [{}, {"type": []}, {"type": "Note", "id": ADA}])
def test_a_document_of_nobody_is_malformed(document):
    with pytest.raises(ActivityMalformed):
        origins.owner(document)
