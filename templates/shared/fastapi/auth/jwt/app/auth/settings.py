"""Settings of the authentication."""

from pydantic import Field
from pydantic_settings import BaseSettings


class AuthSettings(BaseSettings):
    """How long tokens live."""

    access_token_minutes: int = Field(15, ge=1, le=1440)
    refresh_token_days: int = Field(30, ge=1, le=365)
