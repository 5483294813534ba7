"""`python -m app.create_admin [ADDRESS]` makes an admin; safe to run twice.

The address is the argument or ADMIN_EMAIL. If it has no account, one is made with ADMIN_PASSWORD and
ADMIN_NAME. The password is no argument, since other users of the machine can read those.
"""

import asyncio
import os
import sys

from pydantic import ValidationError

from app.auth.models import User
from app.auth.passwords import hash_password
from app.auth.schemas import SignUp
from app.auth.service import create_user, find_user
from app.config import load_settings
from app.database import Db, open_db
from app.main import create_app
from app.users.service import update_user


async def create_admin(db: Db, email: str, new: SignUp | None) -> User | None:
    """Make the account of this address an admin and active. If there is none, make the new one first."""
    user = await find_user(db, email)
    if user is None and new:
        user = await create_user(db, new.email, new.name, await hash_password(new.password))
    return await update_user(db, user, {"role": "admin", "active": True}, None) if user else None


def read_account(email: str) -> SignUp | None:
    """Return the account to make; None without a password, which is not needed if there is one already."""
    password = os.environ.get("ADMIN_PASSWORD", "")
    try:
        name = os.environ.get("ADMIN_NAME") or "Admin"
        return SignUp(email=email, password=password, name=name) if password else None
    except ValidationError as error:
        for problem in error.errors():
            print(f"ADMIN_{problem['loc'][0]}".upper() + f": {problem['msg']}", file=sys.stderr)
        sys.exit(1)


async def main() -> None:
    email = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("ADMIN_EMAIL", "")
    if not email:
        sys.exit("ADMIN_EMAIL is needed, or an address as the argument.")
    new = read_account(email)
    app = create_app(load_settings())
    async with app.router.lifespan_context(app), open_db(app) as db:
        user = await create_admin(db, email, new)
    if user is None:
        sys.exit("ADMIN_PASSWORD is needed: this address has no account yet.")
    print(f"{user.email} is an admin.")


if __name__ == "__main__":
    asyncio.run(main())
