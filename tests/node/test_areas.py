from node import areas
from node.areas import Area


def test_places_are_listed_by_name(moot):
    assert areas.every(moot.node) == (
        Area("north", "Ash"),
        Area("south", "South side"),
    )
