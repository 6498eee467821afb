"""Consents that were given before there were records still read."""

from importlib.resources import as_file, files

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from governance.consent import Purpose, Standing, fold, in_force
from node import consent_rows, migrate
from node.models.consent import Consent
from node.settings import Settings
from tests.support.engines import ENGINES, copied, server_of

#: The step before there were records.
BEFORE = "0018"
CASE = "00000000-0000-0000-0000-00000000000c"
PERSON = "00000000-0000-0000-0000-00000000000b"
ROWS = {"0000000000000000000000000000000a": None, "0000000000000000000000000000000d": 9}


@pytest.fixture(params=ENGINES)
def older(request, tmp_path):
    """A database as the version before left it, with one case and two consents."""
    server = server_of(request)
    url = ""
    if server:
        url = server.rsplit("/", 1)[0] + "/" + copied(server, "template0")
    settings = Settings(data=tmp_path, database_url=url)
    engine = create_engine(migrate.url(settings))
    with as_file(files("node") / "migrations") as at, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(at))
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        _fill(connection)
    engine.dispose()
    return settings


def _fill(connection):
    # As this engine keeps an id.
    plain = connection.dialect.name == "sqlite"
    case, person = (it.replace("-", "") if plain else it for it in (CASE, PERSON))
    connection.execute(
        text(
            "INSERT INTO person (id, language, identity, created_at)"
            " VALUES (:person, 'en', 'anonymous', 1)"
        ),
        {"person": person},
    )
    connection.execute(
        text(
            'INSERT INTO "case" (id, reference, kind, state, member_id, channel,'
            " language, topic, title, priority_rank, open_to_advocates, caution,"
            " rules, member_wrote_last, disputed, reopened, received_at) VALUES"
            " (:case, 'AS-1234567', 'claim', 'queued', :person, 'web', 'de',"
            " 'housing', '', 2, false, '', '1/x', true, false, 0, 1)"
        ),
        {"case": case, "person": person},
    )
    for id_, withdrawn in ROWS.items():
        connection.execute(
            text(
                "INSERT INTO consent (id, case_id, purpose, wording, given_at,"
                " withdrawn_at) VALUES (:id, :case, 'contact_case', 'tell-1', 5, :out)"
            ),
            {"id": id_, "case": case, "out": withdrawn},
        )


def test_a_consent_from_before_reads_as_it_was_given_and_taken_back(older):
    migrate.upgrade(older)

    engine = create_engine(migrate.url(older))
    with Session(engine) as tx:
        rows = tx.scalars(select(Consent).order_by(Consent.id)).all()
        said = [fold(consent_rows.events(tx, row.id)) for row in rows]
        assert [row.state for row in rows] == [Standing.GIVEN, Standing.WITHDRAWN]
        assert [one.state for one in said] == [row.state for row in rows]
        assert [one.ended_at for one in said] == [row.withdrawn_at for row in rows]
        assert {(row.purpose, row.language, row.notice_hash) for row in rows} == {
            (Purpose.CONTACT_CASE, "de", None)
        }
        assert [in_force(row, at=said[1].ended_at) for row in rows] == [True, False]
    engine.dispose()
