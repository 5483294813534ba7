"""`/api/v1/auth`: a forgotten password, and another address."""

from datetime import timedelta

from fastapi import APIRouter, HTTPException, Response
from uuid_utils.compat import uuid7

from app.accounts import mailed_tokens
from app.accounts.mails import MailsDep
from app.accounts.schemas import Address, EmailChange, MailedTokenIn, PasswordReset
from app.accounts.tokens import hash_token, new_token
from app.auth.dependencies import CurrentUser
from app.auth.password_change import confirm_password
from app.auth.passwords import hash_password
from app.auth.service import find_user
from app.config import SettingsDep
from app.database import DbDep
from app.schemas import now

router = APIRouter(prefix="/auth", tags=["auth"])
GONE = HTTPException(410, "This link was used before, or has expired.")


@router.post("/forgot-password", status_code=202, response_class=Response)
async def forgot_password(body: Address, db: DbDep, mails: MailsDep, settings: SettingsDep) -> Response:
    """Ask for a mail with which a new password can be set."""
    user = await find_user(db, body.email)
    if user and not user.active:
        user = None
    token = new_token()
    expires_at = now() + timedelta(minutes=settings.reset_token_minutes)
    # For an unknown address a token that nobody gets is stored: both take the same time.
    owner_id = user.id if user else uuid7()
    await mailed_tokens.save_token(db, owner_id, "reset-password", hash_token(token), expires_at)
    if user:
        mails.send_password_reset(user.email, token)
    return Response(status_code=202)


@router.post("/reset-password", status_code=204)
async def reset_password(body: PasswordReset, db: DbDep) -> None:
    """Set a new password. Every session ends: somebody else may be signed in."""
    token_hash = hash_token(body.token)
    # First a look, since hashing costs much and a stranger could ask for it without end.
    if not await mailed_tokens.is_good(db, "reset-password", token_hash):
        raise GONE
    new_hash = await hash_password(body.new_password)
    if not await mailed_tokens.reset_password(db, token_hash, new_hash):
        raise GONE


@router.post("/email", status_code=202, response_class=Response)
async def change_email(
    body: EmailChange, user: CurrentUser, db: DbDep, mails: MailsDep, settings: SettingsDep
) -> Response:
    """Ask for another address. Until it is proven, the old one counts."""
    await confirm_password(user, body.password)
    taken = await find_user(db, body.new_email)
    token = new_token()
    expires_at = now() + timedelta(minutes=settings.reset_token_minutes)
    if not await mailed_tokens.save_email_change(db, user, hash_token(token), expires_at, body.new_email):
        raise HTTPException(409, "The password was changed at the same time.")
    if taken:
        mails.send_account_exists(taken.email)
    else:
        mails.send_email_change(body.new_email, token)
    return Response(status_code=202)


@router.post("/email/confirm", status_code=204)
async def confirm_email(body: MailedTokenIn, db: DbDep, mails: MailsDep) -> None:
    """Move to the new address. The old one gets a notice: if it was a thief, its owner hears of it."""
    old_email = await mailed_tokens.change_email(db, hash_token(body.token))
    if old_email is None:
        raise GONE
    mails.send_email_changed(old_email)
