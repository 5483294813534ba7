"""Settings that depend on each other."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo


def _require_key(value: SecretStr, info: ValidationInfo) -> SecretStr:
    if info.data.get("weather_provider") == "openweathermap" and not value.get_secret_value():
        raise ValueError("is required for openweathermap")
    return value


ApiKey = Annotated[SecretStr, AfterValidator(_require_key), Field(validate_default=True)]
