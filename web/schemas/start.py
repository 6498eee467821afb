"""What a community says about itself before it opens."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates

from web.schemas.form import FormSchema, check_characters, line

_AREA = 120
_MOST = 500


class Setup(FormSchema):
    """The one page of the wizard."""

    name = line(120, required=True)
    slug = line(40)
    language = line(40)
    zone = line(80)
    areas = fields.String(load_default="")
    mail = line()
    phone = line(120)
    sms = line(120)
    place = line(120)
    steward = line(120, required=True)
    contact = line(required=True)

    @validates("areas")
    def _short(self, text: str, **_: object) -> None:
        check_characters(text)
        names = _names(text)
        if len(names) > _MOST or any(len(name) > _AREA for name in names):
            raise ValidationError("long")


def answers(found: Mapping[str, Any]) -> dict[str, object]:
    """Return what was typed in the shape of an answers file."""
    about = {name: found[name].strip() for name in ("name", "slug", "language", "zone")}
    return {
        "community": {name: text for name, text in about.items() if text},
        "contact": {
            name: found[name].strip() for name in ("mail", "phone", "sms", "place")
        },
        "areas": [
            {"code": code, "name": name}
            for code, name in _coded(_names(found["areas"]))
        ],
        "steward": {
            "name": found["steward"].strip(),
            "mail": found["contact"].strip(),
        },
    }


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(row.strip() for row in text.splitlines() if row.strip()))


def _coded(names: list[str]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for number, name in enumerate(names, start=1):
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30]
        code = plain if plain and plain not in taken else f"place-{number}"
        taken.add(code)
        yield code, name
