from tests.house.reading import CODE, every, imports, listed, name, within

EGRESS = listed("egress.toml")


@every(CODE)
def test_only_listed_files_open_connections_or_start_programs(module):
    used = {
        family
        for imported in imports(module)
        for family in EGRESS["modules"]
        if within(imported, family)
    }

    assert used <= allowed(module).keys()


def test_no_permission_is_kept_that_nothing_uses():
    used = {
        (name(module), family)
        for module in CODE
        for imported in imports(module)
        for family in EGRESS["modules"]
        if within(imported, family)
    }
    given = {
        (file, family)
        for file, reasons in EGRESS["files"].items()
        for family in reasons
    }

    assert given <= used


def test_every_permission_has_a_reason():
    reasons = [
        reason for reasons in EGRESS["files"].values() for reason in reasons.values()
    ]

    assert all(len(reason.split()) >= 3 for reason in reasons)


def allowed(module):
    return EGRESS["files"].get(name(module), {})
