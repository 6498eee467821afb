import json
from uuid import uuid4

import pytest
from sqlalchemy import select

from node import answers, consent, neighbours
from node.models.actors import ActorKey
from node.models.consent import Consent
from node.models.publications import Publication, PublicReply
from tests.support.clients import app_of
from tests.support.neighbours import ASH, BIRCH, REPLY, TEXT, TITLE, street

ACTIVITY = "application/activity+json"
BROWSER = "text/html,application/xhtml+xml"
ACTORS = ["/ap/node", "/ap/c/birch", "/ap/u/cleo"]


@pytest.fixture(scope="module")
def lane(tmp_path_factory):
    with street(tmp_path_factory.mktemp("street")) as found:
        yield found


@pytest.fixture(scope="module")
def birch(lane):
    return app_of(lane.birch)


@pytest.fixture(scope="module")
def ash(lane):
    return app_of(lane.ash)


@pytest.fixture(scope="module")
def told(lane):
    """A case of Ada's that is public, with a reply that stands and one that waits."""
    lane.acquaint()
    made = lane.tell()
    lane.publish(made)
    lane.answer()
    lane.approve(made)
    lane.answer()
    return made


def ask(app, path, accept=ACTIVITY, **given):
    base = ASH if "ash" in app.extensions["folkmoot"].settings.origin else BIRCH
    headers = {"Accept": accept}
    return app.test_client().get(path, base_url=base, headers=headers, **given)


@pytest.mark.parametrize("path", ACTORS)
def test_an_actor_is_a_document_under_its_own_id(birch, path):
    answer = ask(birch, path)

    assert answer.status_code == 200
    assert answer.content_type == ACTIVITY
    assert "Accept" in answer.headers["Vary"]
    actor = answer.json
    assert actor["id"] == f"{BIRCH}{path}"
    assert actor["inbox"] == f"{BIRCH}{path}/inbox"
    assert actor["publicKey"]["id"] == f"{BIRCH}{path}#main-key"


@pytest.mark.parametrize("path", ACTORS)
def test_whatever_an_actor_names_on_its_node_is_there(birch, path):
    actor = ask(birch, path).json
    named = {key: actor.get(key) for key in ("url", "outbox", "followers")}
    if actor["type"] == "Group":
        named["attributedTo"] = actor["attributedTo"]

    for key, url in named.items():
        if url is not None:
            page = "text/html" if key == "url" else ACTIVITY
            there = ask(birch, url.removeprefix(BIRCH), accept=page)
            assert there.status_code == 200, url


def test_only_our_own_community_has_stewards(birch):
    assert ask(birch, "/ap/c/nosuch/stewards").status_code == 404


@pytest.mark.parametrize("path", ACTORS)
def test_a_browser_is_led_to_a_page(birch, path):
    answer = ask(birch, path, accept=BROWSER)

    assert answer.status_code == 303


def test_who_takes_neither_is_told_so(birch):
    assert ask(birch, "/ap/node", accept="image/png").status_code == 406


@pytest.mark.parametrize("path", ["/ap/c/ash", "/ap/u/ada", "/ap/u/dov", "/ap/u/none"])
def test_who_chose_no_public_name_is_no_actor(birch, path):
    answer = ask(birch, path)

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("account", "path"),
    [("birch", "/ap/c/birch"), ("cleo", "/ap/u/cleo"), ("node", "/ap/node")],
)
def test_every_actor_is_found_by_its_account_and_by_its_id(birch, account, path):
    by_name = ask(
        birch, f"/.well-known/webfinger?resource=acct:{account}@birch.example"
    )
    by_id = ask(birch, f"/.well-known/webfinger?resource={BIRCH}{path}")

    for answer in (by_name, by_id):
        assert answer.content_type == "application/jrd+json"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.json["subject"] == f"acct:{account}@birch.example"
        links = {link["rel"]: link["href"] for link in answer.json["links"]}
        assert links["self"] == f"{BIRCH}{path}"


def test_the_origin_says_who_signs_for_the_node(birch):
    answer = ask(birch, f"/.well-known/webfinger?resource={BIRCH}/")

    assert [link["href"] for link in answer.json["links"]] == [f"{BIRCH}/ap/node"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?resource=", 400),
        ("?resource=acct:ada@birch.example", 404),
        ("?resource=acct:birch@ash.example", 404),
        ("?resource=acct:nobody@birch.example", 404),
        (f"?resource={ASH}/ap/c/ash", 404),
    ],
)
def test_webfinger_knows_nobody_else(birch, query, status):
    answer = ask(birch, f"/.well-known/webfinger{query}")

    assert answer.status_code == status


def test_the_node_describes_itself_and_counts_nobody(birch):
    links = ask(birch, "/.well-known/nodeinfo").json["links"]
    info = ask(birch, "/nodeinfo/2.1").json

    assert f"{BIRCH}/nodeinfo/2.1" in {link["href"] for link in links}
    assert info["usage"] == {"users": {}}
    assert info["metadata"]["nodeName"] == "Birch Moot"


def test_the_context_never_changes(birch):
    answer = ask(birch, "/ns/v1")

    assert answer.content_type == "application/ld+json"
    assert "immutable" in answer.headers["Cache-Control"]


def test_private_keys_are_sealed_at_rest(lane):
    with lane.birch.read() as tx:
        rows = tx.scalars(select(ActorKey)).all()

    assert {row.kind for row in rows} == {"rsa", "ed25519", "x25519"}
    assert not [row for row in rows if b"PRIVATE" in (row.private or b"")]
    assert not [row for row in rows if b"PRIVATE" in row.public]


def test_what_a_public_case_says_is_what_its_member_agreed_to(lane, ash, told):
    shown = ask(ash, _case(lane, told)).json

    assert (shown["type"], shown["name"]) == ("Note", TITLE)
    assert TEXT.split("?")[0] in shown["content"]
    assert "Private words" not in json.dumps(shown)
    assert told.reference not in json.dumps(shown)
    assert shown["fm:caseStatus"] == "fm:open"


def test_a_thread_lists_only_what_was_approved(lane, ash, told):
    case = _case(lane, told)
    thread, replies = (ask(ash, f"{case}/{it}").json for it in ("thread", "replies"))

    assert len(replies["orderedItems"]) == 1
    assert thread["orderedItems"] == [f"{ASH}{case}", *replies["orderedItems"]]
    assert all(one.startswith(BIRCH) for one in replies["orderedItems"])


def test_an_approval_is_served_and_names_the_reply(lane, ash, told):
    case = _case(lane, told)
    [reply] = ask(ash, f"{case}/replies").json["orderedItems"]
    with lane.ash.read() as tx:
        key = tx.get(PublicReply, reply).key
    stamp = ask(ash, f"/ap/stamps/{key}").json

    assert stamp["type"] == "ReplyApproval"
    assert (stamp["object"], stamp["target"]) == (reply, f"{ASH}{case}")


def test_a_reply_is_served_by_its_own_node(lane, ash, birch, told):
    [reply] = ask(ash, f"{_case(lane, told)}/replies").json["orderedItems"]

    shown = ask(birch, reply.removeprefix(BIRCH)).json

    assert shown["attributedTo"] == f"{BIRCH}/ap/u/cleo"
    assert shown["inReplyTo"] == f"{ASH}{_case(lane, told)}"


def test_a_browser_at_a_public_thing_is_led_to_its_page(lane, ash, birch, told):
    case = _case(lane, told)
    key = case.rpartition("/")[2]
    [reply] = ask(ash, f"{case}/replies").json["orderedItems"]
    answer_page = f"/public/answers/{reply.rpartition('/')[2]}"

    for app, path, page in (
        (ash, case, f"/public/{key}"),
        (ash, f"{case}/thread", f"/public/{key}"),
        (ash, f"{case}/replies", f"/public/{key}"),
        (birch, reply.removeprefix(BIRCH), answer_page),
    ):
        led = ask(app, path, accept=BROWSER)
        assert (led.status_code, led.headers["Location"]) == (303, page)
        assert "Accept" in led.headers["Vary"]
        assert "Accept" in ask(app, path).headers["Vary"]
        assert ask(app, page, accept=BROWSER).status_code == 200


def test_the_page_of_an_answer_says_who_answered_what(ash, birch, lane, told):
    [reply] = ask(ash, f"{_case(lane, told)}/replies").json["orderedItems"]
    shown = ask(birch, reply.removeprefix(BIRCH), BROWSER, follow_redirects=True).text

    assert "An answer of Cleo" in shown
    assert "@cleo@birch.example" in shown
    assert REPLY.split(".")[0] in shown
    assert TITLE in shown
    assert f'href="{ASH}{_case(lane, told)}"' in shown


@pytest.mark.usefixtures("told")
def test_who_follows_and_leads_is_only_counted(ash):
    followers = ask(ash, "/ap/c/ash/followers").json
    stewards = ask(ash, "/ap/c/ash/stewards").json

    assert (followers["totalItems"], stewards["totalItems"]) == (1, 2)
    assert "orderedItems" not in followers | stewards


@pytest.mark.usefixtures("told")
def test_an_outbox_shows_what_was_said_to_everybody(ash):
    whole = ask(ash, "/ap/c/ash/outbox").json
    page = ask(ash, whole["first"].removeprefix(ASH)).json

    kinds = [item["type"] for item in page["orderedItems"]]
    assert kinds == ["Announce", "Create"]
    assert page["partOf"] == whole["id"]


@pytest.mark.parametrize("path", ["/ap/inbox", "/ap/c/birch/inbox", "/ap/u/cleo/inbox"])
def test_nobody_writes_into_an_inbox_unsigned(birch, path):
    body = {"id": "https://x.example/1", "type": "Like", "actor": "https://x.example/a"}
    answer = birch.test_client().post(
        path, base_url=BIRCH, data=json.dumps(body), content_type=ACTIVITY
    )

    assert answer.status_code == 401
    assert answer.json["code"] == "sig.missing"
    wanted = 'sig1=("@method" "@target-uri" "content-digest");created'
    assert answer.headers["Accept-Signature"] == wanted


@pytest.mark.parametrize("path", ["/ap/inbox", "/ap/node/inbox", "/ap/c/birch/inbox"])
def test_nobody_reads_an_inbox(birch, path):
    assert ask(birch, path).status_code == 405


@pytest.mark.parametrize("path", ["/ap/c/none/inbox", "/ap/u/ada/inbox"])
def test_there_is_no_inbox_of_nobody(birch, path):
    answer = birch.test_client().post(
        path, base_url=BIRCH, data="{}", content_type=ACTIVITY
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("key", ["0" * 32, "x", "00"])
@pytest.mark.parametrize("kind", ["cases", "replies", "stamps"])
def test_what_is_not_public_is_not_there(ash, kind, key):
    assert ask(ash, f"/ap/{kind}/{key}").status_code == 404


@pytest.mark.usefixtures("told")
def test_what_was_taken_back_is_gone_and_says_nothing(lane, ash):
    made = lane.tell()
    lane.publish(made)
    path = _case(lane, made)
    with lane.ash.read() as tx:
        given = select(Consent.id).where(
            Consent.case_id == made.case_id, Consent.purpose == "publish"
        )
        consent_id = tx.scalar(given)

    consent.revoke(lane.ash, made.reference, consent_id, by=lane.ada)
    lane.run()

    answer = ask(ash, path)
    assert answer.status_code == 410
    assert answer.json["type"] == "Tombstone"
    assert TITLE not in answer.text
    page = ask(ash, path, accept=BROWSER)
    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert "It was taken back" in page.text
    assert ask(ash, f"{path}/thread").status_code == 404
    whole = ask(ash, "/ap/c/ash/outbox").json
    page = ask(ash, whole["first"].removeprefix(ASH)).json["orderedItems"]
    about = [it["type"] for it in page if path in json.dumps(it)]
    assert about == ["Delete"]


def test_a_case_that_is_public_anew_begins_without_the_answers_of_before(lane, ash):
    made = lane.tell()
    lane.publish(made)
    newest = neighbours.every(lane.birch, by=lane.cleo)[0].chain_id
    answers.answer(lane.birch, newest, uuid4(), REPLY, by=lane.cleo)
    lane.run()
    lane.approve(made)
    assert len(ask(ash, f"{_case(lane, made)}/replies").json["orderedItems"]) == 1
    with lane.ash.read() as tx:
        given = select(Consent.id).where(
            Consent.case_id == made.case_id, Consent.purpose == "publish"
        )
        consent_id = tx.scalar(given)
    consent.revoke(lane.ash, made.reference, consent_id, by=lane.ada)
    lane.run()

    lane.publish(made)

    case = _case(lane, made)
    assert ask(ash, f"{case}/replies").json["orderedItems"] == []
    assert ask(ash, f"{case}/thread").json["orderedItems"] == [f"{ASH}{case}"]


def test_a_browser_at_an_answer_that_was_taken_back_sees_so(lane, birch):
    lane.publish(lane.tell())
    chain_id, form = neighbours.every(lane.birch, by=lane.cleo)[0].chain_id, uuid4()
    answers.answer(lane.birch, chain_id, form, REPLY, by=lane.cleo)
    answers.take_back(lane.birch, chain_id, form.hex, by=lane.cleo)

    page = ask(birch, f"/ap/replies/{form.hex}", accept=BROWSER)

    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert "Whoever gave it took it back" in page.text
    assert "Accept" in page.headers["Vary"]


def _case(lane, made):
    with lane.ash.read() as tx:
        return f"/ap/cases/{tx.get(Publication, made.case_id).key}"
