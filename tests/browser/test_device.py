"""Words that a browser signs, as they come out in receipts that Python checks."""

import json
import subprocess
import sys
from itertools import count

import pytest
from playwright.sync_api import expect

from ledger import checkpoint, note, receipt
from node import log
from tests.browser import moot as moots
from tests.browser import walk
from tests.browser.conftest import visit
from tests.browser.test_pages import CHECKS, RULES
from tests.house.reading import ROOT
from tests.support.authenticator import b64u
from tests.support.witnessing import witnessed

PLAIN = {"java_script_enabled": False}
NUMBERS = count()
#: A browser that does not know Ed25519.
WITHOUT_ED25519 = """
const make = SubtleCrypto.prototype.generateKey;
SubtleCrypto.prototype.generateKey = function (how, ...more) {
  if (how === "Ed25519") throw new DOMException("no", "NotSupportedError");
  return make.call(this, how, ...more);
};
"""
WITHOUT_STORE = "IDBFactory.prototype.open = () => { throw new Error('no'); };"
WITH_A_STORE_THAT_HANGS = "IDBFactory.prototype.open = () => ({});"
WITH_A_BAD_HAND = """
SubtleCrypto.prototype.sign = async () => new Uint8Array(64);
"""
KEPT = """
(store) => new Promise((done) => {
  const asked = indexedDB.open("folkmoot-device");
  asked.onsuccess = () => {
    const all = asked.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => done(all.result.map((it) => ({
      alg: it.alg, secret: it.key?.extractable, kc: it.kc,
      key: it.key instanceof Uint8Array ? Array.from(it.key) : null,
    })));
  };
})
"""
FORGET = """
(kc) => new Promise((done) => {
  const asked = indexedDB.open("folkmoot-device");
  asked.onsuccess = () => {
    const all = asked.result.transaction("chains", "readwrite").objectStore("chains");
    all.openCursor().onsuccess = ({ target }) => {
      target.result.update({ ...target.result.value, kc }).onsuccess = () => done();
    };
  };
})
"""


@pytest.fixture(scope="module")
def moot(chromium, tmp_path_factory):
    with moots.opened(chromium, tmp_path_factory.mktemp("moot")) as moot:
        yield moot


@pytest.fixture
def window(moot):
    """Opens windows in that browser; nothing odd may have happened in them."""
    opened = []

    def open_window(script="", **wishes):
        opened.append(visit(moot.browser, moot.town, **wishes))
        if script:
            opened[-1].context.add_init_script(script)
        return opened[-1]

    yield open_window
    for one in opened:
        one.context.close()
        assert one.troubles == []


def saved(page, folder, name="Save the receipt"):
    """Save the receipt that a page offers, and return the file."""
    with page.expect_download() as download:
        walk.press(page, name)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def checked(moot, file):
    """Return what `python -m ledger verify` says of a receipt."""
    told = log.keys(moot.node)
    policy = file.with_name("policy")
    policy.write_text(f"log {told['log'][0]}\nquorum none\n")
    words = [sys.executable, "-m", "ledger", "verify", file, "--json"]
    words += ["--policy", policy, "--statements", told["statements"]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words, no shell
    assert done.returncode == 0, done.stdout
    [found] = json.loads(done.stdout)["receipts"]
    return found


def opened(file):
    return receipt.read(file.read_bytes()).content


@pytest.mark.parametrize(
    ("script", "alg"), [("", "ed25519"), (WITHOUT_ED25519, "es256")]
)
def test_a_guests_words_are_signed_on_their_device(moot, window, tmp_path, script, alg):
    guest = window(script)
    page = guest.page
    walk.tell(guest)
    file = saved(page, tmp_path)

    assert checked(moot, file)["author"] == "stated by the node to be a guest"
    content = opened(file)
    assert content.proof.alg == alg
    assert {it.name: it.value for it in content.disclosed} == {
        "text": walk.STORY, "channel": "web"
    }  # fmt: skip
    [key], [chain] = page.evaluate(KEPT, "keys"), page.evaluate(KEPT, "chains")
    assert (key["alg"], key["secret"]) == (alg, False)
    assert bytes(chain["key"]) == content.raw.case_key
    expect(page.locator("main")).to_contain_text("Your device made the key")
    expect(page.locator("[data-own] code")).to_have_text(b64u(content.raw.case_key))


def test_a_device_cites_the_newest_state_that_somebody_cosigned(moot, window, tmp_path):
    walk.tell(window(**PLAIN))
    witnessed(moot.village, moot.node)
    guest = window()
    walk.tell(guest)

    seen = opened(saved(guest.page, tmp_path)).statement.seen
    head = checkpoint.parse(note.parse(log.checkpoint(moot.node)).text)
    assert (seen.size, seen.root) == (head.size, head.root)


def test_the_form_says_whose_word_it_will_be(window):
    for wishes, here, there in (({}, 1, 0), (PLAIN, 0, 1)):
        guest = window(**wishes)
        walk.before_sending(guest)
        said = guest.page.get_by_text("Your device signs this.")
        expect(said).to_be_visible(visible=bool(here))
        other = guest.page.get_by_text("We write down for you that you sent this.")
        expect(other).to_be_visible(visible=bool(there))


def test_without_scripts_the_node_vouches_and_says_so(moot, window, tmp_path):
    guest = window(**PLAIN)
    walk.tell(guest)
    file = saved(guest.page, tmp_path)

    assert checked(moot, file)["author"] == "node-attested, channel web"
    expect(guest.page.locator("main")).to_contain_text(
        "Your node made this key. You did not sign this yourself."
    )


@pytest.mark.parametrize("script", [WITHOUT_STORE, WITH_A_STORE_THAT_HANGS])
def test_words_arrive_whatever_the_device_cannot_do(moot, window, tmp_path, script):
    guest = window(script)
    walk.tell(guest)
    file = saved(guest.page, tmp_path)

    assert checked(moot, file)["author"] == "node-attested, channel web"


def test_words_arrive_when_the_script_does_not(moot, window, tmp_path):
    guest, broken = window(), {"content_type": "text/javascript", "body": "throw 1;"}
    guest.context.route("**/statement.js", lambda asked: asked.fulfill(**broken))
    walk.tell(guest)

    file = saved(guest.page, tmp_path)
    assert checked(moot, file)["author"] == "node-attested, channel web"


def test_a_signature_that_is_refused_costs_no_word(moot, window, tmp_path):
    guest = window(WITH_A_BAD_HAND)
    walk.before_sending(guest)
    walk.press(guest.page, "Send")
    expect(guest.page.locator("#problems")).to_contain_text(
        "What your device signed was not accepted. Nothing is lost"
    )
    walk.press(guest.page, "Send")
    file = saved(guest.page, tmp_path)

    assert checked(moot, file)["author"] == "node-attested, channel web"
    [text] = [it.value for it in opened(file).disclosed if it.name == "text"]
    assert text == walk.STORY


def test_replies_are_signed_with_the_same_key(moot, window, tmp_path):
    guest = window()
    reference, _ = walk.tell(guest)
    first = opened(saved(guest.page, tmp_path))
    file = reply(guest, reference, tmp_path, "One.\nTwo, “three”.")

    assert checked(moot, file)["author"] == "stated by the node to be a guest"
    content = opened(file)
    assert content.entry.kind == "reply"
    assert content.entry.key == first.entry.key
    assert content.raw.case_key == first.raw.case_key
    assert [it.value for it in content.disclosed] == ["One.\r\nTwo, “three”."]
    assert content.statement.re is not None


def reply(visit, reference, folder, text):
    """Write in a case, and save the receipt of it."""
    page = visit.open(f"/cases/{reference}")
    page.get_by_label("Your message").fill(text)
    walk.press(page, "Send")
    expect(page.get_by_role("status").first).to_contain_text("What you wrote is in")
    with page.expect_download() as download:
        page.locator("a.seal").last.click()
    file = folder / f"reply-{download.value.suggested_filename}"
    download.value.save_as(file)
    return file


def test_another_device_signs_with_a_key_of_its_own(moot, window, tmp_path):
    guest, phone = window(), window(WITHOUT_ED25519)
    reference, words = walk.tell(guest)
    first = opened(saved(guest.page, tmp_path))
    page = phone.open("/track")
    page.get_by_label("Number of the case").fill(reference)
    page.get_by_label("The four words").fill(" ".join(words))
    walk.press(page, "Open my case")
    file = reply(phone, reference, tmp_path, "From my phone.")

    assert checked(moot, file)["author"] == "stated by the node to be a guest"
    content = opened(file)
    assert content.proof.alg == "es256"
    assert content.entry.key != first.entry.key
    assert content.entry.kc == first.entry.kc


def test_a_page_that_names_another_key_is_caught(window, tmp_path):
    guest = window()
    reference, _ = walk.tell(guest)
    guest.page.evaluate(FORGET, b64u(bytes(32)))
    page = guest.open(f"/cases/{reference}")

    expect(page.locator("[data-other]")).to_be_visible()
    expect(page.locator("[data-own]")).to_be_hidden()
    content = opened(reply(guest, reference, tmp_path, "Is this mine?"))
    assert content.proof.alg == "node-attested"


@pytest.fixture
def maria(moot, window):
    """A member whose browser has a passkey for this place."""
    maria = window()
    session = maria.context.new_cdp_session(maria.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }})  # fmt: skip
    maria.context.add_cookies([moot.member(f"maria{next(NUMBERS)}")])
    page = maria.open("/me/security")
    page.get_by_label("Name of the new passkey").fill("my phone")
    walk.press(page, "Add a passkey")
    expect(page.get_by_role("status")).to_contain_text("You can sign in with this")
    return maria


def test_a_member_signs_with_their_passkey(moot, maria, tmp_path):
    walk.before_sending(maria)
    maria.page.get_by_label("Sign with my passkey instead").check()
    walk.press(maria.page, "Send")
    file = saved(maria.page, tmp_path)

    assert checked(moot, file)["author"] == "stated by the node to be a member"
    content = opened(file)
    assert content.proof.alg == "webauthn-ed25519"
    assert content.proof.more.rp == moots.HOST


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_that_asks_is_for_everybody(maria, axe, width):
    page = walk.before_sending(maria)
    expect(page.get_by_label("Sign with my passkey instead")).to_be_visible()
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("[data-failed]").evaluate("one => { one.hidden = false; }")

    page.evaluate(axe + CHECKS)
    for check in ("axe", "sideways", "overlaps", "small"):
        assert page.evaluate(f"rules => checks.{check}(rules)", RULES) == [], check


def test_a_members_device_has_one_key_for_all_their_cases(moot, maria, tmp_path):
    found = []
    for _ in range(2):
        walk.tell(maria)
        file = saved(maria.page, tmp_path)
        assert checked(moot, file)["author"] == "stated by the node to be a member"
        found.append(opened(file).entry)

    assert found[0].key == found[1].key
    assert found[0].kc != found[1].kc


def test_who_wanted_a_passkey_and_did_not_use_it_decides_again(maria):
    walk.before_sending(maria)
    maria.page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new Error()); }"
    )
    maria.page.get_by_label("Sign with my passkey instead").check()
    walk.press(maria.page, "Send")
    expect(maria.page.locator("[data-failed]")).to_be_focused()
    maria.page.get_by_label("Sign with my passkey instead").uncheck()
    walk.press(maria.page, "Send")

    expect(maria.page.get_by_role("heading", level=1)).to_have_text("We have it")
