import json
from dataclasses import replace

import pytest

from governance.consent import Basis, Data, Purpose, Standing
from governance.errors import Denied
from node import consent, processing
from node.consent_rows import Asked, What, begin
from tests.support.commands import typed


def activity(found, purpose):
    return next((one for one in found.activities if one.purpose is purpose), None)


def test_before_anybody_said_anything_it_says_what_everybody_will_be_asked(moot):
    found = processing.processing(moot.node, by=moot["dov"])

    assert found.name == "Ash Moot"
    assert [one.purpose for one in found.activities] == [
        Purpose.HANDLE_CASE, Purpose.CONTACT_CASE,
    ]  # fmt: skip
    assert activity(found, Purpose.HANDLE_CASE).bases == ()
    assert found.processors == ()
    kept = {one.what: one.days for one in found.kept}
    assert kept.keys() == {"case_closed", "attachment", "no_answer", "request"}
    assert kept["request"] == kept["case_closed"]
    assert found.answered_within == 30
    assert all(one.days > 0 for one in found.kept)


def agree(moot, made, purpose, recipient, state=Standing.GIVEN):
    """Write down that its member agreed to something, or takes it back."""
    asked = Asked(case_id=made.case_id, purpose=purpose, recipient=recipient)
    with moot.node.begin() as tx:
        row = begin(moot.node, tx, asked, What(state=state, at=moot.node.now()))
        return row.id


@pytest.mark.capability("5.11")
def test_what_somebody_agreed_to_stands_in_it_with_its_ground_and_where_it_goes(moot):
    made = moot.tell(by=moot["ada"])
    for host in ("oak.example", "birch.example"):
        agree(moot, made, Purpose.SHARE_WITH_NODE, host)
    agree(moot, made, Purpose.INTRODUCE, "Mo Ito")

    found = processing.processing(moot.node, by=moot["dov"])

    shared = activity(found, Purpose.SHARE_WITH_NODE)
    assert shared.recipients == ("birch.example", "oak.example")
    assert shared.bases
    assert set(shared.bases) <= set(Basis)
    assert shared.data == (Data.CASE,)
    assert activity(found, Purpose.INTRODUCE).recipients == ()
    assert "Mo Ito" not in repr(found)


def test_what_was_taken_back_goes_to_nobody(moot):
    made = moot.tell(by=moot["ada"])
    given = agree(moot, made, Purpose.SHARE_WITH_NODE, "oak.example")

    consent.revoke(moot.node, made.reference, given, by=moot["ada"])

    found = processing.processing(moot.node, by=moot["dov"])
    assert activity(found, Purpose.SHARE_WITH_NODE).recipients == ()


def test_other_machines_are_named_without_the_words_that_open_them(moot):
    settings = replace(
        moot.node.settings,
        smtp_url="smtps://us:secret-word@mail.example:465",  # pragma: allowlist secret
        files="s3://bucket.example/files",
    )

    found = processing.record(replace(moot.node, settings=settings))

    assert {(one.what, one.host) for one in found.processors} >= {
        ("mail", "mail.example"),
        ("files", "bucket.example"),
    }
    assert "secret-word" not in repr(found)


@pytest.mark.parametrize("who", ["ada", "cleo", "iris"])
def test_it_is_for_who_answers_for_the_community(moot, who):
    with pytest.raises(Denied):
        processing.processing(moot.node, by=moot[who])


def test_the_command_prints_it_for_a_program(moot):
    done = typed(moot, "processing")

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["activities"][0]["purpose"] == "handle_case"
