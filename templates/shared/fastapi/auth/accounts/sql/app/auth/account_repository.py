"""Users in the database."""

from dataclasses import asdict, fields

from sqlalchemy import delete, select, update

from app.auth.models import UserRow
from app.auth.schemas import address_key
from app.auth.user import User
from app.db import Transaction, insert


class AccountRepository:
    """Reads and writes users, within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._session = transaction

    async def add(self, user: User) -> bool:
        """Add a user; False if the address is taken."""
        statement = (
            insert(UserRow)
            .values(**asdict(user), email_key=address_key(user.email))
            .on_conflict_do_nothing(index_elements=[UserRow.email_key])
            .returning(UserRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def find(self, email_key: str) -> User | None:
        """Return the user with this address."""
        row = await self._session.scalar(select(UserRow).where(UserRow.email_key == email_key))
        return to_user(row) if row else None

    async def change_password(self, user_id: str, old_hash: str, new_hash: str) -> bool:
        """Replace a password; False if it is no more the old one."""
        statement = (
            update(UserRow)
            .where(UserRow.id == user_id, UserRow.password_hash == old_hash)
            .values(password_hash=new_hash)
            .returning(UserRow.id)
        )
        return await self._session.scalar(statement) is not None

    async def delete(self, user_id: str) -> None:
        """Delete a user."""
        await self._session.execute(delete(UserRow).where(UserRow.id == user_id))


def to_user(row: UserRow) -> User:
    """Turn a row into what the application knows."""
    return User(**{field.name: getattr(row, field.name) for field in fields(User)})
