from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.errors import LanguageInvalid
from governance.intake import (
    Channel,
    Draft,
    Identity,
    Machine,
    Source,
    check_language,
)


@pytest.mark.parametrize("tag", ["en", "de", "pt-BR", "zh-Hant-TW", "hsb"])
def test_a_language_is_named_by_its_tag(tag):
    assert check_language(tag) == tag


@pytest.mark.parametrize(
    "tag", ["", "e", "EN", "english", "en_GB", "en-", "en\n", "-en"]
)
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(LanguageInvalid):
        check_language(tag)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_tag_or_refused(text):
    try:
        assert check_language(text).isascii()
    except LanguageInvalid:
        assert text not in {"en", "de"}


@pytest.mark.capability("5.3")
def test_a_draft_says_where_a_member_met_us():
    draft = Draft(
        id=UUID(int=7),
        channel=Channel.WEB,
        source=Source.OFFICE,
        text="No heating",
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        language="en",
        identity=Identity.ANONYMOUS,
    )

    assert draft.machine is Machine.HUMAN
    assert draft.sender is None


def test_the_sources_are_those_of_the_product():
    assert " ".join(Source) == (
        "town_hall clinic event office doorstep street phone voicemail email sms "
        "letter web social partner api"
    )
