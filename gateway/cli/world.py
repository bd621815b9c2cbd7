"""Commands of the invented world: the demo's people and vehicles, a simulation, a replay."""

from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.running import read_settings, run


def _say(line: str) -> None:
    typer.echo(line)


def demonstrate() -> None:
    """Run the demo's vehicles and people against the system that `gongche up --demo` started."""
    import demo.run

    settings = read_settings()
    host = settings.local_host
    run(
        demo.run.run(
            settings,
            f"http://{host}:{settings.http_port}",
            host,
            settings.jt808_port,
            settings.data_dir / "demo",
            _say,
        )
    )


def simulate(
    username: Annotated[str, typer.Option(help="an account that may write vehicles")],
    password: Annotated[str, typer.Option(envvar="GONGCHE_PASSWORD", help="its password")],
    base_url: Annotated[str, typer.Option(help="the server's API")] = "http://127.0.0.1:8000",
    host: Annotated[str, typer.Option(help="the terminals' door")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="its port")] = 7808,
    vehicles: Annotated[int, typer.Option(help="how many", min=1, max=9_999)] = 20,
    plate_prefix: Annotated[str, typer.Option(help="of their plates")] = "示S",
    seed: Annotated[int, typer.Option(help="the same seed drives the same way")] = 1,
) -> None:
    """Register vehicles on any server and drive them about, speaking JT/T 808 over TCP."""
    import demo.simulate

    run(
        demo.simulate.simulate(
            read_settings().maps_dir,
            base_url,
            host,
            port,
            username,
            password,
            vehicles,
            _say,
            plate_prefix=plate_prefix,
            seed=seed,
        )
    )


def replay(
    file: Annotated[Path, typer.Argument(help="GPX, or CSV with time,lat,lon[,speed]")],
    phone: Annotated[str, typer.Option(help="the number of the terminal that sends it")],
    host: Annotated[str, typer.Option(help="the terminals' door")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="its port")] = 7808,
    plate: Annotated[str, typer.Option(help="shown on registration")] = "",
    speed: Annotated[float, typer.Option(help="times faster than recorded")] = 1.0,
    keep_times: Annotated[
        bool, typer.Option("--keep-times", help="send the recorded times at once, in batches")
    ] = False,
) -> None:
    """Drive a recorded track through a terminal."""
    import demo.replay

    sent = run(
        demo.replay.replay(
            file, host, port, phone, _say, plate=plate, speed=speed, keep_times=keep_times
        )
    )
    _say(f"{sent} positions acknowledged")
