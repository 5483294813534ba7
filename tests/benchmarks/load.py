"""Load on one address from 32 connections, by wrk where it is installed and by autocannon otherwise."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

CONNECTIONS = 32
SECONDS = 2


@dataclass(frozen=True)
class Load:
    """What one burst measured: answers a second, and the 99th percentile of the latency in milliseconds."""

    rate: float
    p99: float
    failures: int


def tool() -> str:
    return "wrk" if shutil.which("wrk") else "autocannon"


def burst(url: str, environment: Mapping[str, str], seconds: int = SECONDS) -> Load:
    return _wrk(url, seconds) if tool() == "wrk" else _autocannon(url, environment, seconds)


def _wrk(url: str, seconds: int) -> Load:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", text)[0]
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", text)
    failed = sum(map(int, re.findall(r"Non-2xx or 3xx responses: (\d+)", text)))
    return Load(float(rate), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], failed)


def _autocannon(url: str, environment: Mapping[str, str], seconds: int) -> Load:
    command = ["npx", "--yes", "autocannon@8", "-c", str(CONNECTIONS), "-d", str(seconds), "--json", url]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    return Load(
        report["requests"]["average"], report["latency"]["p99"], report["4xx"] + report["5xx"] + report["errors"]
    )
