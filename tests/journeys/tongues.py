"""Each journey is walked in two languages: its own, and one from right to left.

The second is nobody's: each sentence stands between the marks that turn it around, and
whoever reads it here passes over them. What was not said in the reader's language has
none, so it is seen which pages speak it.
"""

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from node import language
from node.language import Language
from tests.browser import pseudo
from tests.support.clients import app_of
from tests.web.reader import Reader
from web import current

MIRRORED = "ar-XB"
BEGIN, END = "\u202e", "\u202c"


class FromRightToLeft(Reader):
    """Somebody who reads from right to left, and looks whether it is for them."""

    def another(self):
        """Return somebody else with a new browser, who reads the same language."""
        return FromRightToLeft(self.app, here=self.here, tongue=self.tongue)

    @property
    def text(self):
        """What stands on the page, as words, once it is known whose language it is."""
        if self.page.mimetype == "text/html":
            assert f'<html lang="{MIRRORED}" dir="rtl"' in self.html, self.path
            assert BEGIN in self.html, self.path
        return super().text.replace(BEGIN, "").replace(END, "")


def mirrored(moot, *, member):
    """Say who walks in the second language.

    By turns, so that guests and members walk in both, and on both engines.
    """
    return member is not bool(moot.node.settings.database_url)


def reader_of(moot, *, mirrored):
    """Return somebody at their telephone, in the first language or the second."""
    app = app_of(moot.node)
    if not mirrored:
        return Reader(app)
    app.extensions[current.LANGUAGES] = _spoken()
    return FromRightToLeft(app, tongue=MIRRORED)


@cache
def _spoken() -> Mapping[str, Language]:
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-languages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return language.read(pseudo.build(folder))
