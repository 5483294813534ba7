"""The administration of users in the database."""

from typing import Any
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from app.activity.schemas import EventType
from app.activity.service import end_sessions, record_events
from app.auth.models import User
from app.database import Db
from app.users.schemas import UserListQuery


async def get_user(db: Db, user_id: UUID) -> User | None:
    return await db.get(User, user_id)


async def list_users(db: Db, query: UserListQuery, limit: int) -> list[User]:
    """Return users that pass all filters, newest first, from the cursor on."""
    users = select(User).order_by(User.id.desc()).limit(limit)
    if query.role:
        users = users.where(User.role == query.role)
    if query.q:
        # autoescape: the % and _ of LIKE are taken as they are.
        texts = (User.email, User.name)
        users = users.where(or_(*(text.icontains(query.q, autoescape=True) for text in texts)))
    if query.cursor:
        users = users.where(User.id < query.cursor)
    return list(await db.scalars(users))


async def update_user(db: Db, user: User, changes: dict[str, Any], versions: list[int] | None) -> User:
    """Change a user who is still one of these versions, with the events that belong to it."""
    before = (user.role, user.active)
    statement = update(User).where(User.id == user.id)
    if versions is not None:
        statement = statement.where(User.version.in_(versions))
    if changes.get("role") == "user" or changes.get("active") is False:
        statement = statement.where(await _is_not_the_last_admin(db))
    edit = {**changes, "version": User.version + 1} if changes else {"version": User.version}
    # populate_existing: the session has loaded this user before, and would return that object as it was.
    returning = statement.values(edit).returning(User).execution_options(populate_existing=True)
    updated: User | None = await db.scalar(returning)
    if updated is None:
        raise await _refusal(db, user, versions)
    await _record(db, updated, before)
    return updated


async def _is_not_the_last_admin(db: Db) -> Any:
    """Return a condition of an update, which takes away an admin.

    Two admins who demote each other at the same time would each see that the other one is left. So all admins
    are locked first: the second waits, and then looks again. SQLite has no such lock and needs none, since
    only one connection writes at a time.
    """
    is_admin = (User.role == "admin", User.active)
    await db.execute(select(User.id).where(*is_admin).order_by(User.id).with_for_update())
    other = aliased(User)
    others = select(other.id).where(other.role == "admin", other.active, other.id != User.id).exists()
    return or_(User.role != "admin", User.active.is_(False), others)


async def _refusal(db: Db, user: User, versions: list[int] | None) -> HTTPException:
    version = await db.scalar(select(User.version).where(User.id == user.id))
    if version is None:
        return HTTPException(404, "There is no such user.")
    if versions is not None and version not in versions:
        return HTTPException(412, "The user has changed since; get it again.")
    return HTTPException(409, "This is the last admin.")


async def _record(db: Db, user: User, before: tuple[str, bool]) -> None:
    """Commit the change, with its events."""
    role, active = before
    events: list[EventType] = ["role-changed"] if user.role != role else []
    if user.active != active:
        # When activated, too: a log-in may have begun a session in the moment of the deactivation.
        await end_sessions(db, user.id)
        events.append("account-activated" if user.active else "account-deactivated")
    await record_events(db, user.id, *events, by_admin=True)
