"""Settings of the authentication."""

from pydantic_settings import BaseSettings


class AuthSettings(BaseSettings):
    """Nothing to set."""
