"""Rows that belong to a user and are edited: each has an owner, and a version for its ETag."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from fastapi import HTTPException
from sqlalchemy import Delete, Update, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from uuid_utils.compat import uuid7

from app.database import Db
from app.models import Base
from app.schemas import now


class Owned(Base):
    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    owner_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)


T = TypeVar("T", bound=Owned)


async def get_owned(db: Db, model: type[T], owner_id: UUID, row_id: UUID) -> T | None:
    return await db.scalar(select(model).where(model.id == row_id, model.owner_id == owner_id))


async def update_owned(db: Db, row: T, changes: dict[str, Any], versions: list[int] | None) -> T:
    """Change a row if it still has one of these versions."""
    model = type(row)
    edited = {**changes, "version": model.version + 1, "updated_at": now()}
    values = edited if changes else {"version": model.version}
    return await _write(db, row, update(model).values(values), versions)


async def delete_owned(db: Db, row: Owned, versions: list[int] | None) -> None:
    """Delete a row if it still has one of these versions."""
    await _write(db, row, delete(type(row)), versions)


async def _write(db: Db, row: T, statement: Update | Delete, versions: list[int] | None) -> T:
    # The version is a condition of the write itself. Of two edits based on one version, only one finds it.
    # SQLAlchemy's `version_id_col` compares as well, but with the version that this request has read a moment
    # ago, and not with the one that the client has seen.
    model = type(row)
    statement = statement.where(model.id == row.id, model.owner_id == row.owner_id)
    if versions is not None:
        statement = statement.where(model.version.in_(versions))
    # populate_existing: the session has loaded this row before. By default it would return that object as it
    # was, without what another request has changed in between.
    returning = statement.returning(model).execution_options(populate_existing=True)
    written = await db.scalar(returning)
    if written is None:
        if versions is None:
            raise HTTPException(404, "It has been deleted.")
        raise HTTPException(412, "It has changed since; get it again.")
    await db.commit()
    return written
