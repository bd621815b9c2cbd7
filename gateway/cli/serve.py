"""The three processes of a running system: the terminals' door, the API, the worker.

Each imports only what it runs, so that it starts fast and holds little memory.
"""

from gateway.cli.running import read_settings, run


def gateway() -> None:
    """Listen to terminals (JT/T 808 over TCP)."""
    from gateway.cli.door_process import serve_terminals

    run(serve_terminals(read_settings("gateway")))


def api() -> None:
    """Serve the HTTP API, the pages and the live feed."""
    from gateway.cli.api_process import serve_api

    serve_api(read_settings("api"))


def worker() -> None:
    """Follow positions into trips and stops, and settle what audit has to settle."""
    from gateway.cli.worker_process import work

    run(work(read_settings("worker")))


PROCESSES = {"gateway": gateway, "api": api, "worker": worker}
