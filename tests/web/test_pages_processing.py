"""The record of processing, through the pages."""


def test_a_steward_reads_what_is_used_here_and_for_what(house):
    house.told()
    dov = house.member("dov@ash.example")

    dov.open("/admin/processing")

    for said in (
        "Ash Moot",
        "to work on my case",
        "what was said and done in a case",
        "GDPR Art.",
        "they are asked again",
    ):
        assert said in dov.text


def test_others_do_not(house):
    cleo = house.member("cleo@ash.example")

    cleo.open("/admin/processing", status=403)
