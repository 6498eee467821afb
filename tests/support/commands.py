"""The commands of a node, as whoever runs it types them."""

import json
from typing import Any

from click.testing import CliRunner, Result

from folkmoot import main
from tests.support.cast import ROLES, Moot
from tests.support.clients import Program, app_of, token_of


def environment(moot: Moot) -> dict[str, str]:
    """Return what the environment says of the cast's node."""
    settings = moot.node.settings
    return {
        "FOLKMOOT_DATA": str(settings.data),
        "FOLKMOOT_PUBLIC_URL": settings.public_url,
        "FOLKMOOT_DATABASE_URL": settings.database_url,
        "FOLKMOOT_CLOCK": f"fixed:{moot.village.now.isoformat()}",
    }


def typed(moot: Moot, *words: str, stdin: str | None = None, **more: str) -> Result:
    """Run a command at the cast's node."""
    told = {**environment(moot), **more}
    return CliRunner().invoke(
        main, words, input=stdin, env=told, catch_exceptions=False
    )


class Terminal:
    """Whoever runs the cast's node, acting for one of the cast after the other."""

    def __init__(self, moot: Moot) -> None:
        self.moot = moot

    def run(
        self, line: str, *words: object, by: str, stdin: str | None = None
    ) -> Result:
        """Type a command: the names of a line, then its words."""
        self.moot.village.pass_time(seconds=30)
        person = ("--person", str(self.moot.ids[by]))
        said = (*line.split(), *map(str, words), *person)
        return typed(self.moot, *said, stdin=stdin)

    def good(self, line: str, *words: object, by: str, stdin: str | None = None) -> str:
        """Type a command that is done, and return what it printed."""
        done = self.run(line, *words, by=by, stdin=stdin)
        assert done.exit_code == 0, done.stderr
        return done.stdout.strip()

    def shown(
        self, line: str, *words: object, by: str, stdin: str | None = None
    ) -> Any:
        """Type a command with --json, and return the document."""
        return json.loads(self.good(line, *words, "--json", by=by, stdin=stdin))

    def no(self, line: str, *words: object, by: str, stdin: str | None = None) -> str:
        """Type a command that is refused, and return its code."""
        done = self.run(line, *words, by=by, stdin=stdin)
        assert (done.exit_code, done.stdout) == (1, "")
        said, code, *_ = done.stderr.split(": ")
        assert said == "Error"
        return code

    def answered(self, path: str, *, by: str) -> Any:
        """Return what the API answers to the same person."""
        answer = self._program(by).ask("GET", f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json

    def post(self, path: str, body: dict[str, object], *, by: str) -> int:
        """Ask the API for an act as the same person, and return its status."""
        return self._program(by).ask("POST", f"/api/v1{path}", body).status_code

    def _program(self, by: str) -> Program:
        role = next(reversed(ROLES.get(by, ("steward",))), "")
        token = token_of(self.moot.node, self.moot.ids[by], role=role)
        return Program(app_of(self.moot.node), self.moot.node, token)
