"""What can be said of templates, styles and scripts without opening a page."""

import re
from itertools import pairwise

import pytest

from tests.house.reading import ROOT, name

TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
STATIC = ROOT / "web" / "static"
STYLES = sorted(STATIC.glob("*.css"))
SCRIPTS = sorted(STATIC.rglob("*.js"))
KILOBYTE = 1024

#: Words that stand on pages as they are, in every language.
SAME_EVERYWHERE = {
    'aria-describedby="-hint -error" aria-invalid="true"',  # an attribute, not a text
    "Folkmoot", "PDF", "keys.json", "/ledger/checkpoint", "folkmoot setup-url",
    "/ledger/checkpoints", "/ledger/tile/entries/000",
    "python -m ledger verify -0.tlog-proof --policy policy.txt",
    "python -m ledger verify RECEIPT.tlog-proof --policy policy.txt",
    "python -m ledger fraud PROOF.fm-fraud --policy policy.txt",
    "folkmoot ledger audit  --policy policy.txt",
    "checkpoint", "checkpoints", "tile/entries/000", "/witness//checkpoint",
}  # fmt: skip
PHYSICAL = re.compile(
    r"(?<![\w-])((margin|padding|border)-(left|right|top|bottom)|left|right|top|bottom"
    r"|width|height|min-width|max-width|min-height|max-height)\s*:"
)
TEXTS = ("--ink", "--muted", "--brand", "--link", "--danger", "--warn")


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_no_template_has_styles_or_scripts_in_it(template):
    text = template.read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]* src=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_no_template_asks_another_place_for_anything(template):
    assert not re.search(r"(src|href|action)=\"(https?:)?//", template.read_text())


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_every_text_goes_through_the_catalogues(template):
    text = template.read_text()
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    said = re.sub(r"<[^>]*>", "\n", bare)

    lines = {line.strip() for line in said.splitlines()}
    assert {
        line for line in lines if re.search(r"[A-Za-z]{2}", line)
    } <= SAME_EVERYWHERE


@pytest.mark.parametrize("template", TEMPLATES, ids=name)
def test_no_label_hides_in_a_placeholder(template):
    assert "placeholder=" not in template.read_text()


@pytest.mark.parametrize("style", STYLES, ids=name)
def test_styles_know_no_left_and_no_right(style):
    without = re.sub(
        r"@(?:media|container)[^{]*|/\*.*?\*/", "", style.read_text(), flags=re.DOTALL
    )

    assert not PHYSICAL.findall(without)


def test_styles_fit_in_a_glance():
    lines = sum(len(style.read_text().splitlines()) for style in STYLES)

    assert lines <= 1700


def test_scripts_are_small_and_build_no_markup():
    for script in SCRIPTS:
        assert script.stat().st_size <= 20 * KILOBYTE
        assert not re.search(
            r"innerHTML|outerHTML|eval\(|document\.write", script.read_text()
        )


def tokens(block):
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6});", block))


def schemes():
    text = (STATIC / "tokens.css").read_text()
    blocks = re.findall(r":root[^{]*\{(.*?)\n\s*\}", text, flags=re.DOTALL)
    light, dark, by_hand = (tokens(block) for block in blocks)
    return light, dark, by_hand


def luminance(colour):
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_dark_by_hand_is_dark_by_device():
    _, dark, by_hand = schemes()

    assert dark == by_hand


@pytest.mark.parametrize("scheme", schemes()[:2], ids=["light", "dark"])
def test_every_text_colour_has_seven_to_one(scheme):
    for ground in ("--bg", "--surface"):
        for text in TEXTS:
            assert contrast(scheme[text], scheme[ground]) >= 7, (text, ground)
        assert contrast(scheme["--field"], scheme[ground]) >= 3
    assert contrast(scheme["--on-brand"], scheme["--brand"]) >= 7
    assert contrast(scheme["--on-wait"], scheme["--wait"]) >= 7


def test_focus_is_seen_on_every_ground():
    light, _, _ = schemes()

    assert contrast(light["--focus"], light["--focus-ink"]) >= 7


def test_steps_of_headings_are_never_skipped():
    for template in TEMPLATES:
        levels = [
            int(level) for level in re.findall(r"<h([1-6])", template.read_text())
        ]
        assert all(after <= before + 1 for before, after in pairwise(levels)), (
            template.name
        )
