"""Commands of the invented world: the demo's people and vehicles, a simulation, a replay."""

import typer

from gateway.cli.running import read_settings, run


def _say(line: str) -> None:
    typer.echo(line)


def demonstrate() -> None:
    """Run the demo's vehicles and people against the system that `gongche up --demo` started."""
    import demo.run

    settings = read_settings()
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104
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
