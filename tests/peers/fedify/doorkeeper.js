// Who is let in, where Fedify itself would be content with less.
//
// A good proof is enough for Fedify; here the HTTP signature must hold as well.
import { formatAcceptSignature } from "@fedify/fedify";

const ASKED = ["@method", "@target-uri", "@authority", "content-digest", "content-type"];

/** Answer a request that is not let in; null lets it in. */
export function refusal(mode, arrival) {
  const refused = arrival.signedBy === "" || arrival.profile === mode.refuse;
  if (mode.nonce !== "" && !carries(arrival, mode.nonce)) return challenge(mode.nonce);
  return refused ? new Response("Not like this.", { status: 401 }) : null;
}

function carries(arrival, nonce) {
  return (arrival.fields["signature-input"] ?? "").includes(`;nonce="${nonce}"`);
}

function challenge(nonce) {
  const components = ASKED.map((value) => ({ value, params: {} }));
  const wanted = { label: "sig1", components, parameters: { created: true, nonce } };
  const fields = { "Accept-Signature": formatAcceptSignature([wanted]) };
  return new Response("Sign this.", { status: 401, headers: fields });
}
