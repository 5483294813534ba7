"""Members of a user."""

from pydantic import BaseModel
from pymongo import ASCENDING, IndexModel

from app.users.roles import Role


class UserRole(BaseModel):
    role: Role = "user"
    active: bool = True
    version: int = 1


ROLE_INDEXES = [
    ("users", IndexModel([("role", ASCENDING), ("_id", ASCENDING)])),
    # Of one document: this makes the collection, which otherwise the first admin would.
    ("admins", IndexModel([("ids", ASCENDING)])),
]
