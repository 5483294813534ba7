"""The provider of these tests."""

from tests.weather.conftest import provider

__all__ = ["provider"]
