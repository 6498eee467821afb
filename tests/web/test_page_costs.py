"""What each page costs: statements it asks, and bytes it sends.

The design allows any page 12 statements and 60 kB. Each has the number it asked when
this was written as its most, those beyond 12 as well: none may become more.
"""

from tests.support.members import Statements
from tests.web.conftest import STORY

LARGEST = 60 * 1024
CONTROL = ("SAVEPOINT", "RELEASE", "PRAGMA", "BEGIN", "SET ")
#: Who opens it, and the most statements it asks when it is opened again.
PAGES = {
    "/": ("cleo", 9),
    "/me": ("ada", 9),
    "/me/data": ("ada", 17),
    "/me/end": ("ada", 9),
    "/me/absences": ("cleo", 13),
    "/me/notices": ("ada", 9),
    "/search?q=heating": ("cleo", 10),
    "/desk": ("cleo", 12),
    "/desk/triage": ("cleo", 33),
    "/desk/aside": ("cleo", 8),
    "/desk/unmatched": ("cleo", 8),
    "/desk/walls": ("cleo", 9),
    "/desk/snippets": ("cleo", 8),
    "/desk/copies": ("cleo", 9),
    "/desk/cases/{ref}": ("cleo", 40),
    "/desk/cases/{ref}/together": ("cleo", 49),
    "/cases/{ref}/parties": ("guest", 9),
    "/desk/cases/{ref}/parties": ("cleo", 14),
    "/desk/cases/{ref}/feedback": ("cleo", 12),
    "/cases/{ref}": ("guest", 36),
    "/cases/{ref}/sharing": ("guest", 18),
    "/cases/{ref}/consents": ("guest", 28),
    "/cases/{ref}/together": ("guest", 33),
    "/cases/{ref}/withdraw": ("guest", 33),
    "/cases/{ref}/keep": ("guest", 29),
    "/cases/{ref}/erase": ("guest", 29),
    "/cases/{ref}/notes": ("guest", 8),
    "/cases/{ref}/feedback": ("guest", 12),
    "/cases/{ref}/proof": ("guest", 7),
    "/admin/": ("cleo", 5),
    "/admin/people": ("dov", 11),
    "/admin/roster": ("cleo", 12),
    "/admin/teams": ("cleo", 9),
    "/admin/topics": ("cleo", 13),
    "/admin/topics/housing": ("cleo", 13),
    "/admin/templates": ("cleo", 8),
    "/admin/notes": ("cleo", 7),
    "/admin/requests": ("dov", 9),
    "/admin/jobs": ("dov", 10),
    "/admin/audit": ("dov", 11),
    "/admin/breaches": ("dov", 8),
    "/admin/glass": ("dov", 9),
    "/admin/holds": ("dov", 9),
    "/admin/processing": ("dov", 10),
    "/misses/": ("ada", 6),
    "/public": ("ada", 7),
}


def asked(house, reader, path):
    """Return how often the database is asked when a page is opened again."""
    reader.open(path)
    with Statements(house.node) as said:
        reader.open(path)
    return len([one for one in said if not one.startswith(CONTROL)])


def test_no_page_asks_or_sends_more_than_it_may(house):
    guest, cleo, ref = house.taken()
    house.told(text=f"{STORY} And the lift, too.")
    house.village.work(house.node)
    readers = {"guest": guest, "cleo": cleo}
    readers |= {who: house.member(f"{who}@ash.example") for who in ("ada", "dov")}
    too_many = {}
    for path, (who, most) in PAGES.items():
        found = asked(house, readers[who], path.format(ref=ref))
        if found > most:
            too_many[path] = found
        assert len(readers[who].html.encode()) <= LARGEST, path

    assert too_many == {}
