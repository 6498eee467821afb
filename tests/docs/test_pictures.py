import json
import re

import pytest

from tests.bench import curve
from tests.bench.large import MARKS
from tests.docs.reading import ROOT

PICTURE = ROOT / "docs" / "pictures" / "append-cost.svg"


@pytest.fixture
def figures():
    return json.loads(PICTURE.with_suffix(".json").read_text())


def test_the_picture_shows_the_figures_that_are_kept_beside_it(figures):
    assert PICTURE.read_text() == curve.draw(figures)


def test_the_picture_goes_as_far_as_it_promises(figures):
    assert [row["size"] for row in figures] == list(MARKS)


def test_the_picture_names_every_line_and_every_size(figures):
    said = set(re.findall(r"<text [^>]*>([^<]*)</text>", curve.draw(figures)))

    assert {words for _, words, *_ in curve.LINES} <= said
    assert {f"{row['size']:,}" for row in figures} <= said


def test_a_cost_that_doubles_is_drawn_twice_as_high(figures):
    first, last = figures[0] | {"append": 10.0}, figures[-1] | {"append": 20.0}

    line = re.search(r'points="([^"]*)"', curve.draw([first, last]))

    low, high = (float(point.split(",")[1]) for point in line[1].split())
    ground = curve.HEIGHT - curve.BOTTOM
    assert round((ground - high) / (ground - low), 2) == 2
