"""What a service may send for a value. One that sends "21" or true for a number is not to be trusted."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator, Field


def require_int(value: Any) -> int:
    if type(value) is not int:  # not a bool, which Python takes for a kind of int
        raise ValueError("must be a whole number")
    return value


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
UnixTime = Annotated[AwareDatetime, BeforeValidator(require_int)]
