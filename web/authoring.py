"""Words that come signed: what a form or a program sends with them, and asks for them.

A form without it is as good. Whatever a browser cannot do, it sends the words alone.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from node import authors, log
from node.log import Authored, Standing
from web import current

#: Every way a statement is refused.
REFUSED = log.STATEMENT_REFUSALS


def of_form(typed: Mapping[str, str]) -> Authored | None:
    """Return what a device signed and put into a form, checked; None if it did not."""
    if not typed.get("s"):
        return None
    d = typed.get("d", "").split()
    return _checked(typed["s"], typed.get("p", ""), d, typed.get("case_key", ""))


def of_program(given: Mapping[str, Any] | None) -> Authored | None:
    """Return what a program sent beside the words, checked; None if it sent nothing."""
    if given is None:
        return None
    return _checked(given["s"], given["p"], given["d"], given["case_key"])


def _checked(s: str, p: str, d: Collection[str], case_key: str) -> Authored:
    return log.authored(current.node(), s=s, p=p, d=d, case_key=case_key)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks a device to sign."""

    #: For the script, as JSON.
    script: str
    #: Whether the reader has passkeys to choose from.
    passkeys: bool


def new_case(text: str) -> Asked:
    """Return what is asked for with the words that begin a case."""
    return _asked(kind="submission", fields={"text": text, "channel": "web"})


def message(stands: Standing, control: str) -> Asked:
    """Return what is asked for with a message, typed into a control of the form."""
    return _asked(
        kind="reply",
        fields={},
        **{"from": {"text": control}},
        chain=stands.chain,
        kc=stands.kc,
        re=stands.last,
    )


def _asked(**words: object) -> Asked:
    who = authors.signer(current.node(), by=current.visitor())
    asked = {
        **words,
        "log": who.log,
        "rp": who.rp,
        "owner": who.owner,
        "passkeys": [{"id": name, "pub": point} for name, point in who.passkeys],
    }
    return Asked(json.dumps(asked), bool(who.passkeys))
