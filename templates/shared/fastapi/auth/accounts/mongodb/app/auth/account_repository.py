"""Users in the database."""

from pymongo.errors import DuplicateKeyError

from app.auth.schemas import address_key
from app.auth.user import User
from app.db import Document, Transaction


class AccountRepository:
    """Reads and writes users."""

    def __init__(self, transaction: Transaction) -> None:
        self._users = transaction["users"]

    async def add(self, user: User) -> bool:
        """Add a user; False if the address is taken."""
        try:
            await self._users.insert_one(
                {
                    "_id": user.id,
                    "email": user.email,
                    "emailKey": address_key(user.email),
                    "name": user.name,
                    "passwordHash": user.password_hash,
                    "createdAt": user.created_at,
                }
            )
        except DuplicateKeyError:
            return False
        return True

    async def find(self, email_key: str) -> User | None:
        """Return the user with this address."""
        return _user(await self._users.find_one({"emailKey": email_key}))

    async def get(self, user_id: str) -> User | None:
        """Return a user."""
        return _user(await self._users.find_one({"_id": user_id}))

    async def change_password(self, user_id: str, old_hash: str, new_hash: str) -> bool:
        """Replace a password; False if it is no more the old one."""
        result = await self._users.update_one(
            {"_id": user_id, "passwordHash": old_hash}, {"$set": {"passwordHash": new_hash}}
        )
        return result.matched_count == 1

    async def delete(self, user_id: str) -> None:
        """Delete a user."""
        await self._users.delete_one({"_id": user_id})


def _user(document: Document | None) -> User | None:
    if document is None:
        return None
    return User(
        id=document["_id"],
        email=document["email"],
        name=document["name"],
        password_hash=document["passwordHash"],
        created_at=document["createdAt"],
    )
