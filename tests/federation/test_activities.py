from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import activities
from tests.federation.wire import PUBLIC, STRANGER, activity

AT = datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
moments = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2199, 12, 30),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)


def read(**more):
    return activities.read(activity(**more), b"raw")


def test_a_single_value_and_a_list_of_one_are_the_same():
    alone = read(to=PUBLIC, object="https://a.example/1", target="https://a.example/2")
    listed = read(
        to=[PUBLIC], object=["https://a.example/1"], target=["https://a.example/2"]
    )

    assert (alone.to, alone.object_id) == ((PUBLIC,), "https://a.example/1")
    assert (alone.to, alone.object_id, alone.target) == (
        listed.to,
        listed.object_id,
        listed.target,
    )


def test_an_embedded_actor_counts_by_its_id_alone():
    found = read(actor={"id": STRANGER, "type": "Person", "name": "Somebody else"})

    assert found.actor == STRANGER


def test_two_actors_are_none():
    assert read(actor=[STRANGER, "https://c.example/users/dov"]) is None


@pytest.mark.parametrize("missing", ["id", "actor", "type"])
def test_without_id_actor_or_type_there_is_no_activity(missing):
    assert read(**{missing: None}) is None
    assert read(**{missing: []}) is None


def test_of_a_list_of_types_the_first_known_one_counts():
    assert read(type=["fm:Unheard", "Undo", "Create"]).type == "Undo"


def test_a_type_nobody_knows_is_kept_and_said_to_be_unknown():
    found = read(type="EmojiReact")

    assert (found.type, found.known) == ("EmojiReact", False)


def test_a_report_names_an_actor_and_then_posts():
    found = read(type="Flag", object=[STRANGER, {"id": "https://c.example/1"}])

    assert found.objects == (STRANGER, "https://c.example/1")
    assert found.object_id is None


@pytest.mark.parametrize("spelled", [PUBLIC, "as:Public", "Public"])
def test_everybody_is_addressed_in_three_spellings(spelled):
    assert read(to=spelled).public
    assert read(to=[], cc=[spelled]).public
    assert not read(to=["https://c.example/users/cleo/followers"]).public


def test_the_bytes_and_the_document_stay_as_they_came():
    document = activity()

    found = activities.read(document, b'{"as": "it came"}')

    assert found.raw == b'{"as": "it came"}'
    assert found.document is document


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_time_is_read_in_any_zone_and_sent_in_one(at, minutes):
    ahead = "+" if minutes >= 0 else "-"
    hours, rest = divmod(abs(minutes), 60)
    local = (at + timedelta(minutes=minutes)).replace(tzinfo=None)
    written = f"{local.isoformat()}{ahead}{hours:02}:{rest:02}"

    found = activities.moment(written)

    assert found == at
    assert activities.moment(activities.stamp(at)) == at.replace(microsecond=0)


@pytest.mark.parametrize(
    "spelled",
    [
        *("9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "-1-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
        *(
            "2026-12-01",
            "2026-12-01T10:30:00",
            "2026-02-30T10:30:00Z",
            "20261201T1030Z",
        ),
        *("2026-12-01T10:30:60Z", "2026-12-01T10:30:00+99:99", "٢٠٢٦-12-01T10:30:00Z"),
        *(1796202000, None, ["2026-12-01T10:30:00Z"] * 2, {}, True),
    ],
)
def test_what_is_no_usable_time_is_dropped(spelled):
    assert activities.moment(spelled) is None


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_none(written):
    found = activities.moment(written)

    assert found is None or found.tzinfo is UTC
