"""What the demo remembers between runs: a small file, replaced as a whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_FILE = "demo-state.json"


@dataclass(slots=True)
class VehicleState:
    """Where a vehicle stood (WGS-84), its odometer, and its terminal's token."""

    latitude: float
    longitude: float
    odometer_m: int
    token: str | None = None


@dataclass(slots=True)
class DemoState:
    """`began_at` is the first start, up to which the history runs; vehicles by phone."""

    began_at: datetime | None = None
    delivered: bool = False
    vehicles: dict[str, VehicleState] = field(default_factory=dict)


def load_state(folder: Path) -> DemoState:
    """Return what was remembered, or the state of a first start."""
    path = folder / _FILE
    if not path.exists():
        return DemoState()
    stored = json.loads(path.read_text(encoding="utf-8"))
    return DemoState(
        began_at=datetime.fromisoformat(stored["began_at"]) if stored["began_at"] else None,
        delivered=stored["delivered"],
        vehicles={phone: VehicleState(**one) for phone, one in stored["vehicles"].items()},
    )


def save_state(state: DemoState, folder: Path) -> None:
    """Remember `state`; whoever is killed meanwhile finds the older one."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        "began_at": state.began_at.isoformat() if state.began_at else None,
        "delivered": state.delivered,
        "vehicles": {
            phone: {
                "latitude": one.latitude,
                "longitude": one.longitude,
                "odometer_m": one.odometer_m,
                "token": one.token,
            }
            for phone, one in state.vehicles.items()
        },
    }
    path = folder / _FILE
    new = path.with_suffix(".new")
    new.write_text(json.dumps(stored), encoding="utf-8")
    new.replace(path)
