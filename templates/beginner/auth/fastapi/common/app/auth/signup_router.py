"""`/api/v1/auth/signup`: an account is there when its address is proven."""

from datetime import timedelta

from fastapi import APIRouter, HTTPException, Response

from app.accounts.mails import MailsDep
from app.accounts.pending import open_account, renew_token, save_pending
from app.accounts.schemas import Address, MailedTokenIn
from app.accounts.tokens import hash_token, new_token
from app.activity.service import record_events
from app.auth.passwords import hash_password
from app.auth.schemas import SignUp
from app.auth.service import find_user
from app.config import SettingsDep
from app.database import DbDep
from app.schemas import now

router = APIRouter(prefix="/auth", tags=["auth"])


@router.post("/signup", status_code=202, response_class=Response)
async def sign_up(body: SignUp, db: DbDep, mails: MailsDep, settings: SettingsDep) -> Response:
    """Ask for an account. Whether the address has one is said in a mail to it, and not here."""
    password_hash = await hash_password(body.password)
    user = await find_user(db, body.email)
    token = new_token()
    expires_at = now() + timedelta(hours=settings.verify_token_hours)
    # For a taken address, too, although nobody gets that token: both take the same time.
    await save_pending(db, body, password_hash, hash_token(token), expires_at)
    if user:
        mails.send_account_exists(user.email)
    else:
        mails.send_verification(body.email, token)
    return Response(status_code=202)


@router.post("/verify-email", status_code=204)
async def verify_email(body: MailedTokenIn, db: DbDep) -> None:
    """Prove the address. Now there is an account."""
    user = await open_account(db, hash_token(body.token))
    if user is None:
        raise HTTPException(410, "This link was used before, has expired, or was replaced by a newer one.")
    await record_events(db, user.id, "account-created")


@router.post("/verify-email/resend", status_code=202, response_class=Response)
async def resend_verification(body: Address, db: DbDep, mails: MailsDep, settings: SettingsDep) -> Response:
    """Ask for another mail. The links of earlier ones end."""
    user = await find_user(db, body.email)
    token = new_token()
    expires_at = now() + timedelta(hours=settings.verify_token_hours)
    email = await renew_token(db, body.email, hash_token(token), expires_at)
    if email and user is None:
        mails.send_verification(email, token)
    return Response(status_code=202)
