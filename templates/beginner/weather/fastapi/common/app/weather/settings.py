"""Settings that depend on each other."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo


def _require_key(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if info.data.get("weather_provider") == "openweathermap" and not value.get_secret_value():
        raise ValueError("is required for openweathermap")
    return value


def _require_longer(value: int, info: ValidationInfo) -> int:
    if value < info.data.get("weather_fresh_seconds", 0):
        raise ValueError("must not be less than WEATHER_FRESH_SECONDS")
    return value


StaleSeconds = Annotated[
    int, Field(ge=1, le=1_000_000, validate_default=True), AfterValidator(_require_longer)
]
ApiKey = Annotated[SecretStr, AfterValidator(_require_key), Field(validate_default=True)]
