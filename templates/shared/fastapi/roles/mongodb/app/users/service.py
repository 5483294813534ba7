"""The administration of users in the database."""

import re
from typing import Any
from uuid import UUID

from fastapi import HTTPException
from pymongo import DESCENDING, ReturnDocument

from app.activity.schemas import EventType
from app.activity.service import end_sessions, record_events
from app.auth.models import User
from app.database import Db, Document
from app.users.schemas import UserListQuery

ADMINS = {"_id": "active"}


async def get_user(db: Db, user_id: UUID) -> User | None:
    found = await db.users.find_one({"_id": user_id})
    return User.model_validate(found) if found else None


async def list_users(db: Db, query: UserListQuery, limit: int) -> list[User]:
    """Return users that pass all filters, newest first, from the cursor on."""
    wanted: Document = {"role": query.role} if query.role else {}
    if query.q:
        part = {"$regex": re.escape(query.q), "$options": "i"}
        wanted["$or"] = [{"email": part}, {"name": part}]
    if query.cursor:
        wanted["_id"] = {"$lt": query.cursor}
    found = db.users.find(wanted, sort=[("_id", DESCENDING)], limit=limit)
    return [User.model_validate(user) async for user in found]


async def update_user(db: Db, user: User, changes: dict[str, Any], versions: list[int] | None) -> User:
    """Change a user who is still one of these versions, with the events that belong to it."""
    if versions is not None and user.version not in versions:
        raise _changed(versions)
    if changes.get("role") == "user" or changes.get("active") is False:
        await _take_off_the_list(db, user)
    query: Document = {"_id": user.id}
    if versions is not None:
        query["version"] = {"$in": versions}
    edit: Document = {"$set": changes, "$inc": {"version": 1}} if changes else {"$inc": {"version": 0}}
    found = await db.users.find_one_and_update(query, edit, return_document=ReturnDocument.AFTER)
    await _keep_the_list(db, user.id)
    if found is None:
        raise _changed(versions)
    updated = User.model_validate(found)
    await _record(db, user, updated)
    return updated


async def _take_off_the_list(db: Db, user: User) -> None:
    """Take a user off the list of active admins; 409 for the last one.

    Two admins who demote each other at the same time would each see that the other one is left, and a single
    MongoDB server has no transaction to prevent it. But a change of one document is atomic. So all active
    admins are on one list. Whoever loses the role is taken off it first, and whoever gets it is put on it
    last: stopping anywhere, the list never names more admins than there are.
    """
    two = {**ADMINS, "ids.1": {"$exists": True}}
    taken = await db.admins.update_one(two, {"$pull": {"ids": user.id}})
    if not taken.matched_count and await db.admins.find_one({**ADMINS, "ids": user.id}):
        raise HTTPException(409, "This is the last admin.")


async def _keep_the_list(db: Db, user_id: UUID) -> None:
    is_admin = {"_id": user_id, "role": "admin", "active": True}
    if found := await db.users.find_one(is_admin):
        await db.admins.update_one(ADMINS, {"$addToSet": {"ids": user_id}}, upsert=True)
    # Once more: another request may have taken the role away in between, and have found nobody on the list.
    if not found or not await db.users.find_one(is_admin):
        await db.admins.update_one(ADMINS, {"$pull": {"ids": user_id}})


def _changed(versions: list[int] | None) -> HTTPException:
    return HTTPException(404 if versions is None else 412, "The user has changed since; get it again.")


async def _record(db: Db, before: User, user: User) -> None:
    events: list[EventType] = ["role-changed"] if user.role != before.role else []
    if user.active != before.active:
        # When activated, too: a log-in may have begun a session in the moment of the deactivation.
        await end_sessions(db, user.id)
        events.append("account-activated" if user.active else "account-deactivated")
    await record_events(db, user.id, *events, by_admin=True)
