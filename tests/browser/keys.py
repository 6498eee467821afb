"""A browser without a mouse: Tab, arrows, Space and Enter, as a person has them.

Wherever Tab stops it must show, and nothing may lie on it (WCAG 2.2, 2.4.7 and
2.4.11). A place that no Tab leads to is a failure.
"""

import re

import pytest
from playwright.sync_api import Locator, Page

_MOST_TABS = 150
#: What is wrong with where the focus is; nothing, or one word.
_STOP = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "";
  if (!at.matches(":focus")) return ""; // the button inside a field for a day
  const marks = [at, at.closest("label"), at.nextElementSibling, at.parentElement];
  const shown = marks.some((mark) => {
    if (!mark) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(mark);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2)
      || boxShadow !== "none";
  });
  if (!shown) return `unmarked ${at.outerHTML.slice(0, 120)}`;
  const box = at.getClientRects()[0];
  if (!box) return `nowhere ${at.outerHTML.slice(0, 120)}`;
  const x = box.left + Math.min(box.width / 2, 40);
  const y = box.top + Math.min(box.height / 2, 10);
  const top = document.elementFromPoint(x, y);
  const free = top && (at.contains(top) || top.contains(at) || top.control === at);
  return free ? "" : `covered ${at.outerHTML.slice(0, 120)}`;
}"""
#: What Tab should lead to: one of each group of choices, nothing that is folded away.
_STOPS = """() => {
  const all = document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]");
  const groups = new Set();
  return [...all].filter((it) => {
    if (it.disabled || it.tabIndex < 0 || !it.checkVisibility()) return false;
    if (it.type !== "radio") return true;
    const key = `${it.form?.action} ${it.name}`;
    return !groups.has(key) && groups.add(key);
  }).length;
}"""
_SEEN = "() => (window.seen ??= new Set()).add(document.activeElement).size"
_FOCUSED = "it => it === document.activeElement"
_GROUP = "it => it.name === document.activeElement?.name"


class Keys:
    """One person's keyboard on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, target: Locator, until: str = _FOCUSED) -> None:
        """Press Tab until it is reached, from wherever the focus is."""
        target.wait_for()
        for _ in range(_MOST_TABS):
            if target.evaluate(until):
                return
            self.tab()
        pytest.fail(f"no Tab leads to {target}")

    def tab(self) -> None:
        """Press Tab once."""
        self.page.keyboard.press("Tab")
        if trouble := self.page.evaluate(_STOP):
            pytest.fail(trouble)

    def through(self) -> tuple[int, int]:
        """Press Tab through a new page; return how many stops there were and are."""
        seen, last = -1, 0
        for _ in range(_MOST_TABS):
            self.tab()
            seen, last = last, self.page.evaluate(_SEEN)
            if self.page.evaluate("document.activeElement === document.body"):
                break
        return seen, self.page.evaluate(_STOPS)

    def press(self, name: str) -> None:
        """Press the button, or follow the link, or open what is folded."""
        page = self.page
        target = (
            page.get_by_role("button", name=name, exact=True)
            .or_(page.get_by_role("link", name=name, exact=True))
            .or_(page.locator("summary").filter(has_text=name))
        )
        self.to(target.first)
        page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        """Press it, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            self.press(name)

    def write(self, label: str, text: str) -> None:
        """Write into a field."""
        self.to(self.page.get_by_label(label).first)
        self.page.keyboard.type(text)

    def choose(self, label: str) -> None:
        """Choose one of several, with the arrows."""
        target = self.page.get_by_label(re.compile(f"^{re.escape(label)}"))
        self.to(target, _GROUP)
        self.page.keyboard.press("Space")
        for _ in range(12):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"no arrow leads to {label}")

    def tick(self, label: str) -> None:
        """Tick a box."""
        self.to(self.page.get_by_label(label).first)
        self.page.keyboard.press("Space")

    def select(self, label: str, option: str) -> None:
        """Choose from a list that opens, by the first letters."""
        field = self.page.get_by_label(label, exact=True)
        self.to(field)
        self.page.keyboard.type(option)
        chosen = field.evaluate("it => it.selectedOptions[0].textContent.trim()")
        assert chosen.startswith(option), chosen
