"""Puts what takes time by itself in the right place: rules about a minute begin first and are looked at last."""

import pytest

FIRST = ("test_sixth", "test_life")
LAST = ("test_ends", "test_expired")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    def place(item):
        name = item.originalname
        return 0 if name in FIRST else 2 if name in LAST else 1

    items.sort(key=place)
