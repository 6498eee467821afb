// The key of a case, as this device made it, beside the one that the node names.

import { b64u } from "../verify/bytes.js";
import { chainOf } from "./store.js";

async function look(box) {
  const held = await chainOf(box.dataset.chain);
  if (!held?.key) return;
  const same = held.kc === box.dataset.kc;
  box.querySelector("[data-other]").hidden = same;
  const shown = box.querySelector("[data-own]");
  shown.hidden = !same;
  shown.querySelector("code").textContent = b64u(held.key);
}

if (globalThis.indexedDB) {
  for (const box of document.querySelectorAll("[data-chain]")) look(box).catch(() => {});
}
