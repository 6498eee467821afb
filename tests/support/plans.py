"""How a database goes about a question, to see that an index answers it."""

from collections.abc import Callable, Iterator

from sqlalchemy import Engine, event

from node.core import Node


def plans(node: Node, look: Callable[[], object], having: str) -> Iterator[list[str]]:
    """Yield the plan of each question asked meanwhile that has these words in it."""
    asked = []

    def keep(_conn, _cursor, statement, parameters, *_):
        if having in statement:
            asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        look()
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
    postgres = bool(node.settings.database_url)
    with node.read() as tx:
        cursor = tx.connection().connection.cursor()
        if postgres:
            # So few rows would be read whole; what is asked is whether the index can.
            for way in ("seqscan", "bitmapscan", "sort"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        for statement, parameters in asked:
            explain = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
            cursor.execute(f"{explain} {statement}", parameters)
            yield [row[-1] for row in cursor.fetchall()]


def sorts(plan: list[str]) -> list[str]:
    """Return the lines of a plan in which rows are sorted."""
    return [line for line in plan if "Sort  (" in line or "FOR ORDER BY" in line]


def reads_all(plan: list[str]) -> list[str]:
    """Return the lines of a plan in which every case is looked at."""
    return [line for line in plan if "Scan on case" in line or "SCAN case" in line]
