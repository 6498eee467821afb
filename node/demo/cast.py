"""Who is in the demo, and what they say: from the shipped tables, by a seed."""

import csv
import json
import random
from dataclasses import dataclass
from pathlib import Path

from governance.errors import NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a community, known to the demo by their first name."""

    name: str
    roles: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Their first name, which is theirs alone in the whole demo."""
        return self.name.partition(" ")[0].lower()

    @property
    def job(self) -> str:
        """What they do in their community, in a word."""
        return self.roles[0] if self.roles else "member"


@dataclass(frozen=True, slots=True)
class Community:
    """One community: its name, the last part of its address, and its people."""

    name: str
    slug: str
    place: str
    steward: Person
    people: tuple[Person, ...]

    @property
    def everybody(self) -> tuple[Person, ...]:
        """Its steward and all others."""
        return (self.steward, *self.people)

    def mail(self, key: str) -> str:
        """Return the mailbox of one of its people."""
        return f"{key}@{self.slug}.example"

    def answers(self, areas: dict[str, str]) -> dict[str, object]:
        """Return what its node is founded with."""
        return {
            "community": {
                "name": self.name,
                "slug": self.slug,
                "zone": "Europe/London",
                "preset": "cooperative",
            },
            "contact": {"mail": self.mail("help"), "place": self.place},
            "areas": [{"code": code, "name": name} for code, name in areas.items()],
            "steward": {
                "name": self.steward.name,
                "mail": self.mail(self.steward.key),
            },
            "people": [
                {"name": it.name, "mail": self.mail(it.key), "roles": list(it.roles)}
                for it in self.people
            ],
        }


HOME = Community(
    "Elm Street Moot",
    "elmstreet",
    "Library, Thursdays",
    Person("Dov Adler", ("steward",)),
    (
        Person("Dana Okafor", ("advocate",)),
        Person("Cleo Marsh", ("advocate",)),
        Person("Iris Novak", ("coordinator",)),
        Person("Maria Silva"),
    ),
)
NEIGHBOUR = Community(
    "Northside Tenants",
    "northside",
    "Mill Hall, Mondays",
    Person("Noor Rahman", ("steward",)),
    (Person("Priya Nair", ("advocate",)), Person("Tomas Reed")),
)
_DATA = Path(__file__).parents[2] / "data"
_WARDS = "oxford-E07000178.geojson"
_MOST_WARDS = 8


@dataclass(frozen=True, slots=True)
class Story:
    """Something that somebody tells the community."""

    text: str
    wanted: str
    area: str | None


def _file(*parts: str) -> Path:
    path = _DATA.joinpath(*parts)
    if not path.exists():
        raise NotFound("The demo's tables come with the source, not with the package.")
    return path


def wards() -> dict[str, str]:
    """Return names of wards by their codes."""
    features = json.loads(_file("wards", _WARDS).read_text())["features"]
    rows = (feature["properties"] for feature in features)
    named = sorted((row["WD13NM"], row["WD13CD"]) for row in rows)
    return {code: name for name, code in named[:_MOST_WARDS]}


def stories(count: int, seed: int) -> list[Story]:
    """Return what people tell, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a story is no secret
    matters = _matters()
    areas = [*wards(), None]
    return [
        Story(matter, chance.choice(_WISHES), chance.choice(areas))
        for matter in (chance.choice(matters) for _ in range(count))
    ]


_WISHES = (
    "I want it corrected, and told so in writing.",
    "Please make the calls stop.",
    "I would like my money back.",
    "",
)


def _matters() -> list[str]:
    rows = [json.loads(line) for line in _file("complaints", "ccdb.ndjson").open()]
    told = [row["complaint_what_happened"] for row in rows]
    with _file("complaints", "v2-public.csv").open(newline="") as table:
        told += [_said(row) for row in csv.DictReader(table)]
    return sorted({text.strip() for text in told if text and text.strip()})


def _said(row: dict[str, str]) -> str:
    # The narratives of this table are blind text; what was complained about is not.
    parts = (row["Issue"], row["Sub-issue"])
    matter = ". ".join(part for part in parts if part)
    return f"{matter}. It is about: {row['Product'].lower()}."
