"""The house the page tests visit: one community, its people, and readers."""

import atexit
import re
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest
from flask import Flask

from node.core import Node
from node.settings import Settings
from tests.support.village import Village
from tests.web.reader import HERE, Reader
from web.app import create_app

_STARTED = 2
STORY = "My landlord has not repaired the heating for three weeks."


@dataclass
class House:
    """One community with its doors open."""

    village: Village
    node: Node

    @cached_property
    def app(self) -> Flask:
        """The pages, as they are served."""
        return create_app(self.node, testing=True)

    def reader(self) -> Reader:
        """Return somebody with a new browser."""
        return Reader(self.app)

    def mail(self, to: str) -> str:
        """Return the newest message to somebody, once all that is owed was done."""
        self.village.work(self.node)
        return next(
            message.get_content()
            for address, message in reversed(self.village.mails)
            if address == to
        )

    def member(self, mail: str) -> Reader:
        """Return somebody who has signed in by a link."""
        reader = self.reader()
        reader.open("/sign-in")
        reader.send("/sign-in", contact=mail)
        link = re.search(r"/sign-in/\S+", self.mail(mail))[0]
        reader.open(link)
        reader.send(link)
        return reader

    def told(self, **typed: str) -> tuple[Reader, str]:
        """Return a guest who has told us something, and the reference."""
        guest = self.reader()
        tell(guest, **typed)
        return guest, re.search(r"[A-Z]{2}-[0-9A-Z]{7}", guest.text)[0]

    def taken(self) -> tuple[Reader, Reader, str]:
        """Return a guest, the advocate who works for them, and the reference."""
        guest, reference = self.told()
        cleo = self.member("cleo@ash.example")
        cleo.open("/desk/triage")
        cleo.send("/desk/triage", **TRIAGED)
        cleo.open("/desk")
        cleo.send("/desk/take")
        return guest, cleo, reference


TRIAGED = {
    "kind": "claim",
    "topic": "housing",
    "priority": "normal",
    "reason": "As usual",
}


def tell(reader: Reader, text: str = STORY, **typed: str) -> None:
    """Tell us something, from the first step to the receipt."""
    reader.open("/tell/1")
    reader.send("/tell/1", text=text)
    reader.send("/tell/2", area=typed.get("area", "none"))
    if reader.path == "/tell/3":
        reach = (
            {"reach": "contact", "contact": typed["contact"]}
            if "contact" in typed
            else {}
        )
        reader.send("/tell/3", **(reach or {"reach": "words"}))
    reader.send("/tell/4", audience=typed.get("audience", "assigned"))
    reader.send("/tell/5")


@pytest.fixture
def house(tmp_path):
    village = Village(tmp_path, seed=_STARTED)
    home = tmp_path / "ash.example"
    shutil.copytree(_founded(), home)
    yield House(village, village.open(Settings(data=home, public_url=HERE)))
    village.close()


@cache
def _founded() -> Path:
    """Return the folder of the community before anybody came, to make copies of."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-house-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    village = Village(folder)
    node = village.found(
        HERE,
        steward={"name": "Dov", "mail": "dov@ash.example"},
        contact={"mail": "help@ash.example", "phone": "020 7946 0412"},
        areas=[
            {"code": "castle", "name": "Castle"},
            {"code": "mill", "name": "Mill Hill"},
        ],
        people=[
            {
                "name": "Cleo Marsh",
                "mail": "cleo@ash.example",
                "roles": ["advocate", "coordinator"],
            },
            {"name": "Ben Ito", "mail": "ben@ash.example", "roles": ["advocate"]},
            {"name": "Ada", "mail": "ada@ash.example", "roles": []},
        ],
    )
    village.close()
    return node.settings.data


@pytest.fixture
def guest(house):
    return house.reader()
