"""A keep-alive client in a closed loop, from one or several threads."""

from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from itertools import count as numbers
from threading import Thread
from time import perf_counter
from typing import TypeAlias

#: Path, body and headers of one request.
Sent: TypeAlias = tuple[str, bytes, Mapping[str, str]]
#: Returns the next request.
Next: TypeAlias = Callable[[], Sent]
#: Each call comes from an address of its own, as each node and each person does.
_ADDRESSES = numbers(2)


def post(port: int, count: int, make: Next, expected: int) -> list[float]:
    """Send requests one after the other; return each one's milliseconds."""
    high, low = divmod(next(_ADDRESSES), 250)
    source = f"127.1.{high}.{low + 1}", 0
    connection = HTTPConnection("localhost", port, 60, source_address=source)
    took = []
    for _ in range(count):
        path, body, headers = make()
        began = perf_counter()
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read()
        took.append((perf_counter() - began) * 1e3)
        if answer.status != expected:
            raise RuntimeError(f"answered {answer.status}: a fast wrong answer")
    connection.close()
    return took


def post_from(
    threads: int, port: int, count: int, make: Next, expected: int
) -> list[float]:
    """Send from several threads at once; return each request's milliseconds."""
    took: list[float] = []

    def work() -> None:
        took.extend(post(port, count // threads, make, expected))

    running = [Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if len(took) < count // threads * threads:
        raise RuntimeError("a thread gave up")
    return took
