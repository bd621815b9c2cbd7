"""Each shape of the API has one name: clients are generated from them."""

from pathlib import Path

from gateway.http.app import create_app
from kit.settings import Settings


def test_no_two_schemas_of_the_document_share_a_name(tmp_path: Path) -> None:
    """Of two models of one name the document gives both a longer one, with their modules."""
    url = "postgresql+psycopg://nobody@localhost/nowhere"
    app = create_app(Settings(database_url=url, data_dir=tmp_path))
    names = app.openapi()["components"]["schemas"]
    assert "VehicleRef" in names
    assert [name for name in names if "__" in name] == []
