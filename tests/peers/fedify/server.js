// The peer as a process: `node server.js PORT MODE`, on loopback only.
//
// What begins with /test/ is for the test that started it; all else is Fedify's.
import { createServer } from "node:http";
import { detachSignature, verifyObject, verifyRequest } from "@fedify/fedify";
import { Activity } from "@fedify/vocab";
import { buildPeer, makeKeys, USUAL } from "./peer.js";
import { refusal } from "./doorkeeper.js";
import { orders } from "./orders.js";

const PORT = Number(process.argv[2]);
const ORIGIN = `http://localhost:${PORT}`;

const understood = new Map(); // what Fedify made of an activity that is being answered

/** Everything this process remembers. */
const here = {
  origin: ORIGIN,
  keys: await makeKeys(),
  notes: new Map(),
  mode: USUAL,
  arrived: [], // requests that came to an inbox, and what they were answered
  heard: [], // activities that Fedify let in, noted after their request
  sent: [], // requests that left for an inbox
  federation: null,
  become(mode) {
    here.mode = { ...USUAL, ...mode };
    const heard = (what) => understood.set(what.id, what);
    here.federation = buildPeer({ ...here, heard });
  },
  context() {
    return here.federation.createContext(new URL(ORIGIN), undefined);
  },
};
here.become(JSON.parse(process.argv[3] ?? "{}"));

// What Fedify sends is noted down as it left, so that a test can send it again. An
// address such as @ash@localhost has no scheme: Fedify takes https, which no test has.
const fetchReally = globalThis.fetch;
globalThis.fetch = async (resource, options) => {
  const url = resource instanceof URL && resource.href.replace(/^https:..localhost/, "http://localhost");
  const request = new Request(url || resource, options);
  const body = await request.clone().text();
  const response = await fetchReally(request);
  if (request.method === "POST") {
    here.sent.push({ ...kept(request, body), status: response.status });
  }
  return response;
};

createServer(async (incoming, outgoing) => {
  try {
    const chunks = await incoming.toArray();
    const response = await answer(asRequest(incoming, Buffer.concat(chunks)));
    const fields = Object.fromEntries(response.headers);
    outgoing.writeHead(response.status, fields).end(Buffer.from(await response.arrayBuffer()));
  } catch (problem) {
    console.error(problem);
    outgoing.writeHead(500).end(String(problem));
  }
}).listen(PORT, "127.0.0.1");

function asRequest(incoming, body) {
  const { method, headers } = incoming;
  const bodiless = method === "GET" || method === "HEAD";
  return new Request(ORIGIN + incoming.url, { method, headers, body: bodiless ? null : body });
}

async function answer(request) {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/test/")) return await order(pathname.slice(6), request);
  if (request.method !== "POST") return await here.federation.fetch(request, {});
  const body = await request.clone().text();
  const arrival = { ...kept(request, body), ...(await judged(request.clone(), body)) };
  const response = refusal(here.mode, arrival) ?? (await here.federation.fetch(request, {}));
  here.arrived.push({ ...arrival, status: response.status });
  if (understood.has(arrival.id)) here.heard.push(understood.get(arrival.id));
  understood.delete(arrival.id);
  return response;
}

async function order(name, request) {
  const words = request.method === "POST" ? await request.json() : {};
  return Response.json((await orders[name](here, words)) ?? null);
}

/** Keep a request for the test to look at. */
function kept(request, body) {
  const fields = Object.fromEntries(request.headers);
  const profile = "signature-input" in fields ? "rfc9421" : "signature" in fields ? "cavage" : "";
  return { url: request.url, fields, body, profile, id: named(body) };
}

function named(body) {
  try {
    return JSON.parse(body).id ?? "";
  } catch {
    return "";
  }
}

/** Say whose signature and whose proofs hold: Fedify is content with one of them. */
async function judged(request, body) {
  const { documentLoader, contextLoader } = here.context();
  const loaders = { documentLoader, contextLoader };
  const key = await verifyRequest(request, loaders);
  const document = JSON.parse(body);
  return {
    signedBy: key?.ownerId?.href ?? "",
    proven: await isProven(document, loaders),
    innerProven: await isProven(document.object, loaders),
  };
}

async function isProven(document, loaders) {
  if (document?.proof === undefined) return false;
  try {
    return (await verifyObject(Activity, detachSignature(document), loaders)) !== null;
  } catch (problem) {
    console.error(problem); // not linked data
    return false;
  }
}
