"""The commands of a node, as whoever runs it types them."""

from click.testing import CliRunner, Result

from folkmoot import main
from tests.support.cast import Moot


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
