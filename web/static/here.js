// On the node's own page, a case can be checked without a folder: the public files of the
// ledger are read from there, all of them and in order, so that nobody learns of the case.
// The verifier that people keep has no such way; it stays without a network.

import { Absent, Copy, streamed } from "./verify/copy.js";
import { elsewhere } from "./verify/page.js";

const PARTIAL = /\.p\/[0-9]+$/;

/** The public files of a ledger, below an address of this site. */
class Served extends Copy {
  constructor(address) {
    super();
    this.address = address;
  }

  has() {
    return true;
  }

  async read(path, most) {
    // A bundle that has filled up meanwhile need not be had in part any more.
    const answer = (await this.ask(path)) ?? (await this.ask(path.replace(PARTIAL, "")));
    if (!answer) throw new Absent(path);
    return streamed(answer.body, most);
  }

  async ask(path) {
    const asked = fetch(`${this.address}/${path}`, { credentials: "omit", redirect: "error" });
    const answer = await asked.catch(() => null);
    return answer?.status === 200 ? answer : null;
  }
}

const box = document.getElementById("v-here");

elsewhere.push(() => (box.checked ? new Served(box.dataset.ledger) : null));
