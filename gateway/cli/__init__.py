"""The `gongche` command: the only place that wires the rooms together."""

import sys

import typer

from dispatch.roads.errors import MapError
from gateway.cli import data, doctor, serve, up, world
from kit.child_process import ChildFailed
from kit.database import DatabaseUnfit
from kit.errors import DomainError
from kit.servers.errors import ServerError
from kit.settings import SettingMissing

app = typer.Typer(
    name="gongche",
    help="Dispatch and tracking of official vehicles: every kilometre explained.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("up")(up.up)
app.command("gateway")(serve.gateway)
app.command("api")(serve.api)
app.command("worker")(serve.worker)
app.command("migrate")(data.migrate)
app.command("openapi")(data.openapi)
app.add_typer(data.maps, name="map")
app.add_typer(data.users, name="user")
app.command("doctor")(doctor.doctor)
app.command("demonstrate", hidden=True)(world.demonstrate)


def main() -> None:
    """Run the command; trouble that we know of is one sentence on standard error."""
    try:
        app()
    except (
        DomainError,
        MapError,
        ServerError,
        ChildFailed,
        DatabaseUnfit,
        SettingMissing,
    ) as error:
        typer.echo(f"gongche: {error}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
