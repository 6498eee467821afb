import pytest

from tests.support.pictures import PDF, bomb
from web.guards.headers import SANDBOX

HERE = "https://ash.example"


def told(house):
    client = house.app.test_client()
    made = client.post(
        "/api/v1/submissions",
        base_url=HERE,
        json={"text": "The heating is off."},
        headers={"Idempotency-Key": "tell-about-heating"},
    ).json
    return client, made["case_ref"], {"Authorization": f"Link {made['token']}"}


def add(client, ref, headers, raw=PDF, kind="application/pdf"):
    return client.post(
        f"/api/v1/cases/{ref}/files?name=letter.pdf",
        base_url=HERE,
        data=raw,
        content_type=kind,
        headers={**headers, "Idempotency-Key": "add-the-letter-once"},
    )


def test_a_program_adds_a_file_once_and_gets_it_back(house):
    client, ref, link = told(house)

    made, again = add(client, ref, link), add(client, ref, link)

    assert made.status_code in {201, 202}
    assert again.json == made.json
    case = client.get(f"/api/v1/cases/{ref}", base_url=HERE, headers=link).json
    files = [one["file"] for one in case["timeline"] if one["kind"] == "file"]
    assert files == [
        {
            "id": made.json["id"],
            "name": "letter.pdf",
            "media": "application/pdf",
            "size": len(PDF),
        }
    ]
    got = client.get(f"/api/v1/files/{made.json['id']}", base_url=HERE, headers=link)
    assert (got.data, got.headers["Content-Security-Policy"]) == (PDF, SANDBOX)


@pytest.mark.parametrize(
    ("raw", "kind", "code"),
    [
        (bomb(), "application/pdf", "invalid.file-kind"),
        (PDF, "text/html", "invalid.file-lies"),
        (b"", "application/pdf", "invalid.file-empty"),
    ],
)
def test_a_program_is_told_by_its_code_why_a_file_is_not_kept(house, raw, kind, code):
    client, ref, link = told(house)

    refused = add(client, ref, link, raw, kind)

    assert (refused.status_code, refused.json["code"]) == (422, code)


def test_a_link_to_one_case_opens_no_file_of_another(house):
    client, ref, link = told(house)
    made = add(client, ref, link).json["id"]
    other = client.post(
        "/api/v1/submissions",
        base_url=HERE,
        json={"text": "Another thing."},
        headers={"Idempotency-Key": "tell-another-thing"},
    ).json["token"]

    for wanted in (made, "00000000-0000-4000-8000-000000000000"):
        got = client.get(
            f"/api/v1/files/{wanted}",
            base_url=HERE,
            headers={"Authorization": f"Link {other}"},
        )
        assert (got.status_code, got.json["code"]) == (404, "not-found")
