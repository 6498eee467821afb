// Keys for the desk. They work only outside fields, and a switch turns them off.

const table = document.querySelector("[data-desk]");
const line = document.querySelector("[data-keys]");
const hint = document.querySelector("[data-keys-words]");
const toggle = document.querySelector("[data-keys-switch]");

const on = () => localStorage.getItem("desk-keys") !== "off";

function show() {
  if (!line) return;
  line.hidden = false;
  hint.hidden = !on();
  toggle.textContent = on() ? toggle.dataset.off : toggle.dataset.on;
}

function step(by) {
  const links = [...table.querySelectorAll("th a")];
  const next = links.indexOf(document.activeElement) + by;
  links[Math.max(0, Math.min(next, links.length - 1))]?.focus();
}

const KEYS = {
  j: () => table && step(1),
  k: () => table && step(-1),
  t: () => document.querySelector("[action='/desk/take'] button")?.focus(),
  r: () => document.querySelector("#reply")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, textarea, select, [contenteditable]");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !on()) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

toggle?.addEventListener("click", () => {
  localStorage.setItem("desk-keys", on() ? "off" : "on");
  show();
});

show();
