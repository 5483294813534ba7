"""What a feature does when an account is deleted."""

from collections.abc import Awaitable, Callable

from app.cache import Cache
from app.db import Transaction

AfterCommit = Callable[[Cache], Awaitable[None]]
AccountHook = Callable[[Transaction, str], Awaitable[AfterCommit]]
"""Deletes what a user (by id) owned, in the transaction that deletes the account, and returns
what is to be done once that is committed."""
