"""Links in the database."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, select, update

from app.db import Transaction, insert
from app.links.link import Link
from app.links.models import LinkRow


class LinkRepository:
    """Reads and writes links, within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction

    async def add(self, link: Link) -> bool:
        """Add a link; False if its code is taken."""
        statement = (
            insert(LinkRow)
            .values(**asdict(link), code_key=link.code.lower())
            .on_conflict_do_nothing(index_elements=[LinkRow.code_key])
            .returning(LinkRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def find(self, code: str) -> Link | None:
        """Return the link with exactly this code, deleted or not."""
        statement = select(LinkRow).where(LinkRow.code_key == code.lower(), LinkRow.code == code)
        return _link(await self._session.scalar(statement))

    async def get(self, owner_id: str, link_id: str) -> Link | None:
        """Return a link of this owner."""
        return _link(await self._session.scalar(select(LinkRow).where(*_living(owner_id, link_id))))

    async def list_links(self, owner_id: str, q: str | None, after: str | None, limit: int) -> list[Link]:
        """Return links of this owner, newest first, that hold `q` and are older than `after`."""
        statement = (
            select(LinkRow)
            .where(LinkRow.owner_id == owner_id, LinkRow.deleted_at.is_(None))
            .order_by(LinkRow.id.desc())
            .limit(limit)
        )
        if q:
            # autoescape: the % and _ of LIKE are taken as they are.
            statement = statement.where(
                or_(LinkRow.code.icontains(q, autoescape=True), LinkRow.url.icontains(q, autoescape=True))
            )
        if after:
            statement = statement.where(LinkRow.id < after)
        return [_to_link(row) for row in await self._session.scalars(statement)]

    async def edit(
        self,
        owner_id: str,
        link_id: str,
        changes: dict[str, Any],
        versions: list[int] | None,
        moment: datetime,
    ) -> Link | None:
        """Change a link; None if there is none of this owner, or none of these versions.

        The version is checked by the UPDATE itself: of two edits based on the same version
        only one finds it.
        """
        statement = update(LinkRow).where(*_living(owner_id, link_id, versions))
        if changes:
            statement = statement.values(**changes, version=LinkRow.version + 1, updated_at=moment)
        else:
            statement = statement.values(version=LinkRow.version)
        return _link(await self._session.scalar(statement.returning(LinkRow)))

    async def delete(
        self, owner_id: str, link_id: str, versions: list[int] | None, moment: datetime
    ) -> Link | None:
        """Leave a tombstone; None as with `edit`."""
        statement = _bury(moment).where(*_living(owner_id, link_id, versions))
        return _link(await self._session.scalar(statement.returning(LinkRow)))

    async def delete_all(self, owner_id: str, moment: datetime) -> list[Link]:
        """Leave tombstones of all links of this owner, and return them."""
        statement = _bury(moment).where(LinkRow.owner_id == owner_id, LinkRow.deleted_at.is_(None))
        return [_to_link(row) for row in await self._session.scalars(statement.returning(LinkRow))]


def _living(owner_id: str, link_id: str, versions: list[int] | None = None) -> list[ColumnElement[bool]]:
    conditions = [LinkRow.id == link_id, LinkRow.owner_id == owner_id, LinkRow.deleted_at.is_(None)]
    return conditions if versions is None else [*conditions, LinkRow.version.in_(versions)]


def _bury(moment: datetime) -> Update:
    # The code stays taken; where it led to is forgotten.
    return update(LinkRow).values(deleted_at=moment, url="")


def _link(row: LinkRow | None) -> Link | None:
    return _to_link(row) if row else None


def _to_link(row: LinkRow) -> Link:
    return Link(**{field.name: getattr(row, field.name) for field in fields(Link)})
