import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from node.core import Collision
from node.models.areas import Area

PATIENCE = 30


@pytest.fixture
def ash(either):
    return either.build("https://ash.example")


def write_one(node, code):
    with node.begin() as tx:
        tx.add(Area(code=code, name=code))


def codes(node):
    with node.read() as tx:
        return set(tx.scalars(select(Area.code)))


def test_concurrent_writers_lose_nothing(ash):
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda one: write_one(ash, f"{one:02}"), range(64)))

    assert codes(ash) == {f"{one:02}" for one in range(64)}


def test_counting_up_together_counts_everybody(ash):
    with ash.begin() as tx:
        tx.add(Area(code="sum", name="0"))

    def count(_):
        with ash.begin() as tx:
            row = tx.get_one(Area, "sum", with_for_update=True)
            row.name = str(int(row.name) + 1)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(count, range(40)))

    with ash.read() as tx:
        assert tx.get_one(Area, "sum").name == "40"


def test_two_databases_on_one_folder_share_the_work(either, ash):
    other = either.open(ash.settings)

    with ThreadPoolExecutor(8) as crowd:
        list(
            crowd.map(
                lambda one: write_one(other if one % 2 else ash, f"{one:02}"), range(60)
            )
        )

    assert codes(ash) == codes(other) == {f"{one:02}" for one in range(60)}


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from node import database
from node.models.areas import Area

url, folder, name = sys.argv[1:]
found = database.connect(url, Path(folder), lambda: 0.0)
for number in range(50):
    with found.writing(sealed=number % 2 == 0, durable=True) as tx:
        tx.add(Area(code=f"{name}-{number}", name=name))
found.close()
"""


def test_processes_that_write_at_once_lose_nothing(ash):
    words = [ash.settings.database_url, str(ash.settings.data)]
    others = [
        subprocess.Popen([sys.executable, "-c", ANOTHER_PROCESS, *words, name])  # noqa: S603 - our own words
        for name in ("one", "two")
    ]

    for number in range(50):
        write_one(ash, f"here-{number}")

    assert [other.wait(PATIENCE) for other in others] == [0, 0]
    assert codes(ash) == {
        f"{name}-{number}" for name in ("one", "two", "here") for number in range(50)
    }


@pytest.mark.network
def test_cheap_commits_of_postgresql_do_not_wait_for_its_flush(on_postgres):
    ash = on_postgres.build("https://ash.example")
    asked = []

    for how in ({}, {"sealed": True}, {"durable": False}):
        with ash.begin(**how) as tx:
            asked.append(tx.scalar(text("SHOW synchronous_commit")))

    assert asked == ["on", "off", "off"]


@pytest.mark.network
def test_a_deadlock_is_a_collision(on_postgres):
    ash = on_postgres.build("https://ash.example")
    write_one(ash, "a")
    write_one(ash, "b")
    met, told = threading.Barrier(2, timeout=PATIENCE), []

    def cross(first, second):
        try:
            with ash.begin() as tx:
                tx.get_one(Area, first, with_for_update=True)
                met.wait()
                tx.get_one(Area, second, with_for_update=True)
        except Collision:
            told.append(first)

    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(cross, "ab", "ba"))

    assert len(told) == 1
