"""The weather of a place, as a client sees it."""

from typing import Any

import pytest
from httpx import AsyncClient

from tests.weather.fake_provider import FakeProvider

CURRENT = "/api/v1/weather/current"
FORECAST = "/api/v1/weather/forecast"
LOCATIONS = "/api/v1/locations"
AT_ROME = {"lat": "41.89", "lon": "12.51"}


async def test_current_weather_of_a_city(visitor: AsyncClient, provider: FakeProvider) -> None:
    response = await visitor.get(CURRENT, params={"city": " ROME "})
    assert response.status_code == 200
    assert "Age" not in response.headers
    assert response.json() == {
        "location": {"name": "Rome", "country": "Italy", "lat": 41.89, "lon": 12.51},
        "observedAt": "2030-01-31T12:00:00.000Z",
        "temperatureC": 21.4,
        "feelsLikeC": 0,
        "humidity": 67,
        "windKph": 12.5,
        "condition": "cloudy",
        "source": "open-meteo",
        "stale": False,
    }
    assert provider.asked == ["places ROME", "current 41.89 12.51"]


async def test_coordinates_are_rounded_and_need_no_search(
    visitor: AsyncClient, provider: FakeProvider
) -> None:
    for lat, lon in (("41.89", "12.51"), ("41.8912345", "12.5099"), ("+41.889", "12.514")):
        response = await visitor.get(CURRENT, params={"lat": lat, "lon": lon})
        assert response.json()["location"] == {"name": None, "country": None, "lat": 41.89, "lon": 12.51}
    assert provider.asked == ["current 41.89 12.51"]


async def test_forecast_has_as_many_days_as_asked_for(visitor: AsyncClient, provider: FakeProvider) -> None:
    week = (await visitor.get(FORECAST, params=AT_ROME)).json()
    assert [day["date"] for day in week["days"]][::6] == ["2030-01-31", "2030-02-06"]
    first = {"date": "2030-01-31", "minC": 0, "maxC": 5, "precipitationMm": 0, "condition": "rain"}
    assert (await visitor.get(FORECAST, params={**AT_ROME, "days": "1"})).json()["days"] == [first]
    assert provider.asked == ["forecast 41.89 12.51"], "one entry of the cache serves all"


async def test_places_of_a_name(visitor: AsyncClient, provider: FakeProvider) -> None:
    items = (await visitor.get(LOCATIONS, params={"q": "rome"})).json()["items"]
    assert items[0] == {"name": "Rome", "region": "Lazio", "country": "Italy", "lat": 41.89, "lon": 12.51}
    assert (await visitor.get(LOCATIONS, params={"q": "nowhere"})).json() == {"items": []}


@pytest.mark.parametrize("path", [CURRENT, FORECAST])
async def test_an_unknown_place_is_404(visitor: AsyncClient, provider: FakeProvider, path: str) -> None:
    assert (await visitor.get(path, params={"city": "nowhere"})).status_code == 404


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"city": "Rome", **AT_ROME},
        {"city": "Rome", "lat": "41.89"},
        {"lat": "41.89"},
        {"lon": "12.51"},
        {"city": ""},
        {"city": "  "},
        {"city": "x" * 101},
        {"city": "a\nb"},
        {"lat": "90.01", "lon": "0"},
        {"lat": "0", "lon": "-180.01"},
        {"lat": "nan", "lon": "0"},
        {"lat": "1e1", "lon": "0"},
        {"lat": "", "lon": "0"},
        {"lat": "٣", "lon": "0"},
    ],
)
@pytest.mark.parametrize("path", [CURRENT, FORECAST])
async def test_what_is_not_one_place_is_refused(
    visitor: AsyncClient, provider: FakeProvider, path: str, params: dict[str, str]
) -> None:
    assert (await visitor.get(path, params=params)).status_code == 422
    assert provider.asked == []


@pytest.mark.parametrize("days", ["0", "8", "x", "1.5", ""])
async def test_days_are_1_to_7(visitor: AsyncClient, provider: FakeProvider, days: str) -> None:
    response = await visitor.get(FORECAST, params={**AT_ROME, "days": days})
    assert [error["field"] for error in response.json()["errors"]] == ["days"]


@pytest.mark.parametrize(
    ("path", "params"),
    [(CURRENT, AT_ROME), (CURRENT, {"city": "rome"}), (FORECAST, AT_ROME), (LOCATIONS, {"q": "rome"})],
)
async def test_without_the_provider_there_is_a_problem_document(
    visitor: AsyncClient, provider: FakeProvider, path: str, params: dict[str, str]
) -> None:
    provider.fails = True
    response = await visitor.get(path, params=params)
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["type"]) == (503, "/problems/unavailable")
    assert "500" not in problem["detail"]


async def test_an_answer_from_the_cache_says_how_old_it_is(
    visitor: AsyncClient, provider: FakeProvider
) -> None:
    for path, params in ((CURRENT, AT_ROME), (FORECAST, AT_ROME), (LOCATIONS, {"q": "rome"})):
        await visitor.get(path, params=params)
        assert (await visitor.get(path, params=params)).headers["Age"] == "0"
    assert len(provider.asked) == 3
