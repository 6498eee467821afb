"""The headers of every answer: what a browser may load, keep, tell and embed.

They stand on pages, files and refusals alike; a view may tighten caching and
referrers, and nothing else.
"""

from flask import Response

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: For files that somebody sent: nothing in them runs, loads or speaks for us.
SANDBOX = "sandbox; default-src 'none'"
_TRUSTED_TYPES = "; require-trusted-types-for 'script'"

#: What a page of ours may ask a person for; passkeys need theirs by default.
_ALLOWED = ("camera", "microphone", "geolocation")
_DENIED = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)

STANDARD = {
    "Content-Security-Policy": _POLICY + _TRUSTED_TYPES,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        [f"{name}=(self)" for name in _ALLOWED] + [f"{name}=()" for name in _DENIED]
    ),
    "Referrer-Policy": "same-origin",
}
#: Only over https: a browser ignores it otherwise, and a name may serve both.
TRANSPORT = {"Strict-Transport-Security": "max-age=63072000"}
#: For what scripts of other sites may read too: whoever asks is not told apart, since
#: no browser sends cookies along then.
ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Folkmoot-Size",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

#: For what is about a person, and for whatever does not say otherwise.
PERSONAL = "private, no-store"
#: A page that anybody sees alike, but for the language.
SHARED = "no-cache"


def standard(*, secure: bool) -> dict[str, str]:
    """Return the headers that every answer has."""
    return STANDARD | TRANSPORT if secure else dict(STANDARD)


def dress(
    response: Response,
    *,
    secure: bool,
    personal: bool,
    plain_strings: bool,
    anywhere: bool,
) -> None:
    """Put the headers on an answer; what a view said of caching and referrers stays."""
    fixed = standard(secure=secure)
    if plain_strings:
        fixed["Content-Security-Policy"] = _POLICY
    if anywhere:
        fixed |= ANYWHERE
    if response.headers.get("Content-Security-Policy") == SANDBOX:
        fixed["Content-Security-Policy"] = SANDBOX
    fixed["Referrer-Policy"] = response.headers.get(
        "Referrer-Policy", fixed["Referrer-Policy"]
    )
    response.headers.update(fixed)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = PERSONAL if personal else SHARED
        response.vary.update(["Cookie", "Accept-Language"])
