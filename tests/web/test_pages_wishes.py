"""Somebody else, as a member asks for it on the page of their case."""

from tests.support import members
from tests.support.cast import moot_on
from tests.support.clients import Program, app_of, token_of


def test_a_member_gets_somebody_else_by_one_press_and_then_asks(house):
    members.join(house.node, "iris@ash.example", "coordinator")
    guest, cleo, reference = house.taken()
    guest.open(f"/cases/{reference}")
    assert "You need not say why." in guest.text

    guest.send(f"/cases/{reference}/somebody-else")

    assert "Somebody else takes your case." in guest.text
    assert "Nobody has taken it yet." in guest.text
    cleo.open("/desk")
    cleo.send("/desk/take")
    assert "The queue is empty." in cleo.text
    ben = house.member("ben@ash.example")
    ben.open("/desk")
    ben.send("/desk/take")
    guest.open(f"/cases/{reference}")
    guest.send(f"/cases/{reference}/somebody-else")
    assert "A coordinator looks who could take your case." in guest.text
    assert "You asked for somebody else. A coordinator sees to it." in guest.text
    ben.open(f"/desk/cases/{reference}")
    assert "asks for somebody else" not in ben.text
    iris = house.member("iris@ash.example")
    iris.open(f"/desk/cases/{reference}")
    assert "The member asks for somebody else." in iris.text


def test_without_anybody_who_works_there_is_no_button(house):
    guest, reference = house.told()

    guest.open(f"/cases/{reference}")

    assert "Give me somebody else" not in guest.text


def test_a_program_of_the_member_asks_alike(tmp_path):
    with moot_on("", tmp_path) as moot:
        made = moot.tell(by=moot["ada"])
        moot.bring(made, "working")
        path = f"/api/v1/cases/{made.reference}/somebody-else"
        app = app_of(moot.node)
        ada, cleo = (
            Program(app, moot.node, token_of(moot.node, moot.ids[name], role=role))
            for name, role in (("ada", "member"), ("cleo", "advocate"))
        )

        denied = cleo.ask("POST", path, {})
        done = ada.ask("POST", path, {})
        late = ada.ask("POST", path, {})

    assert (denied.status_code, denied.json["code"]) == (403, "case.not-yours")
    assert (done.status_code, done.json) == (200, {"change": "now"})
    assert (late.status_code, late.json["code"]) == (409, "case.wrong-state")
