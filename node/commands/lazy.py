"""Groups that load a command when it is asked for: a list of them costs nothing.

Loading what one command needs takes a second or two; nobody waits for what all need.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

import click


@dataclass(frozen=True, slots=True)
class Later:
    """A command that is not loaded yet."""

    #: Where it is: `package.module:name`.
    where: str
    #: What it does, as it says itself once it is loaded.
    says: str

    def load(self) -> click.Command:
        """Return the command."""
        module, _, name = self.where.partition(":")
        return cast("click.Command", getattr(import_module(module), name))


class Commands(Mapping[str, click.Command]):
    """Commands by their names; each is loaded by whoever takes it."""

    def __init__(self, later: Mapping[str, Later]) -> None:
        self.later = later
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        """Load a command, once."""
        if name not in self._loaded:
            self._loaded[name] = self.later[name].load()
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names, and load nothing."""
        return iter(self.later)

    def __len__(self) -> int:
        """Count the commands, and load none."""
        return len(self.later)

    def __contains__(self, name: object) -> bool:
        """Say whether there is such a command, and load nothing."""
        return name in self.later


class Program(click.Group):
    """The program: its commands load late, and are found by their own names."""

    def __init__(self, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # as click takes them
        self.known = cast("Commands", self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return what was typed, or say where a command of that name is."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        groups = [it for it in self.commands.values() if isinstance(it, click.Group)]
        near = [f"`{it.name} {args[0]}`" for it in groups if args[0] in it.commands]
        if not near:
            return super().resolve_command(ctx, args)
        said = f"No such command {args[0]!r}. Did you mean {' or '.join(near)}?"
        raise click.UsageError(said, ctx)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """List the commands with what they do, and load none."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.known.later[name].says) for name in sorted(self.known)]
            )
