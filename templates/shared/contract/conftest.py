"""Puts what takes time by itself in the right place: rules about a minute begin first and are looked at last."""

import pytest

from generator.contract import case_of

FIRST = ("auth.throttle.sixth-guess-is-429", "auth.jwt.access-life-is-a-setting")
LAST = ("auth.jwt.expired-access-token-is-401", "auth.throttle.ends-after-the-minute")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    def place(item):
        case = case_of(item.function)
        return 0 if case and case.id in FIRST else 2 if case and case.id in LAST else 1

    items.sort(key=place)
