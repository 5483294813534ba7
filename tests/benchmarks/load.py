"""Load on one address from 32 connections, by wrk where it is installed and by autocannon otherwise."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 32
SECONDS = 2


@dataclass(frozen=True)
class Load:
    """What one burst measured.

    Attributes:
        rate: answers a second.
        p99: 99th percentile of the latency in milliseconds.
        processor: processor time of the server for one answer, in microseconds; what else the machine does hardly
            changes it, and where it is the limit, it is the rate's inverse.
        failures: answers that were none.
    """

    rate: float
    p99: float
    processor: float
    failures: int


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "autocannon"


def burst(url: str, server: int, environment: Mapping[str, str], seconds: int = SECONDS) -> Load:
    """Ask for one address as fast as it answers.

    Args:
        server: the server's process id.
        environment: where autocannon finds Node.
    """
    before = _processor_seconds(server)
    rate, p99, answers, failures = _wrk(url, seconds) if tool() == "wrk" else _autocannon(url, environment, seconds)
    return Load(rate, p99, (_processor_seconds(server) - before) / answers * 1e6, failures)


def _wrk(url: str, seconds: int) -> tuple[float, float, int, int]:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", text)[0]
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", text)
    (answers,) = re.findall(r"(\d+) requests in", text)
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    return float(rate), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], int(answers), failed


def _autocannon(url: str, environment: Mapping[str, str], seconds: int) -> tuple[float, float, int, int]:
    command = ["npx", "--yes", "autocannon@8", "-c", str(CONNECTIONS), "-d", str(seconds), "--json", url]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    failed = report["4xx"] + report["5xx"] + report["errors"]
    return report["requests"]["average"], report["latency"]["p99"], report["requests"]["total"], failed


def _processor_seconds(pid: int) -> float:
    """What a process has used so far; not a number where the system does not say (only Linux has /proc)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return math.nan
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
