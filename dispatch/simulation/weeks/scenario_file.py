"""A scenario written by hand, as TOML or JSON: places, vehicles, and what is asked for."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dispatch.simulation.weeks.inventing import Pattern, invent
from dispatch.simulation.weeks.model import (
    MOST_REQUESTS,
    MOST_VEHICLES,
    WEEK_S,
    Demand,
    Fleet,
    House,
)
from kit.trouble import Trouble

MOST_BYTES = 64_000_000
Seconds = Annotated[float, Field(ge=0, le=5 * WEEK_S, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class BadScenario(Trouble):
    """The file is no scenario."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceIn(_Part):
    """A place by its name: degrees, WGS-84."""

    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


class VehiclesIn(_Part):
    """So many vehicles of one kind at one base; seats for passengers."""

    base: Name
    count: int = Field(ge=1, le=MOST_VEHICLES)
    seats: int = Field(default=4, ge=1, le=100)


class RequestIn(_Part):
    """A request; seconds since midnight of the first day, which is a Monday."""

    asked_s: Seconds
    start_s: Seconds
    origin: Name
    destination: Name
    back: bool = False
    stay_s: float = Field(default=0.0, ge=0, le=WEEK_S, allow_inf_nan=False)
    over_s: float = Field(default=0.0, ge=0, le=WEEK_S, allow_inf_nan=False)
    passengers: int = Field(default=1, ge=1, le=100)
    may_share: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start_s < self.asked_s:
            raise ValueError("a request begins no earlier than it is asked")
        return self


class InventedIn(_Part):
    """Demand invented from the seed: see `inventing.Pattern`."""

    requests_a_day: float = Field(gt=0, le=20_000)
    days: int = Field(default=7, ge=1, le=31)
    booked: float = Field(default=0.6, ge=0, le=1)
    back: float = Field(default=0.45, ge=0, le=1)
    met: float = Field(default=0.35, ge=0, le=1)
    agrees: float = Field(default=0.7, ge=0, le=1)


class ScenarioIn(_Part):
    """A scenario: either its requests, none on an empty day, or a pattern to invent them by."""

    places: dict[Name, PlaceIn] = Field(min_length=2, max_length=2_500)
    vehicles: list[VehiclesIn] = Field(min_length=1, max_length=1_000)
    requests: list[RequestIn] | None = Field(default=None, max_length=MOST_REQUESTS)
    invented: InventedIn | None = None
    house: dict[Name, Annotated[float, Field(ge=0, le=WEEK_S)]] = Field(default={}, max_length=40)

    @model_validator(mode="after")
    def _known(self) -> Self:
        named = {one.base for one in self.vehicles}
        named |= {name for one in self.requests or () for name in (one.origin, one.destination)}
        if unknown := sorted(named - self.places.keys()):
            raise ValueError(f"there is no place {unknown[0]}")
        if (self.requests is None) == (self.invented is None):
            raise ValueError("a scenario has either requests or a pattern to invent them by")
        if unknown := sorted(self.house.keys() - set(House.__dataclass_fields__)):
            raise ValueError(f"the house has no rule {unknown[0]}")
        return self

    @property
    def points(self) -> list[tuple[float, float]]:
        """The places in their order."""
        return [(one.latitude, one.longitude) for one in self.places.values()]

    def fleet(self) -> Fleet:
        """Return the vehicles. Raises ValueError where they are too many."""
        number = {name: i for i, name in enumerate(self.places)}
        base = [number[one.base] for one in self.vehicles for _ in range(one.count)]
        seats = [one.seats for one in self.vehicles for _ in range(one.count)]
        return Fleet(np.array(base, dtype=np.int64), np.array(seats, dtype=np.int64))

    def demand(self, seed: int) -> Demand:
        """Return what is asked for; the seed is for what is invented."""
        number = {name: i for i, name in enumerate(self.places)}
        if self.invented is not None:
            everywhere = np.arange(len(number), dtype=np.int64)
            pattern = Pattern(**self.invented.model_dump())
            return invent(pattern, everywhere, everywhere, seed)
        asked = sorted(self.requests or (), key=lambda one: one.asked_s)
        return Demand(
            asked_s=np.array([one.asked_s for one in asked], dtype=np.float64),
            start_s=np.array([one.start_s for one in asked], dtype=np.float64),
            origin=np.array([number[one.origin] for one in asked], dtype=np.int64),
            destination=np.array([number[one.destination] for one in asked], dtype=np.int64),
            back=np.array([one.back for one in asked], dtype=np.bool_),
            stay_s=np.array([one.stay_s for one in asked], dtype=np.float64),
            over_s=np.array([one.over_s for one in asked], dtype=np.float64),
            passengers=np.array([one.passengers for one in asked], dtype=np.int64),
            may_share=np.array([one.may_share for one in asked], dtype=np.bool_),
        )


def read_scenario(path: Path) -> ScenarioIn:
    """Return the scenario of a file; `.json` is JSON, all else TOML. Raises BadScenario."""
    try:
        if path.exists() and not path.is_file():
            raise BadScenario(f"{path.name} is no file.")
        if path.stat().st_size > MOST_BYTES:
            raise BadScenario(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
        # Some editors begin a file with a mark of its byte order.
        text = path.read_text(encoding="utf-8-sig")
        told = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        if not isinstance(told, dict):
            raise BadScenario(f"{path.name} is no scenario: it holds no names with values.")
        return ScenarioIn.model_validate(told)
    except OSError as error:
        raise BadScenario(f"{path.name} can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "".join(f"{part}: " for part in [".".join(map(str, first["loc"]))] if part)
        what = first["msg"].removeprefix("Value error, ")
        raise BadScenario(f"{path.name} is no scenario: {where}{what}.") from error
    except (ValueError, RecursionError) as error:
        raise BadScenario(f"{path.name} is neither TOML nor JSON in UTF-8.") from error
