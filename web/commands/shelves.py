"""A group of many commands: its help has them on shelves, so that one finds them."""

from collections.abc import Iterable, Mapping

import click


class Shelves(click.Group):
    """Commands, listed by what they are for."""

    def __init__(
        self, shelves: Mapping[str, Iterable[click.Command]], **given: object
    ) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # as click takes them
        self.shelves = shelves
        for command in (one for shelf in shelves.values() for one in shelf):
            self.add_command(command)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands, shelf by shelf."""
        del ctx
        width = max(len(name) for name in self.commands)
        for title, shelf in self.shelves.items():
            with formatter.section(title):
                room = formatter.width - width - 6
                lines = [
                    (f"{one.name:<{width}}", one.get_short_help_str(room))
                    for one in shelf
                ]
                formatter.write_dl(lines)
