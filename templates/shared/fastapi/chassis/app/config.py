"""Settings that every project of this kind has; `app/settings.py` adds those of the chosen parts."""

import re
from collections.abc import Iterable
from ipaddress import ip_network
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

from app.clients import Network

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
_DEVELOPMENT_SECRET = "change-me"  # noqa: S105 - what `.env.example` has, refused in production


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _networks(value: Iterable[str]) -> tuple[Network, ...]:
    return tuple(ip_network(part) for part in _split(value))


def _origins(value: Iterable[str]) -> frozenset[str]:
    origins = frozenset(_split(value))
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            msg = f"{origin!r} is not an origin such as https://example.com"
            raise ValueError(msg)
    return origins


class CoreSettings(BaseSettings):
    """The settings of the server itself."""

    app_env: Literal["development", "test", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=0, le=65535)
    secret_key: SecretStr = Field(min_length=1)
    public_url: str = Field("", validate_default=True)
    cors_origins: Annotated[frozenset[str], NoDecode, BeforeValidator(_origins)] = frozenset()
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = ()
    max_body_bytes: int = Field(1_048_576, ge=1)
    rate_limit: int = Field(300, ge=0)
    log_level: Literal["debug", "info", "warn", "error"] = "info"
    docs_enabled: bool = False

    @field_validator("secret_key")
    @classmethod
    def _strong_in_production(cls, value: SecretStr, info: Any) -> SecretStr:
        secret = value.get_secret_value()
        if info.data.get("app_env") == "production" and (
            len(secret) < 32 or secret.lower().startswith(_DEVELOPMENT_SECRET)
        ):
            msg = "must be a random value of at least 32 characters in production"
            raise ValueError(msg)
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute(cls, value: str, info: Any) -> str:
        if not value:
            if info.data.get("app_env") == "production":
                msg = "is required in production: every link is built on it"
                raise ValueError(msg)
            return "http://localhost:3000"
        if not _ORIGIN.fullmatch(value.rstrip("/")):
            msg = "must be an absolute http or https URL without a path"
            raise ValueError(msg)
        urlsplit(value).port  # noqa: B018 - raises ValueError for a port out of range
        return value.rstrip("/")

    @property
    def serves_docs(self) -> bool:
        """Whether `/docs` and `/openapi.json` are served."""
        return self.docs_enabled or self.app_env != "production"
