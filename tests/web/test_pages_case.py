import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from node.models.cases import Case
from node.models.log import LedgerLost
from tests.support.device import Device
from tests.support.witnessing import witnessed
from tests.web.conftest import STORY


def test_a_guest_follows_their_case_to_its_end(house):
    guest, cleo, reference = house.taken()
    case, desk = f"/cases/{reference}", f"/desk/cases/{reference}"

    cleo.send(f"{desk}/ask", ask="Do you have a photo?")
    guest.open(case)
    assert "Waiting for you" in guest.text
    assert "Cleo asked you one thing" in guest.text
    assert guest.html.count('class="next"') == 1

    guest.send(f"{case}/messages", write="Here it is: <img src=x>")
    assert "Cleo is working on it" in guest.text
    assert "<img src=x>" not in guest.html

    cleo.open(desk)
    cleo.send(f"{desk}/resolve", resolve="The landlord repaired it.", obtained="heat")
    guest.open(case)
    assert "Is it solved?" in guest.text
    assert "The landlord repaired it." in guest.text

    guest.send(f"{case}/answer", answer="solved")
    assert "Closed: solved" in guest.text


def test_only_the_member_says_whether_it_is_solved(house):
    guest, cleo, reference = house.taken()
    case, desk = f"/cases/{reference}", f"/desk/cases/{reference}"
    cleo.send(f"{desk}/resolve", resolve="Done.")

    guest.open(case)
    guest.send(f"{case}/answer", status=422)
    assert "Say whether it is solved" in guest.text
    guest.send(f"{case}/answer", answer="not_solved", reason="It is still cold.")

    assert "Said: not solved" in guest.text
    assert "It is still cold." in guest.text
    cleo.open(desk)
    assert "Said: not solved" in cleo.text


def test_a_closed_case_can_be_opened_again(house):
    guest, cleo, reference = house.taken()
    case = f"/cases/{reference}"
    cleo.send(f"/desk{case}/resolve", resolve="Done.")
    guest.open(case)
    guest.send(f"{case}/answer", answer="partly")
    assert "Closed: partly solved" in guest.text

    guest.send(f"{case}/reopen", reason="It broke again.")

    assert "Your case is open again." in guest.text
    assert "Waiting for an advocate (place 1)" in guest.text


def test_taking_a_case_back_is_asked_once_more_and_needs_no_reason(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    assert f"/cases/{reference}/withdraw" in guest.links

    guest.open(f"/cases/{reference}/withdraw")
    guest.send(f"/cases/{reference}/withdraw")

    assert "You took your case back." in guest.text
    assert "Closed: taken back" in guest.text


def test_looking_at_every_link_of_a_case_changes_nothing(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    before = guest.text

    for link in set(guest.links):
        guest.client.get(link, base_url="https://ash.example")

    assert guest.open(f"/cases/{reference}") == before


def test_who_can_see_a_case_stands_beside_it(house):
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}")

    assert "You Cleo Marsh, your advocate The coordinator" in guest.text
    assert "Who will see this: Cleo Marsh, your advocate; The coordinator" in guest.text
    assert "Who will see this: The member; Cleo Marsh; The coordinator" in cleo.text


def test_an_agreement_is_stopped_as_easily_as_it_was_given(house):
    guest, reference = house.told(contact="maria@mail.example")
    guest.open(f"/cases/{reference}")
    stop = next(form.action for form in guest.forms if form.action.endswith("/stop"))

    guest.send(stop)

    assert "It stops now." in guest.text
    assert "write to you or call you" not in guest.text


def test_every_entry_links_to_its_receipt(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    link = next(link for link in guest.links if "/receipts/" in link)

    answer = guest.client.get(link, base_url="https://ash.example")

    assert answer.data.startswith(b"c2sp.org/tlog-proof@v1\n")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_all_receipts_of_a_case_are_saved_at_once(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    link = next(link for link in guest.links if link.endswith("/bundle"))

    answer = guest.client.get(link, base_url="https://ash.example")

    with ZipFile(BytesIO(answer.data)) as archive:
        held = archive.namelist()
        verifier = archive.read("verify.html")
    assert {"head", "policy", "README.txt", f"{reference}-0000.tlog-proof"} < set(held)
    kept = guest.client.get("/ledger/verify.html", base_url="https://ash.example")
    assert verifier == kept.data


def test_an_empty_message_is_not_sent_and_says_so(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")

    guest.send(f"/cases/{reference}/messages", status=422, write=" \n")

    assert "Write something first" in guest.text
    assert "You wrote" not in guest.text


def test_pressing_send_twice_writes_once(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    address = f"/cases/{reference}/messages"
    values = next(form.values for form in guest.forms if form.action == address)
    typed = {**values, "write": "One more thing."}

    guest.post(address, **typed)
    guest.post(address, **typed)

    assert guest.text.count("One more thing.") == 1


# What changed while somebody typed.


def there(reader, action, **typed):
    """Return what the form with this address sends once it is filled in."""
    values = next(form.values for form in reader.forms if form.action == action)
    return {**values, **typed}


def test_words_for_a_case_that_was_closed_meanwhile_stand_there_to_copy(house):
    guest, reference = house.told()
    case = f"/cases/{reference}"
    guest.open(case)
    late = there(guest, f"{case}/messages", write="One <more> thing.")
    guest.open(f"{case}/withdraw")
    guest.send(f"{case}/withdraw")

    guest.post(f"{case}/messages", status=409, **late)

    assert guest.title.startswith("Error:")
    assert 'href="#kept"' in guest.html
    assert "One &lt;more&gt; thing.</textarea>" in guest.html


def test_other_words_sent_from_the_same_page_can_be_sent_after_all(house):
    guest, reference = house.told()
    address = f"/cases/{reference}/messages"
    guest.open(f"/cases/{reference}")
    first = there(guest, address, write="First.")
    guest.post(address, **first)

    guest.post(address, status=422, **{**first, "write": "Second."})
    assert 'href="#write"' in guest.html
    guest.send(address)

    assert "First." in guest.text
    assert "Second." in guest.text


def test_a_reason_that_came_after_another_answer_is_not_lost(house):
    guest, cleo, reference = house.taken()
    case = f"/cases/{reference}"
    cleo.send(f"/desk{case}/resolve", resolve="Done.")
    guest.open(case)
    late = there(guest, f"{case}/answer", answer="not_solved", reason="Still cold.")
    guest.send(f"{case}/answer", answer="solved")

    guest.post(f"{case}/answer", status=409, **late)

    assert there(guest, f"{case}/reopen")["reason"] == "Still cold."


def test_a_reason_to_open_what_is_open_again_stands_there_to_copy(house):
    guest, reference = house.told()
    case = f"/cases/{reference}"
    guest.open(f"{case}/withdraw")
    guest.send(f"{case}/withdraw")
    late = there(guest, f"{case}/reopen", reason="It broke again.")
    guest.send(f"{case}/reopen")

    guest.post(f"{case}/reopen", status=409, **late)

    assert "It broke again.</textarea>" in guest.html


@pytest.mark.parametrize("said", ["solved", "partly", "not_solved"])
def test_an_answer_that_was_pressed_twice_counts_once(house, said):
    guest, cleo, reference = house.taken()
    case = f"/cases/{reference}"
    cleo.send(f"/desk{case}/resolve", resolve="Done.")
    guest.open(case)
    sent = there(guest, f"{case}/answer", answer=said)

    guest.post(f"{case}/answer", **sent)
    guest.post(f"{case}/answer", **sent)

    assert "Thank you for telling us." in guest.text


def test_another_answer_than_the_one_that_counts_is_refused(house):
    guest, cleo, reference = house.taken()
    case = f"/cases/{reference}"
    cleo.send(f"/desk{case}/resolve", resolve="Done.")
    guest.open(case)
    sent = there(guest, f"{case}/answer", answer="partly")
    guest.post(f"{case}/answer", **{**sent, "answer": "solved"})

    guest.post(f"{case}/answer", status=409, **sent)

    assert 'href="#main"' in guest.html


def test_taking_back_what_is_taken_back_is_done_already(house):
    guest, reference = house.told()
    address = f"/cases/{reference}/withdraw"
    guest.open(address)
    sent = there(guest, address)

    guest.post(address, **sent)
    guest.post(address, **sent)

    assert "You took your case back." in guest.text


def test_what_ended_in_another_way_is_not_taken_back(house):
    guest, cleo, reference = house.taken()
    case = f"/cases/{reference}"
    cleo.send(f"/desk{case}/resolve", resolve="Done.")
    guest.open(f"{case}/withdraw")
    sent = there(guest, f"{case}/withdraw")
    guest.open(case)
    guest.send(f"{case}/answer", answer="solved")

    guest.post(f"{case}/withdraw", status=409, **sent)


@pytest.mark.parametrize("seq", [2**31, 2**63, 10**30, 10**300])
def test_a_receipt_of_no_number_is_not_there(house, seq):
    guest, reference = house.told()

    guest.open(f"/cases/{reference}/receipts/{seq}", status=404)


def test_a_case_that_is_late_says_so_without_being_asked(house):
    guest, reference = house.told()
    house.village.pass_time(days=9)

    guest.open(f"/cases/{reference}")

    assert re.search(r"Late by \d+ days", guest.text)
    assert "We are late by" in guest.text


def test_hidden_signs_in_a_story_are_shown(house):
    guest, reference = house.told(text="Pay \u202eme\u202c now please.")
    guest.open(f"/cases/{reference}")

    assert "\u202e" not in guest.html
    assert '<span class="sign">U+202E</span>' in guest.html


def test_ids_are_unique_on_both_sides_of_a_case(house):
    guest, cleo, reference = house.taken()
    desk = f"/desk/cases/{reference}"
    seen = [cleo.html]
    cleo.send(f"{desk}/resolve", resolve="Done.")
    guest.open(f"/cases/{reference}")
    seen += [cleo.html, guest.html]

    for html in seen:
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(ids) == len(set(ids))


# The ways to open a case.


def test_reference_and_words_open_a_case_from_anywhere(house):
    guest, reference = house.told()
    words = re.findall(r"<li>([a-z]+)</li>", guest.html)
    phone = house.reader()
    phone.open("/track")

    phone.send("/track", reference=reference.lower(), words=" ".join(words).upper())

    assert STORY.rstrip(".") in phone.text


@pytest.mark.parametrize("words", ["one two three four", "", "x" * 300])
def test_every_miss_is_answered_with_the_same_page(house, words):
    _, reference = house.told()
    phone = house.reader()

    phone.open("/track")
    phone.send("/track", status=422, reference=reference, words=words)
    there = phone.text
    phone.send("/track", status=422, reference="AM-0000000", words=words)

    assert phone.text == there


def test_a_link_opens_one_case_and_is_left_behind(house):
    _guest, reference = house.told(contact="maria@mail.example")
    link = re.search(r"/c/\S+", house.mail("maria@mail.example"))[0]
    phone = house.reader()

    answer = phone.client.get(link, base_url="https://ash.example")

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/cases/{reference}"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "private, no-store"
    phone.open(f"/cases/{reference}")


def test_somebody_elses_case_and_none_are_answered_alike(house):
    _, reference = house.told()
    ada = house.member("ada@ash.example")

    foreign = ada.open(f"/cases/{reference}", status=404)
    missing = ada.open("/cases/AM-0000000", status=404)

    assert re.sub("[0-9a-f]{8}", "", foreign) == re.sub("[0-9a-f]{8}", "", missing)


def test_a_guest_without_the_link_is_asked_to_sign_in(house):
    _, reference = house.told()
    stranger = house.reader()

    stranger.open(f"/cases/{reference}")

    assert stranger.path == f"/sign-in?next=%2Fcases%2F{reference}"


def test_the_member_side_leads_the_desk_to_its_own(house):
    _, cleo, reference = house.taken()

    cleo.open(f"/cases/{reference}")

    assert cleo.path == f"/desk/cases/{reference}"


def test_promises_show_when_they_were_kept(house):
    guest, cleo, reference = house.taken()
    house.village.now += timedelta(hours=2)
    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/reply", reply="I am on it.")

    guest.open(f"/cases/{reference}")

    assert "A person answers you kept, Mon 2 Mar" in guest.text.replace(
        "a person", "A person"
    )


def test_a_case_says_how_it_stands_in_the_ledger(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")

    assert re.search(r"This case has \d+ entries in the ledger\.", guest.text)
    assert "0 witnesses: nobody else watches this ledger yet." in guest.text
    assert "Received: our ledger has it, and we signed that." in guest.text
    assert "Your node made this key. You did not sign this yourself." in guest.text
    assert "The file README.txt in them says how, without us." in guest.text


def test_a_case_and_its_receipt_say_when_they_are_witnessed(house):
    guest, reference = house.told()
    receipt = guest.path
    witnessed(house.village, house.node)

    guest.open(f"/cases/{reference}")
    assert "All of them are witnessed by other communities." in guest.text
    guest.open(receipt)
    assert "Witnessed: other communities have signed that our" in guest.text
    form = next(one for one in _case(guest, reference).forms if "/mess" in one.action)
    guest.send(form.action, write="Still cold.")
    assert "of them are witnessed by other communities; the others" in guest.text
    assert "Witnessed: " in guest.text


def _case(guest, reference):
    guest.open(f"/cases/{reference}")
    return guest


def test_a_form_asks_a_device_to_sign_for_this_case(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    asked = json.loads(unescape(re.search(r'data-sign="([^"]+)"', guest.html)[1]))

    assert asked["kind"] == "reply"
    assert asked["from"] == {"text": "write"}
    assert (asked["log"], asked["rp"]) == ("ash.example/ledger", "ash.example")
    assert asked["owner"] is None
    assert asked["passkeys"] == []
    assert f'data-chain="{asked["chain"]}" data-kc="{asked["kc"]}"' in guest.html


def test_what_was_signed_wrongly_comes_back_with_every_word(house):
    guest, reference = house.told()
    guest.open(f"/cases/{reference}")
    signed = Device().sign("reply", {"text": "Cold."})
    sent = {**signed, "d": " ".join(signed["d"])}
    form = next(one for one in guest.forms if one.action.endswith("/messages"))
    guest.post(form.action, 409, **{**form.values, **sent, "write": "Cold."})

    assert "What your device signed was not accepted. Nothing is lost" in guest.text
    assert "data-sign" not in guest.html
    guest.send(form.action, write="Cold.")
    assert "What you wrote is in your case." in guest.text


def test_what_was_lost_of_a_case_is_said_and_asked_for(house):
    guest, cleo, reference = house.taken()
    with house.node.begin() as tx:
        case = tx.scalars(select(Case).where(Case.reference == reference)).one()
        for seq in (7, 8):
            tx.add(LedgerLost(case_id=case.id, seq=seq, oid=seq, c=b"c" * 32))

    for reader, page in ((guest, "/cases"), (cleo, "/desk/cases")):
        reader.open(f"{page}/{reference}")
        assert "Part of this case was lost" in reader.text
        assert "Entries 7, 8 were recorded" in reader.text
