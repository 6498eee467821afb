"""Two who want the same row at one instant, as a busy server would have it."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Semaphore
from typing import TypeVar

from sqlalchemy import Select, event, select

from node.core import Node
from node.database import Model
from node.models.cases import Case

_PATIENCE = 10
Who = TypeVar("Who")


def at_once(
    node: Node, case_id: object, do: Callable[[Who], bool], all_of_them: Iterable[Who]
) -> list[bool]:
    """Let everybody do it to one case, begun before the first of them is done."""
    people = list(all_of_them)
    with ThreadPoolExecutor(len(people)) as threads:
        with _held(node, select(Case).where(Case.id == case_id)) as waiting:
            doing = [threads.submit(do, who) for who in people]
            for _ in people:
                waiting()
        return [one.result(_PATIENCE) for one in doing]


def in_turn(
    node: Node, row: Select[tuple[Model]], *calls: Callable[[], object]
) -> None:
    """Make these calls, which all want one row: each queues behind the one before."""
    with ThreadPoolExecutor(len(calls)) as threads:
        with _held(node, row) as waiting:
            doing = []
            for call in calls:
                doing.append(threads.submit(call))
                waiting()
        for one in doing:
            one.result(_PATIENCE)


@contextmanager
def _held(node: Node, row: Select[tuple[Model]]) -> Iterator[Callable[[], object]]:
    engine, asked = node.database.engine, Semaphore(0)
    [table] = (each.name for each in row.get_final_froms())
    if engine.dialect.name != "postgresql":
        yield bool  # one writer at a time: nobody gets far enough to wait for a row
        return

    def note(_connection, _cursor, statement, *_rest) -> None:
        if "FOR UPDATE" in statement and table in statement:
            asked.release()

    with engine.connect() as mine, mine.begin():
        mine.execute(row.with_for_update())
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield lambda: asked.acquire(timeout=_PATIENCE)
        finally:
            event.remove(engine, "before_cursor_execute", note)
