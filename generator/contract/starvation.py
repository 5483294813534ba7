"""How starved of processor time the machine is while cases run.

On a starved machine a good server answers late, and a rule about time fails for no fault of the project. Linux counts
how long something was ready to run and had no processor (``/proc/pressure/cpu``, "some"), and how much of the processor
time other virtual machines took away (``steal`` in ``/proc/stat``). Where the first is not to be had, it is how much
longer short sleeps take than they were asked to.
"""

from __future__ import annotations

import os
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from types import TracebackType

PRESSURE_LIMIT = 0.5
STEAL_LIMIT = 0.1
OVERSHOOT_LIMIT = 0.25
PAUSE = 0.1
WINDOW = 3.0  # seconds: a shorter burst makes nothing late by as much as rules allow


@dataclass(frozen=True)
class Gauge:
    """One way to see it.

    Attributes:
        lost: seconds that were lost since some fixed moment.
        limit: the share of the time from which on the machine counts as starved.
        words: what the share is a share of, with ``{}`` for it.
    """

    lost: Callable[[], float]
    limit: float
    words: str


@dataclass
class _Samples:
    gauge: Gauge
    times: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)

    def worst(self, since: float, until: float) -> float:
        """The largest share that was lost in any ``WINDOW`` of a time; of a short one, in the one before its end."""
        first = bisect_left(self.times, min(since + WINDOW, until))
        last = min(bisect_left(self.times, until), len(self.times) - 1)
        worst = 0.0
        for right in range(min(first, last), last + 1):
            left = max(0, bisect_right(self.times, self.times[right] - WINDOW) - 1)
            if seconds := self.times[right] - self.times[left]:
                worst = max(worst, (self.lost[right] - self.lost[left]) / seconds)
        return min(1.0, worst)


class Watch:
    """Watches the machine while a block runs.

    Args:
        gauges: what to look at; by default whatever this system has.
    """

    def __init__(self, gauges: Sequence[Gauge] | None = None) -> None:
        self._overshoot = 0.0
        self._samples = [_Samples(gauge) for gauge in (self._gauges() if gauges is None else gauges)]
        self._ended = Event()
        self._thread = Thread(target=self._run, name="contract-starvation", daemon=True)

    def starved(self, since: float, until: float) -> str:
        """How starved the machine was in its worst seconds between two moments of ``time.monotonic()``.

        Returns:
            such as ``work waited for the CPU 92 % of the time``; an empty string when it was not starved.
        """
        for samples in self._samples:
            share = samples.worst(since, until)
            if share >= samples.gauge.limit:
                return samples.gauge.words.format(f"{100 * share:.0f} %")
        return ""

    def __enter__(self) -> Watch:
        self.sample()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _gauges(self) -> list[Gauge]:
        found = []
        if pressure() is not None:
            found.append(Gauge(lambda: pressure() or 0.0, PRESSURE_LIMIT, "work waited for the CPU {} of the time"))
        else:
            words = "short sleeps took {} longer than asked"
            found.append(Gauge(lambda: self._overshoot, OVERSHOOT_LIMIT, words))
        if steal() is not None:
            words = "other machines took {} of the CPU"
            found.append(Gauge(lambda: steal() or 0.0, STEAL_LIMIT, words))
        return found

    def _run(self) -> None:
        while not self._ended.is_set():
            began = time.monotonic()
            time.sleep(PAUSE)
            self._overshoot += time.monotonic() - began - PAUSE
            self.sample()

    def sample(self) -> None:
        """Look once; while the block runs, a thread does so."""
        for samples in self._samples:
            samples.lost.append(samples.gauge.lost())
            samples.times.append(time.monotonic())


def pressure(path: Path = Path("/proc/pressure/cpu")) -> float | None:
    """Seconds in which something waited for a processor since the system started; None where they are not counted."""
    try:
        line = path.read_text("ascii").splitlines()[0]
        return int(line.rpartition("total=")[2]) / 1e6
    except (OSError, ValueError, IndexError):
        return None


def steal(path: Path = Path("/proc/stat")) -> float | None:
    """Seconds of each processor that were taken away since the system started; None where they are not counted."""
    try:
        line = path.read_text("ascii").splitlines()[0].split()
        return int(line[8]) / os.sysconf("SC_CLK_TCK") / (os.cpu_count() or 1)
    except (OSError, ValueError, IndexError):
        return None
