import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import ContactInvalid
from governance.people import (
    SILENT,
    SOFT_BOUNCES,
    Contact,
    ContactKind,
    ContactState,
    after_bounce,
    mask,
    normalise_email,
)

addresses = st.from_regex(
    r"[A-Za-z0-9+]{1,20}(\.[A-Za-z0-9]{1,9})?@[A-Za-z]{1,20}(\.[A-Za-z]{2,9}){1,2}",
    fullmatch=True,
)


@given(addresses)
def test_only_the_domain_is_lower_cased(address):
    local, _, domain = address.rpartition("@")

    assert normalise_email(address) == f"{local}@{domain.lower()}"


@given(addresses)
def test_a_normalised_address_stays_as_it_is(address):
    once = normalise_email(f" {address}\t")

    assert normalise_email(once) == once


@pytest.mark.parametrize(
    "address",
    [
        "Ada.O'Neil+x@Ash.Example",
        "ada@xn--bcher-kva.example",
        "ada@bücher.example",
        "a" * 64 + "@ash.example",
        "ada@" + "a" * 63 + ".example",
    ],
)
def test_odd_but_sane_addresses_are_taken(address):
    assert normalise_email(address)


@pytest.mark.parametrize(
    "text",
    [
        "", "ada", "@ash.example", "ada@", "ada@ash", "ada@.example", "a@ash..example",
        "ada@-ash.example", "ada@ash-.example", "a da@ash.example", "a@b@ash.example",
        "ada@ash.example\r\nBcc: x@y.example", "ada\n@ash.example", "ada@ash.example\n",
        ".ada@ash.example", "ada.@ash.example", "a..da@ash.example", "<ad@ash.example>",
        "a,b@ash.example", '"ada"@ash.example', "ada@ash_x.example", "ada@[127.0.0.1]",
        "a" * 65 + "@ash.example", "ada@" + "a" * 64 + ".example",
        "ada@" + ".".join(["a" * 60] * 4) + ".example", "ada@ash.example\x00",
        "дом@ash.example",
    ],
)  # fmt: skip
def test_what_no_mail_can_be_sent_to_is_refused(text):
    with pytest.raises(ContactInvalid):
        normalise_email(text)


def test_an_address_has_a_length():
    domain = ".".join(["a" * 57] * 4)

    assert len(normalise_email("a" * 22 + "@" + domain)) == 254
    with pytest.raises(ContactInvalid):
        normalise_email("a" * 23 + "@" + domain)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused(text):
    try:
        address = normalise_email(text)
    except ContactInvalid:
        return
    assert not set(address) & set("\r\n\0 ")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (ContactKind.EMAIL, "miriam@ash.example", "m...m@a...e"),
        (ContactKind.PHONE, "+4930123456", "...56"),
        (ContactKind.SOCIAL, "@ada@ash.example", "...le"),
    ],
)
def test_a_mask_shows_little_more_than_that_there_is_something(kind, value, shown):
    assert mask(Contact(kind, value)) == shown


@given(addresses)
def test_a_contact_never_shows_itself_in_a_trace(address):
    contact = Contact(ContactKind.EMAIL, address)

    assert address not in repr(contact)
    assert repr(contact) == "<Contact email>"


@given(st.sampled_from(ContactState), st.booleans(), st.integers(1, 6))
def test_a_bounce_never_makes_a_contact_better(state, permanent, recent):
    after = after_bounce(state, permanent=permanent, recent=recent)

    if state in SILENT:
        assert after is state
    else:
        lasts = permanent or recent >= SOFT_BOUNCES
        assert (after in SILENT) is lasts
        assert after is not ContactState.OK
