"""The API, the pages and the live feed as a process."""

import uvicorn

from dispatch.shared_rides.kernel import made_ready
from gateway.cli.collecting import collect_seldom
from gateway.cli.running import run
from gateway.http.app import create_app
from kit.database import check_fitness, open_engine
from kit.settings import Settings


def serve_api(settings: Settings) -> None:
    """Serve HTTP and WebSocket until asked to stop. Raises DatabaseUnfit before it listens."""
    run(_check_database(settings.required_database_url))
    app = create_app(settings)
    collect_seldom()
    with made_ready():
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.http_port,
            loop="uvloop",
            # One update is encoded once for many clients; deflating it for each would cost more.
            ws_per_message_deflate=False,
            ws_max_size=4_096,
            access_log=False,
            log_config=None,
            proxy_headers=False,
            server_header=False,
            # Longer than a proxy keeps an idle connection: else it sends a request into one that
            # is being closed, and a person reads 502 (nginx keeps 60 s, Caddy 120 s).
            timeout_keep_alive=130,
            timeout_graceful_shutdown=5,
        )


async def _check_database(url: str) -> None:
    engine = open_engine(url, pool_size=1)
    try:
        await check_fitness(engine)
    finally:
        await engine.dispose()
