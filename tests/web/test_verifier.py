import re
from base64 import b64encode
from hashlib import sha256

import pytest
from markupsafe import escape

from web import assets, verifier

FOLDER = assets.FOLDER / "verify"
_TOP = re.compile(
    r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE
)


def source(name):
    return (FOLDER / f"{name}.js").read_text()


def test_every_part_of_the_verifier_is_in_the_file():
    assert {path.stem for path in FOLDER.iterdir()} == {*verifier.MODULES}


@pytest.mark.parametrize("name", verifier.MODULES)
def test_a_part_stands_after_those_it_imports(name):
    needed = re.findall(r'from "\./(\w+)\.js";', source(name))
    before = verifier.MODULES[: verifier.MODULES.index(name)]

    assert {*needed} <= {*before}


def test_no_name_stands_for_two_things_once_the_parts_are_one():
    names = [name for part in verifier.MODULES for name in _TOP.findall(source(part))]

    assert len(names) == len({*names})


def test_the_file_imports_nothing():
    code = verifier.script()

    assert not re.search(r"^(import|export)\b|\bimport\(", code, re.MULTILINE)
    for name in ("bytes", "receipt", "page"):
        assert source(name).splitlines()[-1] in code


@pytest.mark.parametrize("name", verifier.MODULES)
def test_no_part_can_send_or_keep_anything(name):
    ways = "fetch|XMLHttpRequest|sendBeacon|WebSocket|EventSource|RTCPeer|submit"
    stores = "localStorage|sessionStorage|indexedDB|cookie|caches|location"

    assert not re.search(rf"\b({ways}|{stores})", source(name))


def test_nothing_ends_script_or_style_early():
    assert not re.search(r"</?(script|style)|<!--", verifier.script())
    assert "<" not in verifier.style()


def test_the_file_allows_its_own_script_and_style_and_no_more():
    page = verifier.as_one_file("<!-- style --><!-- script -->")
    rule = verifier.rule()
    found = re.fullmatch(
        r"<style>(.*)</style><script[^>]*>(.*)</script>", page, re.DOTALL
    )

    for kind, text in zip(("style", "script"), found.groups(), strict=True):
        held = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{held}';" in rule
    assert rule.startswith("default-src 'none';")
    assert "form-action 'none'" in rule
    assert not re.search(r"https?:|'self'|unsafe|\*", rule)


def test_the_file_asks_for_no_fonts():
    assert not re.search(r"url\(|@import|@font-face", verifier.style())


def test_the_verifier_is_saved_as_one_file(guest):
    guest.open("/ledger/verify")
    [link] = [link for link in guest.links if link.startswith("/ledger/verify.html")]

    answer = guest.client.get(link, base_url="https://ash.example")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="verify.html"'
    assert answer.mimetype == "text/html"
    assert '<html lang="en"' in answer.text
    assert verifier.script() in answer.text
    assert verifier.style() in answer.text
    assert f'content="{escape(verifier.rule())}"' in answer.text
