"""What is deleted together with an account."""

from uuid import UUID

from app.accounts.mailed_tokens import end_tokens
from app.accounts.pending import delete_pending
from app.activity.service import delete_events
from app.database import Db
from app.users.service import get_user, update_user


async def delete_user_data(db: Db, owner_id: UUID, _: object) -> None:
    user = await get_user(db, owner_id)
    if user:
        # An admin hands in the role first: this is refused for the last one, also if two leave at once.
        await update_user(db, user, {"role": "user"}, None)
        await delete_pending(db, user.email)
    await end_tokens(db, owner_id)
    await delete_events(db, owner_id)
