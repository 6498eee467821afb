"""What is asked of an authenticator, and whether it answered exactly that.

No database here: a challenge comes in, and a checked answer or None goes out. Keys
are bound to the name people reach the node by, so they fit no other place.
"""

from dataclasses import dataclass
from uuid import UUID

import webauthn
from webauthn.authentication.verify_authentication_response import (
    VerifiedAuthentication,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from federation import strict
from federation.errors import Rejected
from node.settings import Settings

_LIMITS = strict.Limits(size=16_384, depth=8, values=200, keys=50)
#: Whatever the library makes of bytes from outside that are no answer at all.
_BROKEN = (WebAuthnException, ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose new passkey it is to be, as their authenticator will show it."""

    account_id: UUID
    name: str
    #: The keys they have: one authenticator holds one of ours.
    known: tuple[bytes, ...]
    #: Whether a touch is not enough: it must be unlocked as well.
    unlocked: bool


def to_sign_in(settings: Settings, challenge: bytes) -> str:
    """Return what asks for any passkey of ours."""
    options = webauthn.generate_authentication_options(
        rp_id=settings.hostname,
        challenge=challenge,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def to_add(settings: Settings, challenge: bytes, title: str, who: Bearer) -> str:
    """Return what asks for a new passkey, one that works without typing a name."""
    wish = UserVerificationRequirement
    known = [PublicKeyCredentialDescriptor(id=key) for key in who.known]
    options = webauthn.generate_registration_options(
        rp_id=settings.hostname,
        rp_name=title,
        user_name=who.name,
        # Neither a contact nor a number of ours: some authenticators show it.
        user_id=who.account_id.bytes,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=wish.REQUIRED if who.unlocked else wish.PREFERRED,
        ),
        exclude_credentials=known,
    )
    return webauthn.options_to_json(options)


def made(
    settings: Settings, challenge: bytes, answer_json: str, *, unlocked: bool
) -> VerifiedRegistration | None:
    """Return the new key if the answer is one to this challenge, here; else None."""
    try:
        return webauthn.verify_registration_response(
            credential=_read(answer_json),
            expected_challenge=challenge,
            expected_rp_id=settings.hostname,
            expected_origin=settings.origin,
            require_user_verification=unlocked,
        )
    except _BROKEN:
        return None


def named(answer_json: str) -> tuple[bytes, bytes | None] | None:
    """Return which key an answer claims to come from, and whose; nothing is checked."""
    try:
        answer = parse_authentication_credential_json(_read(answer_json))
    except _BROKEN:
        return None
    return answer.raw_id, answer.response.user_handle


def signed(
    settings: Settings,
    challenge: bytes,
    answer_json: str,
    public_key: bytes,
    *,
    unlocked: bool,
) -> VerifiedAuthentication | None:
    """Return the checked answer if this key gave it to this challenge; else None."""
    try:
        return webauthn.verify_authentication_response(
            credential=_read(answer_json),
            expected_challenge=challenge,
            expected_rp_id=settings.hostname,
            expected_origin=settings.origin,
            credential_public_key=public_key,
            # The library would refuse a counter that went back; we warn instead.
            credential_current_sign_count=0,
            require_user_verification=unlocked,
        )
    except _BROKEN:
        return None


def _read(answer_json: str) -> dict[str, object]:
    try:
        answer = strict.loads(answer_json.encode(), _LIMITS)
    except Rejected as error:
        raise ValueError("this is not JSON as we read it") from error
    if not isinstance(answer, dict):
        raise TypeError("an answer is an object")
    return answer
