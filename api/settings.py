"""The settings of the service: from the environment, prefix RECHAIN_, built once at the edge. See docs/settings.md."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api import defaults
from api.validation import bad_parameters


class Settings(BaseSettings):
    """Everything that can be set from outside."""

    model_config = SettingsConfigDict(env_prefix=defaults.PREFIX, extra="ignore", frozen=True)

    store: str = Field(defaults.STORE, title="数据库", description="where claims are kept: sqlite:FILE, or bolt://HOST")
    reader: Literal["snapshot", "neo4j"] = Field(
        "snapshot", title="读取方式", description="snapshot: arrays in memory; neo4j: asked of the server each time"
    )
    snapshots: str = Field(
        "",
        title="快照目录",
        description="folder where the arrays of a Neo4j store are kept between starts; empty: the user's cache folder",
    )
    host: str = Field(defaults.HOST, title="监听地址", description="address to listen on")
    port: int = Field(defaults.PORT, ge=0, le=65535, title="端口", description="port to listen on; 0 takes a free one")
    allow_remote: bool = Field(
        False,
        title="允许远程",
        description="allow an address that other machines can reach; there is no access control",
    )
    allow_entries: bool | None = Field(
        None,
        title="允许录入",
        description="allow lists and outcomes to be entered over HTTP; empty: unless other machines can reach it",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        title="主机名",
        description="names this host may be called by, comma-separated; empty: any (`rechain serve` then sets its own)",
    )
    lang: Literal["zh", "en"] = Field("en", title="语言", description="language of errors where the caller names none")
    deadline_s: float = Field(10.0, gt=0, le=600, title="时限（秒）", description="longest time a request may take")
    export_s: float = Field(
        120.0, gt=0, le=3600, title="导出时限（秒）", description="longest time until an export begins to be sent"
    )
    export_links: int = Field(
        1_000_000, ge=1, title="导出关系上限", description="links an export may have; more with `rechain export`"
    )
    workers: int = Field(4, ge=1, le=64, title="线程数", description="questions that may be worked out at a time")
    upload_mb: int = Field(8, ge=1, le=64, title="上传上限（MB）", description="largest citation that is checked")
    cache_mb: int = Field(64, ge=0, le=4096, title="缓存（MB）", description="memory for answers already worked out")

    @property
    def takes_entries(self) -> bool:
        """Whether lists and outcomes may be entered over HTTP."""
        return not self.allow_remote if self.allow_entries is None else self.allow_entries

    @field_validator("hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @classmethod
    def read(cls, **given: object) -> "Settings":
        """From the environment, with what was given on the command line over it. Raises BadInput."""

        def naming(name: str) -> str:
            return f"--{name.replace('_', '-')}" if name in given else f"{defaults.PREFIX}{name.upper()}"

        try:
            return cls(**given)  # type: ignore[arg-type]
        except ValidationError as error:
            raise bad_parameters(cls, error, naming) from error
