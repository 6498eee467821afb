// What this browser keeps for its owner: keys that sign, and the keys of their cases.
// Nothing of it leaves the browser, but for a case key with the first words of its case.

const DATABASE = "folkmoot-device";
const STORES = ["keys", "chains"];
const CURVE = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const WAYS = { ed25519: "Ed25519", es256: CURVE };

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => {
      for (const name of STORES) asked.result.createObjectStore(name);
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(store, mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const work = database.transaction(store, mode);
      const asked = act(work.objectStore(store));
      work.oncomplete = () => resolve(asked.result);
      work.onabort = () => reject(work.error);
    });
  } finally {
    database.close();
  }
}

/** Return what is kept of a case: its key, its commitment, and the notes it cites. */
export const chainOf = (chain) => run("chains", "readonly", (all) => all.get(chain));

/** Keep what belongs to a case. */
export const keepChain = (chain, held) => run("chains", "readwrite", (all) => all.put(held, chain));

/** Return the key that signs for somebody on this device; the first time it is made. */
export async function deviceKey(owner) {
  const known = await run("keys", "readonly", (all) => all.get(owner));
  if (known) return known;
  const made = await fresh();
  await run("keys", "readwrite", (all) => all.put(made, owner));
  return made;
}

async function fresh() {
  try {
    return await pair("ed25519");
  } catch {
    return pair("es256"); // a browser without Ed25519
  }
}

// The private half can never be read, not even by this page.
async function pair(alg) {
  const made = await crypto.subtle.generateKey(WAYS[alg], false, ["sign", "verify"]);
  const pub = new Uint8Array(await crypto.subtle.exportKey("raw", made.publicKey));
  return { alg, pub, key: made.privateKey };
}

/** Return the signature of a device's key. */
export async function signedBy({ alg, key }, message) {
  return new Uint8Array(await crypto.subtle.sign(WAYS[alg], key, message));
}
