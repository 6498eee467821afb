"""Signing in: methods, sessions, and who a request then comes from.

Answers about people we do not know are those about people we know, and nothing that
is stored here signs anybody in by itself.
"""

from node.accounts.csrf import OLDEST, QUICKEST, csrf, csrf_holds, form_age, form_token
from node.accounts.devices import (
    SessionLine,
    end_all,
    forget,
    revoke,
    sessions,
    sign_out,
)
from node.accounts.links import (
    Pending,
    ask_link,
    peek_link,
    send_link,
    use_code,
    use_link,
)
from node.accounts.listing import Holder, holders
from node.accounts.passkeys import (
    PasskeyAsk,
    PasskeyLine,
    add_passkey,
    passkey_options,
    passkey_sign_in,
    passkeys,
    remove_passkey,
)
from node.accounts.sessions import (
    FRESH,
    Proof,
    SignedIn,
    open_account,
    open_session,
    renew,
    require_fresh,
    session,
)
from node.accounts.signing import passkey_points
from node.accounts.tokens import bearer, grant_token, on_behalf, withdraw_token
from node.accounts.visitor import GUEST, Visitor, grants_of, roles_of

__all__ = [
    "FRESH",
    "GUEST",
    "OLDEST",
    "QUICKEST",
    "Holder",
    "PasskeyAsk",
    "PasskeyLine",
    "Pending",
    "Proof",
    "SessionLine",
    "SignedIn",
    "Visitor",
    "add_passkey",
    "ask_link",
    "bearer",
    "csrf",
    "csrf_holds",
    "end_all",
    "forget",
    "form_age",
    "form_token",
    "grant_token",
    "grants_of",
    "holders",
    "on_behalf",
    "open_account",
    "open_session",
    "passkey_options",
    "passkey_points",
    "passkey_sign_in",
    "passkeys",
    "peek_link",
    "remove_passkey",
    "renew",
    "require_fresh",
    "revoke",
    "roles_of",
    "send_link",
    "session",
    "sessions",
    "sign_out",
    "use_code",
    "use_link",
    "withdraw_token",
]
