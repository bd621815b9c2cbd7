"""The API, the pages and the live feed as a process."""

import uvicorn

from gateway.http.app import create_app
from kit.settings import Settings


def serve_api(settings: Settings) -> None:
    """Serve HTTP and WebSocket until asked to stop."""
    uvicorn.run(
        create_app(settings),
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
        timeout_graceful_shutdown=5,
    )
