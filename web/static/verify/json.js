// Canonical JSON (RFC 8785, restricted) and reading the members of our objects.
//
// The browser's own reader takes fractions and keys that stand twice, so there is one
// here. Objects become Maps: no name of a member means anything to JavaScript.

import { Invalid, refuse, same, unb64u, unutf8, utf8 } from "./bytes.js";

/** The most that a statement, a proof, an entry or a clear leaf may take. */
const LONGEST_JSON = 8192;
const DEEPEST = 8;
/** Python gives up near this depth; long before it, our profile says no. */
const DEEPEST_READ = 900;

const KEY = /^[A-Za-z0-9_.:/-]+$/;
const HALF_CHARACTER = /\p{Surrogate}/u;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WHOLE_NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const LITERAL = /true|false|null/y;
const LITERALS = { true: true, false: false, null: null };

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found?.[0];
  }

  sign(one) {
    this.take(SPACE);
    if (this.text[this.at] !== one) return false;
    this.at += 1;
    return true;
  }

  value(depth) {
    if (depth > DEEPEST_READ) refuse("json-malformed");
    if (this.sign("{")) return this.members(depth);
    if (this.sign("[")) return this.items(depth);
    const literal = this.take(LITERAL);
    if (literal) return LITERALS[literal];
    const digits = this.take(WHOLE_NUMBER);
    if (digits) return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
    return this.string();
  }

  string() {
    return JSON.parse(this.take(STRING) ?? refuse("json-malformed"));
  }

  items(depth) {
    const found = [];
    if (this.sign("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.sign(","));
    return this.sign("]") ? found : refuse("json-malformed");
  }

  members(depth) {
    const found = new Map();
    if (this.sign("}")) return found;
    do {
      this.take(SPACE);
      const name = this.string();
      if (found.has(name) || !this.sign(":")) refuse("json-malformed");
      found.set(name, this.value(depth + 1));
    } while (this.sign(","));
    return this.sign("}") ? found : refuse("json-malformed");
  }
}

/** Read JSON that a browser wrote: any spelling, but no key twice, no fractions. */
export function decode(raw) {
  const reader = new Reader(unutf8(raw, "json-malformed"));
  const value = reader.value(0);
  reader.take(SPACE);
  return reader.at === reader.text.length ? value : refuse("json-malformed");
}

function spell(value, depth) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return String(value);
  if (typeof value === "string") {
    return HALF_CHARACTER.test(value) ? refuse("json-profile") : JSON.stringify(value);
  }
  if (typeof value === "bigint" || depth === 0) refuse("json-profile");
  if (Array.isArray(value)) return `[${value.map((one) => spell(one, depth - 1)).join(",")}]`;
  const names = [...value.keys()].sort();
  if (!names.every((name) => KEY.test(name))) refuse("json-profile");
  return `{${names.map((name) => `"${name}":${spell(value.get(name), depth - 1)}`).join(",")}}`;
}

/** Return the one spelling of a value (RFC 8785), or refuse what has none. */
export function canonical(value, limit = LONGEST_JSON) {
  const raw = utf8(spell(value, DEEPEST));
  return raw.length > limit ? refuse("json-too-long") : raw;
}

/** Read canonical JSON of any shape, and nothing else. */
export function loads(raw, limit = LONGEST_JSON) {
  if (raw.length > limit) refuse("json-too-long");
  const value = decode(raw);
  return same(canonical(value, limit), raw) ? value : refuse("not-canonical");
}

/** An object whose members are asked for one by one, or refused under one code. */
export class Shape {
  constructor(given, code) {
    this.given = given;
    this.code = code;
  }

  /** Read one canonical JSON object. */
  static parse(raw, code, limit = LONGEST_JSON) {
    const value = loads(raw, limit);
    return value instanceof Map ? new Shape(value, code) : refuse("json-malformed");
  }

  /** Refuse another type, and members that are missing or unknown. */
  require(type, names) {
    const known = names.every((name) => this.given.has(name));
    if (this.given.get("t") !== type || !known || this.given.size !== names.length) {
      refuse(this.code);
    }
  }

  text(name) {
    const value = this.given.get(name);
    return typeof value === "string" ? value : refuse(this.code);
  }

  number(name) {
    const value = this.given.get(name);
    return typeof value === "number" && value >= 0 ? value : refuse(this.code);
  }

  raw(name, size) {
    return this.decoded(this.text(name), size);
  }

  decoded(text, size) {
    try {
      return unb64u(text, size);
    } catch (error) {
      throw error instanceof Invalid ? new Invalid(this.code) : error;
    }
  }

  maybe(name, size) {
    return (this.given.get(name) ?? null) === null ? null : this.raw(name, size);
  }

  texts(name) {
    const value = this.given.get(name);
    const whole = Array.isArray(value) && value.every((one) => typeof one === "string");
    return whole ? value : refuse(this.code);
  }

  /** Return base64url texts, in ASCII order, none twice, and what they stand for. */
  hashes(name, size) {
    const texts = this.texts(name);
    if (texts.some((one, at) => at > 0 && texts[at - 1] >= one)) refuse(this.code);
    return texts.map((one) => this.decoded(one, size));
  }

  inner(name) {
    return this.nested(this.given.get(name));
  }

  nested(value) {
    return value instanceof Map ? new Shape(value, this.code) : refuse(this.code);
  }

  /** Return a member that lists objects. */
  objects(name) {
    const value = this.given.get(name);
    return Array.isArray(value) ? value.map((one) => this.nested(one)) : refuse(this.code);
  }
}
