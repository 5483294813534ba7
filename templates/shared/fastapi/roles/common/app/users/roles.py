"""Roles as the API shows them."""

from typing import Literal

from app.schemas import ResponseModel

Role = Literal["user", "admin"]


class RoleOut(ResponseModel):
    role: Role
    active: bool
