"""How starved a machine was is read from what was lost in the worst seconds of a time."""

from __future__ import annotations

import time

import pytest

from generator.contract.starvation import WINDOW, Gauge, Watch


class Machine:
    """A clock and a counter of lost seconds that a test turns on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.lost = 1000.0, 50.0
        self.watch = Watch([Gauge(lambda: self.lost, 0.5, "waited {} of the time")])
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.look()

    def look(self) -> None:
        """Have a sample taken."""
        self.watch.sample()

    def go_on(self, seconds: float, share: float) -> tuple[float, float]:
        """Let time pass in which a share of it is lost; when that was."""
        began = self.now
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.lost += 0.25 * share
            self.look()
        return began, self.now


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_a_quiet_machine_is_not_starved(machine: Machine) -> None:
    assert machine.watch.starved(*machine.go_on(10, 0.3)) == ""


def test_a_starved_one_says_how_much(machine: Machine) -> None:
    assert machine.watch.starved(*machine.go_on(10, 0.62)) == "waited 62 % of the time"


def test_the_worst_seconds_of_a_long_case_count(machine: Machine) -> None:
    began, _ = machine.go_on(30, 0.1)
    machine.go_on(WINDOW, 0.9)
    _, ended = machine.go_on(30, 0.1)
    assert machine.watch.starved(began, ended) == "waited 90 % of the time"
    assert machine.watch.starved(began, began + 25) == ""
    assert machine.watch.starved(ended - 25, ended) == ""


def test_a_burst_is_not_starvation(machine: Machine) -> None:
    began, _ = machine.go_on(10, 0.1)
    machine.go_on(0.5, 1)
    _, ended = machine.go_on(10, 0.1)
    assert machine.watch.starved(began, ended) == ""


def test_a_short_case_is_judged_by_the_seconds_before_its_end(machine: Machine) -> None:
    machine.go_on(10, 0.96)
    began, ended = machine.go_on(0.25, 0)
    assert machine.watch.starved(began, ended) == "waited 88 % of the time"
    machine.go_on(10, 0)
    assert machine.watch.starved(*machine.go_on(0.25, 1)) == ""


def test_this_machine_can_be_watched() -> None:
    began = time.monotonic()
    with Watch() as watch:
        time.sleep(0.5)
    assert isinstance(watch.starved(began, time.monotonic()), str)


def test_without_counters_the_overshoot_of_sleeps_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.contract.starvation.pressure", lambda: None)
    monkeypatch.setattr("generator.contract.starvation.steal", lambda: None)
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(seconds * 1.6))
    began = time.monotonic()
    with Watch() as watch:
        sleep(1.0)
    assert "short sleeps took" in watch.starved(began, time.monotonic())
