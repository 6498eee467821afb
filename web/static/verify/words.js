// Showing what was found, in sentences that the page brought along, in its language.

import { hex } from "./bytes.js";

const PLACE = /\{(\w+)\}/g;

const store = () => document.querySelector("[data-words]").content;

/** Return a sentence by its name, with its values put in. */
export function say(name, values = {}) {
  const held = store().querySelector(`[data-word="${name}"]`);
  return held?.textContent.replace(PLACE, (_, value) => values[value]);
}

const chip = (name) => store().querySelector(`[data-chip="${name}"] > *`).cloneNode(true);

const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, {
  dateStyle: "long", timeStyle: "long", timeZone: "UTC",
});
/** The last millisecond that JavaScript has a date for. */
const LAST_DATE = 8640000000000000;

/** Spell a time; one after all calendars is still shown, as the number it is. */
export const moment = (ms) => (ms > LAST_DATE ? String(ms) : clock.format(ms));
export const second = (at) => moment(Number(at) * 1000);

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children.filter(Boolean));
  return made;
}

function quiet(name, text) {
  const made = element(name, text);
  made.className = "meta";
  return made;
}

const list = (box, sentences) =>
  box.replaceChildren(...sentences.filter(Boolean).map((one) => element("li", one)));

/** Return a sentence that must not be overlooked: its beginning stands in red. */
export function warned(name, text) {
  const first = element("strong", say(name));
  first.className = "bad";
  return element("span", first, " ", text);
}

/** Return a line of what is said: a name and a value. */
export function fact(name, value) {
  const said = element("dd", value);
  said.dir = "auto";
  said.className = "said";
  return element("div", element("dt", name), said);
}

/** Return the short form by which two people compare an entry. */
export function seal(index, c) {
  const digits = hex(c.slice(0, 4));
  return `#${index} ${digits.slice(0, 4)} ${digits.slice(4)}`;
}

/** Return the banner of a verdict, by the names of its sentences. */
export function bannerOf({ valid, level, findings }, names) {
  const failed = new Set(findings.filter((one) => !one.ok).map((one) => one.code));
  if (valid) return ["done", say(names.holds), say(`holds-${level}`)];
  if (level) return ["danger", say("few"), say("few-more")];
  const only = ["unsupported", "not-checked", "quorum"];
  const unable = failed.has("unsupported") && [...failed].every((code) => only.includes(code));
  return unable
    ? ["danger", say("unable"), say("unable-more")]
    : ["danger", say(names.fails), say(names.failsMore)];
}

/** Return the line of a step: a mark, a sentence, and the code of one that fails. */
export function stepLine({ step, ok, code }, name, { first = null } = {}) {
  const mark = name.endsWith(".alone") ? "zero" : ok ? "yes" : "no";
  const said = ok ? say(name) : (say(`code.${code}`) ?? say("code.form"));
  const row = element("li", chip(mark), " ", first && `${first}: `, said);
  if (!ok) row.append(element("br"), quiet("span", say("code", { code })));
  Object.assign(row.dataset, { step, ok, code });
  return row;
}

/** Put what was found into the section that is made for it. */
export function show({ banner, proven, open, says, steps }, section) {
  const part = (name) => section.querySelector(`[data-${name}]`);
  const [kind, first, rest] = banner;
  part("banner").className = `banner ${kind}`;
  part("banner").querySelector("strong").textContent = first;
  part("banner").querySelector("span").textContent = rest;
  part("told").hidden = !proven;
  if (proven) {
    list(part("proven"), proven);
    list(part("open"), open);
    part("says").replaceChildren(...says);
  }
  part("stepped").hidden = !steps.length;
  part("steps").replaceChildren(...steps);
}
