import psycopg
import pytest
from psycopg import sql

from tests.support import lending
from tests.support.engines import address, copied

pytestmark = pytest.mark.network


@pytest.fixture
def original(postgres_url):
    """The name of a database that another is to be like."""
    name = copied(postgres_url, "template0")
    with psycopg.connect(address(postgres_url, name)) as connection:
        connection.execute(
            """
            CREATE TABLE street (id serial PRIMARY KEY, name text, seal bytea);
            CREATE TABLE house (id int PRIMARY KEY, street int REFERENCES street);
            CREATE TABLE empty (id serial, word text);
            INSERT INTO street (name, seal) VALUES
                ('O''Neill, "the" \\ {}', '\\x00ff'), (NULL, ''), ('', NULL);
            INSERT INTO house VALUES (7, 2), (3, 1);
            """
        )
    return name


def held(url):
    """Return every row, and how far each sequence has counted."""
    with psycopg.connect(url) as connection:
        tables = {
            table: sorted(
                connection.execute(
                    sql.SQL("SELECT it::text FROM {} it").format(sql.Identifier(table))
                )
            )
            for table in ("street", "house", "empty")
        }
        numbers = [
            connection.execute(
                sql.SQL("SELECT last_value, is_called FROM {}").format(
                    sql.Identifier(name)
                )
            ).fetchone()
            for name in ("street_id_seq", "empty_id_seq")
        ]
    return tables, numbers


def test_what_comes_back_is_as_it_was(postgres_url, original):
    first = held(address(postgres_url, original))
    with lending.lent(postgres_url, original) as url, psycopg.connect(url) as one:
        one.execute("INSERT INTO empty (word) VALUES ('kept')")
        one.execute("DELETE FROM house")
        one.execute("UPDATE street SET name = 'changed', seal = NULL")
        one.execute("INSERT INTO street (name) VALUES ('more')")
        one.execute("CREATE SCHEMA derived CREATE TABLE of_it (word text)")

    with lending.lent(postgres_url, original) as again:
        assert again == url
        assert held(again) == first


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE another (id int)",
        "ALTER TABLE house ADD COLUMN colour text",
        "ALTER TABLE house DROP CONSTRAINT house_pkey",
        "ANALYZE street",
    ],
)
def test_what_is_not_as_it_was_is_lent_to_nobody(postgres_url, original, change):
    with lending.lent(postgres_url, original) as url, psycopg.connect(url) as one:
        one.execute(change)

    with lending.lent(postgres_url, original) as other:
        assert other != url
