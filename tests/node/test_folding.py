from structlog.testing import capture_logs

from federation.errors import SignatureStale, Unverified
from node import folding
from tests.support.door import settle

CEDAR, ELM = "https://cedar.example", "https://elm.example"


def lines_of(act):
    with capture_logs() as lines:
        act()
    return [
        (one["event"], one["origin"], one.get("n"))
        for one in lines
        if one["log_level"] == "warning"
    ]


def warn(node, refused=Unverified, origin=CEDAR, times=1):
    for _ in range(times):
        folding.warn(node, refused("No."), origin)


def test_repeats_are_one_line_a_minute_with_their_number(village):
    node = settle(village)

    assert lines_of(lambda: warn(node, times=1000)) == [("sig.bad", CEDAR, None)]

    village.pass_time(seconds=61)
    found = lines_of(lambda: warn(node))
    assert found == [("sig.bad", CEDAR, 999), ("sig.bad", CEDAR, None)]


def test_another_code_or_origin_has_lines_of_its_own(village):
    node = settle(village)
    warn(node)

    assert lines_of(lambda: warn(node, SignatureStale)) == [("sig.window", CEDAR, None)]
    assert lines_of(lambda: warn(node, origin=ELM)) == [("sig.bad", ELM, None)]


def test_repeats_are_written_once_their_minute_is_over_whatever_comes(village):
    node = settle(village)
    warn(node, times=3)
    assert lines_of(lambda: folding.write(node)) == []

    village.pass_time(seconds=60)

    assert lines_of(lambda: folding.write(node)) == [("sig.bad", CEDAR, 2)]
    assert lines_of(lambda: folding.write(node)) == []


def test_what_happened_once_is_one_line(village):
    node = settle(village)
    warn(node)
    village.pass_time(minutes=5)

    assert lines_of(lambda: folding.write(node)) == []


def test_origins_without_end_share_what_is_remembered(village):
    node = settle(village)
    for number in range(folding.MOST):
        warn(node, origin=f"https://cedar{number}.example")

    found = lines_of(lambda: [warn(node, origin=f"{ELM}:{n}") for n in range(50)])

    assert found == [("sig.bad", "", None)]
    village.pass_time(minutes=1)
    found = lines_of(lambda: folding.write(node))
    assert found == [("sig.bad", "", 49)]
