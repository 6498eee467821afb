// Policies (C2SP tlog-policy): which logs a reader trusts, and how many witnesses.
// Names are opaque octets: each byte is read as one character.

import { latin1, number, refuse } from "./bytes.js";
import { COSIGNATURE, ED25519, ML_DSA, parseVkey, sameKey } from "./keys.js";

/** The most logs, witnesses and groups that one policy may name, of each. */
const MOST = 64;
export const NONE = "none";

const misread = () => refuse("policy");

class Draft {
  logs = [];
  witnesses = new Map();
  groups = new Map();
  quorum = null;
  keys = [];
  grouped = new Set();

  async log(text) {
    this.logs.push(await this.key(text, [ED25519, ML_DSA]));
    if (this.logs.length > MOST) misread();
  }

  async key(text, types) {
    const vkey = await parseVkey(text);
    if (!types.includes(vkey.type)) misread();
    if (this.keys.some((one) => sameKey(one, vkey))) misread();
    this.keys.push(vkey);
    return vkey;
  }

  async witness(name, text) {
    this.requireNew(name);
    this.witnesses.set(name, await this.key(text, [COSIGNATURE, ML_DSA]));
    if (this.witnesses.size > MOST) misread();
  }

  knows(name) {
    return this.witnesses.has(name) || this.groups.has(name);
  }

  requireNew(name) {
    if (name === NONE || this.knows(name)) misread();
  }

  group(name, k, members) {
    this.requireNew(name);
    if (!members.every((one) => this.knows(one))) misread();
    const twice = new Set(members).size !== members.length;
    if (twice || members.some((one) => this.grouped.has(one))) misread();
    const named = new Map([["any", 1], ["all", members.length]]).get(k);
    const least = BigInt(named || number(k));
    if (least < 1n || least > BigInt(members.length)) misread();
    for (const one of members) this.grouped.add(one);
    this.groups.set(name, { k: Number(least), members });
    if (this.groups.size > MOST) misread();
  }

  ask(name) {
    if (this.quorum !== null || !(name === NONE || this.knows(name))) misread();
    this.quorum = name;
  }

  async line([word, ...rest]) {
    if (word === undefined || word.startsWith("#")) return;
    const few = rest.length;
    if (word === "log" && (few === 1 || few === 2)) await this.log(rest[0]);
    else if (word === "witness" && (few === 2 || few === 3)) await this.witness(rest[0], rest[1]);
    else if (word === "group" && few >= 2) this.group(rest[0], rest[1], rest.slice(2));
    else if (word === "quorum" && few === 1) this.ask(rest[0]);
    else misread();
  }
}

/** Read a policy file. */
export async function parsePolicy(raw) {
  const text = latin1(raw);
  if (!/^[\t\n\x20-\x7e\x80-\xff]*$/.test(text)) misread();
  const draft = new Draft();
  for (const line of text.split("\n")) await draft.line(line.split(/[ \t]+/).filter(Boolean));
  return draft.quorum === null ? misread() : draft;
}

/** Say whether the witnesses of these names, in the policy's words, are enough. */
export function isMet(policy, names, name = policy.quorum) {
  if (name === NONE) return true;
  const group = policy.groups.get(name);
  if (!group) return names.has(name);
  return group.members.filter((one) => isMet(policy, names, one)).length >= group.k;
}
