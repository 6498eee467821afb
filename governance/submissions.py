"""What counts as a member's words.

Words are kept exactly as they came, or refused; nothing in here changes any.
"""

import re

from governance.errors import CharactersInvalid, WordsMissing, WordsTooLong

#: Characters in one submission or message. Longer things come as a file.
WORDS_LIMIT = 50_000

#: Controls other than tab and line ends, and halves of characters.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def readable(text: str) -> tuple[str, bool]:
    """Return what of some words can be kept as text, and whether that is all of them.

    For what came as bytes that are kept themselves: nothing is refused for being odd.
    """
    kept = _NOT_TEXT.sub("\N{REPLACEMENT CHARACTER}", text[:WORDS_LIMIT])
    return kept, kept == text and bool(text.strip())


def check_words(text: str) -> str:
    """Return the words unchanged, or refuse what is no text or too much of it."""
    if not text.strip():
        raise WordsMissing("Tell us what happened, in your own words.")
    if len(text) > WORDS_LIMIT:
        raise WordsTooLong(
            f"These are more than {WORDS_LIMIT:,} characters. Attach them as a file.",
            limit=WORDS_LIMIT,
        )
    if _NOT_TEXT.search(text):
        raise CharactersInvalid("The words hold signs that are no text. Remove them.")
    return text
