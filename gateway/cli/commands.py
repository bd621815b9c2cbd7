"""Every command of `gongche`, by name."""

import typer

from gateway.cli import (
    backup,
    data,
    demo_data,
    doctor,
    explain,
    journal,
    map_learning,
    redecode,
    regions,
    retention,
    serve,
    spreadsheets,
    up,
    world,
)

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
data.maps.command("learn")(map_learning.map_learn)
app.add_typer(data.users, name="user")
app.add_typer(journal.journal, name="journal")
app.add_typer(regions.regions, name="region")
app.add_typer(explain.dispatch, name="dispatch")
app.command("demo-data")(demo_data.demo_data)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.add_typer(retention.retention, name="retention")
app.command("import")(spreadsheets.import_list)
app.command("export")(spreadsheets.export_list)
app.command("doctor")(doctor.doctor)
app.command("redecode")(redecode.redecode)
app.command("simulate")(world.simulate)
app.command("replay")(world.replay)
app.command("demonstrate", hidden=True)(world.demonstrate)
