"""The circuit breaker."""

import asyncio

import pytest

from app.upstream.breaker import CircuitBreaker
from app.upstream.errors import RefusedError, UpstreamError


class Service:
    """Counts its calls, and fails as long as it is told to."""

    def __init__(self) -> None:
        self.calls = 0
        self.fails = True

    async def __call__(self) -> str:
        self.calls += 1
        await asyncio.sleep(0)
        if self.fails:
            raise UpstreamError("fails")
        return "fine"


async def _fail(breaker: CircuitBreaker, service: Service, times: int) -> None:
    for _ in range(times):
        with pytest.raises(UpstreamError):
            await breaker.run(service)


async def test_it_opens_after_failures_in_a_row() -> None:
    breaker, service = CircuitBreaker(3, 60), Service()
    await _fail(breaker, service, 10)
    assert service.calls == 3


async def test_a_success_starts_the_count_again() -> None:
    breaker, service = CircuitBreaker(3, 60), Service()
    await _fail(breaker, service, 2)
    service.fails = False
    assert await breaker.run(service) == "fine"
    service.fails = True
    await _fail(breaker, service, 5)
    assert service.calls == 6


async def test_one_call_tries_when_the_time_is_over() -> None:
    breaker, service = CircuitBreaker(1, 0.05), Service()
    await _fail(breaker, service, 1)
    await asyncio.sleep(0.1)
    results = await asyncio.gather(*(breaker.run(service) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(result, UpstreamError) for result in results)
    assert service.calls == 2


async def test_it_closes_when_the_service_is_back() -> None:
    breaker, service = CircuitBreaker(1, 0.05), Service()
    await _fail(breaker, service, 2)
    service.fails = False
    await asyncio.sleep(0.1)
    assert [await breaker.run(service) for _ in range(3)] == ["fine"] * 3


async def test_a_refused_request_is_no_failure() -> None:
    breaker, service = CircuitBreaker(2, 60), Service()

    async def refuse() -> str:
        raise RefusedError("answered 400")

    await _fail(breaker, service, 1)
    for _ in range(5):
        with pytest.raises(RefusedError):
            await breaker.run(refuse)
    await _fail(breaker, service, 5)
    assert service.calls == 3


async def test_an_error_of_our_own_is_not_the_services() -> None:
    breaker, service = CircuitBreaker(1, 60), Service()
    service.fails = False

    async def bug() -> str:
        raise KeyError("typing error")

    with pytest.raises(KeyError):
        await breaker.run(bug)
    assert await breaker.run(service) == "fine"
