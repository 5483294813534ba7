"""Progress of what takes longer than a second."""

from __future__ import annotations

import pytest

from generator.services import patience
from generator.services.patience import Ticker, brief


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(patience, "time", clock)
    return clock


def test_a_log_gets_a_line_every_ten_seconds(clock: Clock) -> None:
    said: list[str] = []
    ticker = Ticker(said.append, "Installing")
    for second in range(25):
        clock.now = float(second)
        ticker("resolving")
    assert said == ["Installing · 10 s · resolving", "Installing · 20 s · resolving"]


def test_a_terminal_gets_every_change_after_the_first_second(clock: Clock) -> None:
    class Screen:
        def __init__(self) -> None:
            self.ticks: list[str] = []

        def __call__(self, line: str) -> None:
            raise AssertionError(line)

        def tick(self, text: str) -> None:
            self.ticks.append(text)

    screen = Screen()
    ticker = Ticker(screen, "Installing")
    for clock.now in (0.5, 1.0, 2.0):
        ticker()
    assert screen.ticks == ["Installing · 1 s", "Installing · 2 s"]


@pytest.mark.parametrize(
    ("said", "short"),
    [
        ("npm http fetch GET 200 https://registry.npmjs.org/zod 712ms (cache miss)", "zod"),
        ("npm http fetch GET 200 https://registry.npmjs.org/zod/-/zod-4.6.7.tgz 529ms (cache miss)", "zod"),
        ("npm http fetch GET 200 https://registry.npmjs.org/@types%2fnode 71ms (cache miss)", "@types/node"),
        ("npm http cache zod@https://registry.npmjs.org/zod/-/zod-4.6.7.tgz 0ms (cache hit)", "zod"),
        ("Resolved 45 packages in 1.2s", "Resolved 45 packages in 1.2s"),
        ("> node src/migrate.ts", ""),
        ('{"level":"info","name":"0001.ts","message":"migrated"}', "migrated"),
    ],
)
def test_of_what_is_said_the_telling_part_is_shown(said: str, short: str) -> None:
    assert brief(said) == short
    assert len(brief("x" * 200)) == 60
