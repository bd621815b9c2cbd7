import psycopg
import pytest

from kit.database import plain_url
from kit.servers import EmbeddedPostgres
from tests.support.servers import TemplateDatabases


def migrate(url: str) -> None:
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute("CREATE TABLE seen (n int)")


@pytest.fixture(scope="module")
def databases(postgres_server: EmbeddedPostgres) -> TemplateDatabases:
    made = TemplateDatabases(postgres_server, template="template_of_a_test", prefix="u")
    made.prepare(migrate)
    return made


def test_each_database_is_fresh(databases: TemplateDatabases) -> None:
    for _ in range(2):
        url = databases.create()
        with psycopg.connect(plain_url(url)) as connection:
            row = connection.execute("SELECT count(*) FROM seen").fetchone()
            assert row == (0,)
            connection.execute("INSERT INTO seen VALUES (1)")
        databases.drop(url)


def test_a_dropped_database_is_gone_although_someone_is_connected(
    databases: TemplateDatabases,
) -> None:
    url = databases.create()
    with psycopg.connect(plain_url(url)):
        databases.drop(url)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain_url(url))


def test_a_template_can_be_prepared_again(databases: TemplateDatabases) -> None:
    databases.prepare(migrate)
    databases.drop(databases.create())
