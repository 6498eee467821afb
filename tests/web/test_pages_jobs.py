"""The queue, through the pages."""

from sqlalchemy import delete, update

from node import jobs
from node.jobs import Asked
from node.models.jobs import Job


def test_a_steward_sees_what_was_given_up_and_has_it_tried_again(house):
    with house.node.begin() as tx:
        tx.execute(delete(Job))
        jobs.put(house.node, tx, Asked("errand", "one", house.node.now()))
    dov = house.member("dov@ash.example")
    dov.open("/admin/jobs")
    assert "Nothing was given up." in dov.text
    assert "errand" in dov.text
    with house.node.begin() as tx:
        gone = {"dead_at": house.node.now(), "attempts": 12, "last_error": "mail.away"}
        tx.execute(update(Job).where(Job.kind == "errand").values(gone))

    dov.open("/admin/jobs")
    assert "mail.away" in dov.text
    form = next(one for one in dov.forms if one.action.endswith("/again"))
    dov.send(form.action)

    assert "It is tried again now." in dov.text
    assert "Nothing was given up." in dov.text
    dov.post(form.action, 409, **form.values)


def test_an_empty_queue_says_so(house):
    dov = house.member("dov@ash.example")
    with house.node.begin() as tx:
        tx.execute(delete(Job))

    dov.open("/admin/jobs")

    assert "Nothing is late." in dov.text
    assert "Nothing waits." in dov.text


def test_others_see_no_queue(house):
    cleo = house.member("cleo@ash.example")

    cleo.open("/admin/jobs", status=403)
