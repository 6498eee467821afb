"""Published and recorded vectors, as the values that our functions take."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from federation import keys
from federation.errors import KeyRefused
from federation.signatures import Request, Signer

VECTORS = Path(__file__).parents[1] / "vectors"


def read(name, folder="federation"):
    return json.loads((VECTORS / folder / name).read_text(encoding="utf-8"))


HTTP = read("folkmoot-http.json")
ORIGIN = HTTP["origin"]
NOW = datetime.fromtimestamp(HTTP["now"], UTC)
MAIN, SECOND = HTTP["keys"]
OWNER = HTTP["keys"][MAIN]["owner"]
INBOX = "/ap/c/hilltop/inbox"


@cache
def key_of(id_):
    entry = HTTP["keys"][id_]
    if entry["type"] == "rsa":
        raw = base64.b64decode(entry["public"])
        return keys.PublicKey(id_, entry["owner"], "rsa", raw)
    return keys.read_multikey(entry["public"], id=id_, owner=entry["owner"])


def find_key(id_):
    if id_ not in HTTP["keys"]:
        raise KeyRefused("There is no such key.")
    return key_of(id_)


def request_of(case):
    body = case.get("body")
    return Request(
        case["method"],
        ORIGIN + case["target"],
        tuple((name, value) for name, value in case["headers"]),
        None if body is None else body.encode(),
    )


def case(name):
    return next(it for it in HTTP["cases"] if it["name"] == name)


def secret_of(entry):
    if entry["type"] == "rsa":
        return load_der_private_key(base64.b64decode(entry["secret_pkcs8"]), None)
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(entry["secret"]))


SECRETS = {id_: secret_of(entry) for id_, entry in HTTP["keys"].items()}
SIGNER = Signer(MAIN, SECRETS[MAIN])


def post(sign, *, method="POST", path=INBOX, body=b"{}", signer=SIGNER):
    fields = (("Host", "b.example"), ("Content-Type", "application/activity+json"))
    return signed(sign, Request(method, ORIGIN + path, fields, body), signer)


def signed(sign, request, signer=SIGNER, **more):
    added = sign(request, signer, at=NOW, **more)
    return replace(request, fields=(*request.fields, *added.items()))
