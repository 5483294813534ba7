from helpers import ok

from generator.contract import case


@case("shared.health.answers", points=1, reason="A shared case of every idea.")
def test_health(api):
    assert ok(api.get("/health")) == {"status": "ok"}
