"""What every request and answer body has in common."""

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic.alias_generators import to_camel


class RequestModel(BaseModel):
    """A body that a client sends.

    Nothing is coerced ("true" is not a boolean) and unknown members are refused, so that a
    client can never set what it may not (an owner, an id, a counter).
    """

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, strict=True, validate_by_name=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _encodable(cls, value: Any) -> Any:
        # JSON can escape half of a surrogate pair; no database and no answer can hold it.
        if isinstance(value, str) and re.search("[\ud800-\udfff]", value):
            msg = "may not hold a lone surrogate"
            raise ValueError(msg)
        return value


class AnswerModel(BaseModel):
    """A body that the server sends."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", frozen=True, from_attributes=True, validate_by_name=True
    )


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str
    title: str
    status: int
    detail: str


class FieldError(BaseModel):
    """One member of a body, or one parameter, that was refused."""

    field: str
    message: str


class ValidationProblem(Problem):
    """RFC 9457, with the members that were refused."""

    model_config = ConfigDict(title="ValidationProblem")

    errors: list[FieldError]
