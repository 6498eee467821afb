"""Who is in a case besides its member: through the pages, programs and the terminal."""

import re
from uuid import uuid4

import pytest

from governance.cases import State
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of
from tests.support.commands import Terminal, typed

MIA = "mia@lamp.example"
SEEN = "The meter stood still since March."
PATH = "/api/v1/cases"
#: Nothing is sent by a command: it is written down, and the worker sends it.
POSTS = {"FOLKMOOT_SMTP_URL": "smtp://127.0.0.1:2525"}


def named(house, guest, reference, **typed):
    guest.open(f"/cases/{reference}/parties")
    fields = {"name": "Mia Holt", "contact": MIA, "role": "witness", **typed}
    guest.send(f"/cases/{reference}/parties", **fields)
    mia = house.reader()
    mia.open(re.search(r"/party/\S+", house.mail(typed.get("contact", MIA)))[0])
    return mia


def test_a_member_names_a_witness_who_agrees_and_says_what_they_know(house):
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}")
    assert f'href="/cases/{reference}/parties"' in guest.html

    mia = named(house, guest, reference, state="yes")
    assert "Asked. Nothing is shown to them before they say yes." in guest.text
    assert "heating" not in mia.html
    assert "Cleo" not in mia.html
    assert mia.path == f"/cases/{reference}/party"

    mia.send(f"/cases/{reference}/party", act="confirm")
    assert "It is being worked on." in mia.text
    assert "Cleo Marsh answers for it." in mia.text
    assert "heating" not in mia.html
    mia.send(f"/cases/{reference}/party/messages", write=SEEN)
    assert SEEN in mia.text

    for reader, page in ((guest, "/cases/"), (cleo, "/desk/cases/")):
        reader.open(f"{page}{reference}")
        assert SEEN in reader.text
        assert "Mia Holt, witness" in reader.text
        assert "Mia Holt, as far as was chosen for them" in reader.text
    guest.open(f"/cases/{reference}/sharing")
    assert "Where the case stands: Witness" in guest.text
    assert "you named them" in guest.text
    assert "the member named them" in guest.text


def test_a_reply_goes_to_the_member_alone_unless_somebody_is_ticked(house):
    guest, cleo, reference = house.taken()
    mia = named(house, guest, reference, role="representative")
    mia.send(f"/cases/{reference}/party", act="confirm")
    mia.send(f"/cases/{reference}/party/messages", write="She asks when.")

    cleo.open(f"/desk/cases/{reference}")
    (found,) = re.findall(r'name="copies" type="checkbox" value="(\S+?)"', cleo.html)
    form = next(it for it in cleo.forms if it.action.endswith("/reply"))
    bare = {name: it for name, it in form.values.items() if name != "copies"}
    cleo.post(form.action, **{**bare, "reply": "Between us, on Monday."})
    mia.open(f"/cases/{reference}/party")
    assert "on Monday" not in mia.text

    cleo.open(f"/desk/cases/{reference}")
    cleo.send(f"/desk/cases/{reference}/reply", reply="To both of you.", copies=found)
    mia.open(f"/cases/{reference}/party")
    assert "To both of you." in mia.text
    guest.open(f"/cases/{reference}")
    assert "on Monday" in guest.text
    assert "To both of you." in guest.text

    cleo.open(f"/desk/cases/{reference}")
    wrong = {"reply": "To nobody.", "copies": str(uuid4())}
    cleo.send(f"/desk/cases/{reference}/reply", status=422, **wrong)
    assert "To nobody." in cleo.html
    cleo.open(f"/desk/cases/{reference}")
    wrong = {"reply": "To nobody.", "copies": "cleo"}
    cleo.send(f"/desk/cases/{reference}/reply", status=422, **wrong)


def test_whom_the_desk_proposes_the_member_is_asked_about_on_their_case(house):
    guest, cleo, reference = house.taken()
    cleo.open(f"/desk/cases/{reference}/parties")
    whom = {"name": "Leo Bell", "contact": "leo@lamp.example", "role": "helper"}
    cleo.send(f"/desk/cases/{reference}/parties", **whom)
    assert "Proposed by the desk" in cleo.text

    guest.open(f"/cases/{reference}")
    assert "Shall somebody be in your case?" in guest.text
    guest.open(f"/cases/{reference}/parties")
    (form,) = {it.action for it in guest.forms if "/parties/" in it.action}
    guest.post(form, **{**hidden(guest), "act": "agree"})
    assert "Asked." in guest.text

    guest.post(form, **{**hidden(guest), "act": "end"})
    assert "The member ended it" in guest.text


def hidden(reader):
    form = next(it for it in reader.forms if "/parties/" in it.action)
    return {name: it for name, it in form.values.items() if name != "act"}


def test_nothing_is_left_of_the_page_once_they_left(house):
    guest, _, reference = house.taken()
    mia = named(house, guest, reference, messages="yes")
    mia.send(f"/cases/{reference}/party", act="confirm")
    assert "heating" in mia.text

    mia.send(f"/cases/{reference}/party", act="leave")

    assert "You are not in the case" in mia.text
    mia.open(f"/cases/{reference}/party", status=404)
    guest.open(f"/cases/{reference}/parties")
    assert "They left on" in guest.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Say who it is"),
        ({"contact": "+49 30 901820"}, "We ask them by mail"),
        ({"contact": "nobody"}, "Type an e-mail address"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    house, typed, said
):
    guest, _, reference = house.taken()
    guest.open(f"/cases/{reference}/parties")
    fields = {"name": "Mia Holt", "contact": MIA, "role": "witness", **typed}

    guest.send(f"/cases/{reference}/parties", status=422, **fields)

    assert said in guest.text
    assert 'value="witness" checked' in guest.html


def test_who_is_named_in_a_case_that_rests_stays_typed(house):
    guest, _, reference = house.taken()
    guest.open(f"/cases/{reference}/keep")
    guest.send(f"/cases/{reference}/rest", rest="yes")
    path = f"/cases/{reference}/parties"
    guest.open(path)

    guest.send(path, 409, name="Mia Holt", contact=MIA, role="witness")

    form = next(one for one in guest.forms if one.action == path)
    assert form.values["name"] == "Mia Holt"


def test_the_page_is_for_the_member_the_desk_has_its_own_and_others_have_none(house):
    guest, cleo, reference = house.taken()

    cleo.open(f"/cases/{reference}/parties", status=404)
    guest.open(f"/cases/{reference}/party", status=404)
    house.reader().open(f"/cases/{reference}/party", status=404)
    house.reader().open("/party/made.up", status=404)


@pytest.fixture
def moot(tmp_path):
    with moot_on("", tmp_path) as moot:
        yield moot


@pytest.fixture
def made(moot):
    made = moot.tell(by=moot["ada"], contact="")
    moot.bring(made, State.WORKING)
    return made


def program(moot, authority):
    return Program(app_of(moot.node), moot.node, authority)


def newest(moot, to=MIA):
    moot.village.work(moot.node)
    body = [mail for found, mail in moot.village.mails if found == to][-1].get_content()
    return re.search(r"/party/(\S+)", body)[1]


def test_programs_name_agree_write_and_end(moot, made):
    ada = program(moot, token_of(moot.node, moot.ids["ada"], "cases:write"))
    given = {"name": "Mia", "contact": MIA, "role": "representative", "fields": []}
    path = f"{PATH}/{made.reference}"
    first = ada.ask("POST", f"{path}/parties", given, Idempotency_Key=str(uuid4()))
    (line,) = first.json["items"]
    assert (line["standing"], line["fields"]) == ("asked", [])

    mia = program(moot, f"Party {newest(moot)}")
    assert mia.ask("GET", f"{path}/party").json["standing"] == "asked"
    assert mia.ask("POST", f"{path}/party", {"act": "confirm"}).status_code == 204
    wrote = mia.ask(
        "POST",
        f"{path}/party/messages",
        {"text": SEEN},
        Idempotency_Key=str(uuid4()),
    )
    assert [it["text"] for it in wrote.json["said"]] == [SEEN]
    assert mia.ask("GET", path).status_code in {401, 404}
    missing = f"{path}/party/files/{uuid4()}"
    assert mia.ask("GET", missing).status_code == 404

    over = ada.ask("POST", f"{path}/parties/{line['id']}", {"act": "end"})
    assert over.json["items"][0]["ending"] == "removed"
    assert mia.ask("GET", f"{path}/party").status_code == 401


def test_the_terminal_names_lists_and_decides(moot, made):
    here, ref = Terminal(moot), made.reference
    words = ("--name", "Mia", "--contact", MIA, "--role", "helper")
    asked = ("cases", "parties", "name", ref, *words)
    cleo = ("--person", str(moot.ids["cleo"]))
    # A node that cannot send mail asks nobody.
    assert here.no("cases parties name", ref, *words, by="cleo") == "invalid.choice"
    done = typed(moot, *asked, *cleo, **POSTS)
    assert done.exit_code == 0, done.stderr
    (line,) = here.shown("cases parties list", ref, by="ada")["items"]
    assert line["standing"] == "proposed"

    act = ("cases", "parties", "decide", ref, line["id"], "--act", "agree")
    done = typed(moot, *act, "--person", str(moot.ids["ada"]), **POSTS)
    assert done.exit_code == 0, done.stderr

    (line,) = here.shown("cases parties list", ref, by="cleo")["items"]
    assert line["standing"] == "asked"
    assert here.no("cases parties name", ref, *words, by="ben") == "not-found"


def test_a_party_opens_a_file_only_where_files_were_chosen(house):
    guest, _, reference = house.taken()
    mia = named(house, guest, reference, files="yes")
    mia.send(f"/cases/{reference}/party", act="confirm")
    assert "There are none." in mia.text

    leo = named(house, guest, reference, contact="leo@lamp.example")
    leo.send(f"/cases/{reference}/party", act="confirm")
    assert "Files" not in leo.text
