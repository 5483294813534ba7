"""Indexes of the links feature: every look-up has one."""

from pymongo import ASCENDING, DESCENDING, IndexModel

LINK_INDEXES = [
    # No two codes are equal without regard to case: the database says so, not a look before.
    ("links", IndexModel([("codeKey", ASCENDING)], unique=True)),
    ("links", IndexModel([("ownerId", ASCENDING), ("_id", DESCENDING)])),
    ("linkClicks", IndexModel([("linkId", ASCENDING), ("day", ASCENDING)])),
]
