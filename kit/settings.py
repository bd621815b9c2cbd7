"""Every setting, read from the environment (`GONGCHE_…`); `.env.example` lists them all."""

from datetime import timedelta
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from kit.trouble import Trouble

Network = IPv4Network | IPv6Network


def _split(words: object) -> object:
    return words.replace(",", " ").split() if isinstance(words, str) else words


Networks = Annotated[tuple[Network, ...] | None, NoDecode, BeforeValidator(_split)]
Port = Annotated[int, Field(ge=0, le=65535)]
# Four numbers; a text, because settings travel to processes of ours as they were written.
_BOX = r"^-?\d{1,3}(\.\d+)?(,-?\d{1,3}(\.\d+)?){3}$"


class Settings(BaseSettings):
    """What an operator may choose. Ports of doors that are 0 mean that any free port will do."""

    model_config = SettingsConfigDict(env_prefix="GONGCHE_", extra="ignore", frozen=True)

    database_url: str | None = None
    redis_url: str | None = None
    data_dir: Path = Path("data")
    host: str = "127.0.0.1"
    http_port: Port = 8000
    jt808_port: Port = 7808
    gateway_metrics_port: Port = 0
    worker_metrics_port: Port = 0
    gateways: Annotated[int, Field(ge=1, le=64)] = 1
    public_url: str = "http://127.0.0.1:8000"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    demo: bool = False

    secret_key: Annotated[str | None, Field(repr=False)] = None
    secret_key_file: Path | None = None
    plate_refusal_key: Annotated[str | None, Field(repr=False)] = None
    police_plates: bool = False

    trusted_proxies: Networks = None
    costly_per_minute: Annotated[int, Field(ge=1)] = 120

    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    session_idle_minutes: Annotated[int, Field(ge=5, le=10_080)] = 120
    log_in_attempts: Annotated[int, Field(ge=1)] = 8
    log_in_attempts_per_address: Annotated[int, Field(ge=1)] = 200
    log_in_lock_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    set_up_hours: Annotated[int, Field(ge=1, le=168)] = 24

    oidc_discovery_url: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: Annotated[str | None, Field(repr=False)] = None
    oidc_username_claim: str | None = None
    oidc_checks_second_factor: bool = False
    oidc_label: str = "统一身份认证"

    batch_positions: Annotated[int, Field(ge=1, le=100_000)] = 5_000
    commit_patience_s: Annotated[float, Field(gt=0)] = 10.0
    readmission_links_per_s: Annotated[int, Field(ge=1)] = 500
    link_idle_s: Annotated[float, Field(gt=0)] = 900.0
    link_identify_s: Annotated[float, Field(gt=0)] = 60.0
    link_unanswered: Annotated[int, Field(ge=1)] = 64
    link_defects_limit: Annotated[int, Field(ge=1)] = 200
    address_defects_limit: Annotated[int, Field(ge=1)] = 1000
    link_messages_per_s: Annotated[int, Field(ge=1)] = 200
    links_per_address: Annotated[int, Field(ge=1)] = 20_000
    position_future_s: Annotated[int, Field(ge=0)] = 600
    position_stale_days: Annotated[int, Field(ge=1)] = 366
    position_region: Annotated[str | None, Field(pattern=_BOX)] = None

    workers: Annotated[int, Field(ge=1, le=64)] = 1
    vehicle_partitions: Annotated[int, Field(ge=1, le=1024)] = 16
    lease_s: Annotated[float, Field(gt=0)] = 15.0
    idle_poll_s: Annotated[float, Field(gt=0)] = 1.0
    journal_heads: Path | None = None
    journal_algorithm: Literal["sha256", "sm3"] = "sha256"
    auto_dispatch_per_round: Annotated[int, Field(ge=1, le=10_000)] = 50
    auto_dispatch_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 300
    live_tick_s: Annotated[float, Field(gt=0)] = 0.1

    valhalla_url: Annotated[str | None, Field(pattern=r"^https?://[^\s/]+")] = None
    valhalla_timeout_s: Annotated[float, Field(gt=0, le=60)] = 5.0

    backup_dir: Path | None = None
    backup_before_migration: bool = True

    @property
    def position_future(self) -> timedelta:
        """How far a terminal's clock may run ahead of the receipt."""
        return timedelta(seconds=self.position_future_s)

    @property
    def position_stale(self) -> timedelta:
        """How old a position may be on receipt to take part in trips."""
        return timedelta(days=self.position_stale_days)

    @cached_property
    def maps_dir(self) -> Path:
        """The folder of imported maps."""
        return self.data_dir / "maps"

    @property
    def journal_heads_path(self) -> Path:
        """The file outside the database to which every head of the journal is appended."""
        return self.journal_heads or self.data_dir / "journal-heads"

    @property
    def backups_dir(self) -> Path:
        """The folder in which backups are made that are told no place."""
        return self.backup_dir or self.data_dir / "backups"

    @cached_property
    def media_dir(self) -> Path:
        """The folder of uploaded documents and photos."""
        return self.data_dir / "media"

    @property
    def local_host(self) -> str:
        """The address at which this machine itself finds what listens on `host`."""
        return "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104

    @property
    def required_database_url(self) -> str:
        """The database's address; a process that is not `up` must be told it."""
        if self.database_url is None:
            raise DatabaseUrlMissing
        return self.database_url

    @property
    def required_redis_url(self) -> str:
        """The bus's address; a process that is not `up` must be told it."""
        if self.redis_url is None:
            raise RedisUrlMissing
        return self.redis_url


class SettingMissing(Trouble):
    """A setting that this command needs is not given."""

    def __str__(self) -> str:
        return self.__doc__ or ""


class DatabaseUrlMissing(SettingMissing):
    """Set GONGCHE_DATABASE_URL, or run `gongche up`, which starts a database of its own."""


class RedisUrlMissing(SettingMissing):
    """Set GONGCHE_REDIS_URL, or run `gongche up`, which starts a bus of its own."""
