"""Settings of the authentication."""

from pydantic import Field
from pydantic_settings import BaseSettings


class AuthSettings(BaseSettings):
    """How long sessions live."""

    session_days: int = Field(14, ge=1, le=365)
