"""Several processes of a kind: what each is told, and how many links the gateways can hold."""

import resource

from kit.settings import Settings

_FILES_BESIDE_LINKS = 100
"""Libraries, log, database, bus and metrics, with room to spare."""


def told_apart(settings: Settings) -> dict[str, Settings]:
    """Return the settings of each gateway process by its name.

    All listen on one port, and the kernel spreads new links over them (SO_REUSEPORT); metrics are
    on consecutive ports.
    """
    if settings.gateways == 1:
        return {"gateway": settings}
    first = settings.gateway_metrics_port
    return {
        f"gateway {n + 1}": settings.model_copy(
            update={"gateway_metrics_port": first + n if first else 0}
        )
        for n in range(settings.gateways)
    }


def workers_told_apart(settings: Settings) -> dict[str, Settings]:
    """Return the settings of each worker by its name; metrics are on consecutive ports."""
    first = settings.worker_metrics_port
    return {
        "worker" if n == 0 else f"worker {n + 1}": settings.model_copy(
            update={"worker_metrics_port": first + n if first else 0}
        )
        for n in range(settings.workers)
    }


def allow_many_files() -> int:
    """Let this process open as many files as the system allows; return how many links that is."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return _links_within(most)


def links_held(settings: Settings) -> int:
    """Return how many links all gateways together can hold under this process's limits."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return settings.gateways * _links_within(most)


def _links_within(files: int) -> int:
    # RLIM_INFINITY is -1: the kernel's own limit is far above any number of links here.
    return 1_000_000 if files == resource.RLIM_INFINITY else max(files - _FILES_BESIDE_LINKS, 0)
