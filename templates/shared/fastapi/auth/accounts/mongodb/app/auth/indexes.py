"""Indexes of the accounts: every look-up has one."""

from pymongo import ASCENDING, IndexModel

ACCOUNT_INDEXES = [
    ("users", IndexModel([("emailKey", ASCENDING)], unique=True)),
    ("sessions", IndexModel([("userId", ASCENDING)])),
    # MongoDB itself clears away what has expired.
    ("sessions", IndexModel([("expiresAt", ASCENDING)], expireAfterSeconds=0)),
]
