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


def post(
    port: int, count: int, make: Next, expected: int, *, busy: int = 0
) -> list[float]:
    """Send requests one after the other; return each one's milliseconds.

    What is answered with the status `busy` is sent again at once.
    """
    high, low = divmod(next(_ADDRESSES), 250)
    source = f"127.1.{high}.{low + 1}", 0
    connection = HTTPConnection("localhost", port, 60, source_address=source)
    took = []
    for _ in range(count):
        path, body, headers = make()
        began, status = perf_counter(), busy
        while status == busy:
            connection.request("POST", path, body, dict(headers))
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        took.append((perf_counter() - began) * 1e3)
        if status != expected:
            raise RuntimeError(f"answered {status}: a fast wrong answer")
    connection.close()
    return took


def post_from(
    threads: int, count: int, work: Callable[[int], list[float]]
) -> list[float]:
    """Do work in several threads at once, each a part; return all milliseconds."""
    took: list[float] = []
    each = count // threads
    running = [Thread(target=lambda: took.extend(work(each))) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    if len(took) < each * threads:
        raise RuntimeError("a thread gave up")
    return took
