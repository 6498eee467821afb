"""The request's node, person, language and cookies.

The one place that knows Flask's context and the names of cookies. A view says what
the browser shall keep; it is written on the answer once the view is done.
"""

from web.current.context import (
    begin,
    community,
    elapsed_ms,
    fresh_id,
    node,
    one_look,
    request_id,
    source,
    target,
    url,
)
from web.current.cookies import (
    choice,
    choose,
    drop_pending,
    finish,
    has_cookies,
    keep_pending,
    pending,
)
from web.current.forms import (
    CSRF_FIELD,
    FORM_FIELD,
    csrf_holds,
    csrf_token,
    form_age,
    form_token,
    known_by_cookie,
)
from web.current.person import (
    client,
    is_nobody,
    open_case,
    open_party,
    sign_in,
    sign_out,
    spender,
    start_over,
    visitor,
)
from web.current.speech import LANGUAGES, language, spoken

__all__ = [
    "CSRF_FIELD",
    "FORM_FIELD",
    "LANGUAGES",
    "begin",
    "choice",
    "choose",
    "client",
    "community",
    "csrf_holds",
    "csrf_token",
    "drop_pending",
    "elapsed_ms",
    "finish",
    "form_age",
    "form_token",
    "fresh_id",
    "has_cookies",
    "is_nobody",
    "keep_pending",
    "known_by_cookie",
    "language",
    "node",
    "one_look",
    "open_case",
    "open_party",
    "pending",
    "request_id",
    "sign_in",
    "sign_out",
    "source",
    "spender",
    "spoken",
    "start_over",
    "target",
    "url",
    "visitor",
]
