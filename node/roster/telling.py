"""Who is on call hears what becomes of their turns."""

from sqlalchemy.orm import Session

from node import language, notices, people
from node.core import Node
from node.models.people import Person
from node.models.roster import Turn
from node.models.start import Community


def tell(node: Node, tx: Session, row: Turn, kind: str) -> None:
    """Tell whoever has a turn what became of it."""
    point = people.mail_of(tx, row.person_id)
    if point is None:
        return
    zone = tx.get_one(Community, 1).zone
    spoken = tx.get_one(Person, row.person_id).language
    values = {
        "first": language.moment(row.from_at, zone, spoken),
        "last": language.moment(row.until_at, zone, spoken),
        "link": f"{node.settings.origin}/me/absences",
    }
    notices.queue(node, tx, point, notices.About(kind, values))
