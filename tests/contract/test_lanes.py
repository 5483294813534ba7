"""Cases run beside each other without disturbing each other, and share what they may."""

from __future__ import annotations

import pytest

from generator.contract import Case
from generator.contract.lanes import grouped
from tests.contract.conftest import World

CASES = """
import os, time

SEEN = os.environ["SEEN"]

def tell(name, text):
    with open(f"{SEEN}/{name}", "w") as file:
        file.write(text)

def told(name):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if os.path.exists(f"{SEEN}/{name}"):
            with open(f"{SEEN}/{name}") as file:
                return file.read()
        time.sleep(0.05)
    raise AssertionError(f"{name} was never told")

@case("lanes.plain", points=1, reason="Meets the others, each in a lane of its own.")
def test_plain(server, api):
    tell("plain", f"{server.pid}")
    told("servers"), told("outages"), told("waiting")

@case("lanes.waiting", points=1, reason="Borrows the plain cases' server.", waits=1)
def test_waiting(server):
    tell("waiting", "")
    assert told("plain") == str(server.pid)

@case("lanes.servers", points=1, reason="Has a database of its own.", needs=("process",))
def test_servers(server, api):
    tell("servers", api.get("/environment").json()["DATABASE_URL"])
    assert told("plain") != str(server.pid)
    assert told("servers") != told("outages")

@case("lanes.outages", points=1, reason="Stops a cache that nobody else uses.", needs=("cache",))
def test_outages(server, api, cache):
    tell("outages", api.get("/environment").json()["DATABASE_URL"])
    cache.stop()
    assert told("plain") != str(server.pid)
    assert api.get("/ready").status_code == 503

@case("lanes.after", points=1, reason="The cache of plain cases was never stopped.")
def test_after(api):
    told("outages")
    for _ in range(10):
        assert api.get("/ready").status_code == 200
        time.sleep(0.05)
"""

ACCOUNTS = """
seen = {}

@case("accounts.shared", points=1, reason="A log-in is used again.")
def test_shared(as_user):
    ann, again = as_user("ann"), as_user("ann")
    seen["ann"] = ann.account.email
    assert again.account == ann.account and dict(again.cookies) == dict(ann.cookies)
    again.account.password = "changed in this case alone"
    assert again.get("/things").json()["user"] == "ann"
    assert as_user("bob").account.email != ann.account.email

@case("accounts.shared-on", points=1, reason="By later cases, too.")
def test_shared_on(as_user):
    ann = as_user("ann")
    assert ann.account.email == seen["ann"] and "changed" not in ann.account.password

@case("accounts.own", points=1, reason="Whoever changes an account has one of their own.")
def test_own(as_user):
    assert as_user("ann", own=True).account.email not in (seen["ann"], as_user("ann").account.email)

@case("accounts.of-the-case", points=1, reason="A case about accounts has its own.", auth=("session",))
def test_of_the_case(as_user):
    ann, again = as_user("ann"), as_user("ann")
    assert ann.account.email == again.account.email
    assert dict(again.cookies) != dict(ann.cookies)

@case("accounts.fails", points=1, reason="Fails, so that nobody relies on what it left.")
def test_fails(as_user):
    assert as_user("ann").account.email == seen["ann"]
    raise AssertionError("on purpose")

@case("accounts.after-a-failure", points=1, reason="Signs in anew.")
def test_after(as_user):
    assert as_user("ann").account.email != seen["ann"]
"""


def test_lanes_run_side_by_side_each_with_servers_of_its_own(world: World) -> None:
    world.contract(CASES)
    project = world.project("toy", cache="redis")
    outcome = world.check(str(project), "--json", "--only", "lanes.*", env={"SEEN": str(world.folder)})
    assert outcome.code == 0, [case["message"] for case in outcome.cases.values()]


def test_cases_that_wait_can_be_left_out_and_are_not_shown_as_passed(world: World) -> None:
    world.contract(CASES)
    patterns = ("--only", "*.waiting", "--only", "shared.*")
    project, seen = str(world.project("toy")), {"SEEN": str(world.folder)}
    outcome = world.check(project, "--json", "--no-waits", *patterns, env=seen)
    case = outcome.cases["lanes.waiting"]
    assert (case["outcome"], case["reason"]) == ("skipped", "not run: waits for 1 s")


def test_log_ins_are_shared_by_cases_that_hold_without_accounts(world: World) -> None:
    world.contract(ACCOUNTS)
    outcome = world.check(str(world.project("toy", auth="session")), "--json", "--only", "accounts.*")
    failed = {name: case["message"] for name, case in outcome.cases.items() if case["outcome"] != "passed"}
    assert list(failed) == ["accounts.fails"], failed
    assert "on purpose" in failed["accounts.fails"]


@pytest.mark.parametrize(
    ("needs", "auth", "waits", "lane"),
    [
        ((), (), 0, "main"),
        ((), ("none",), 0, "main"),
        (("users",), (), 0, "main"),
        ((), ("jwt", "session"), 0, "accounts"),
        (("process",), ("jwt",), 0, "servers"),
        (("contents",), (), 0, "servers"),
        (("process", "database"), (), 0, "outages"),
        (("cache",), (), 60, "outages"),
        (("process",), (), 60, "waiting"),
    ],
)
def test_the_lane_follows_from_what_a_case_is_about(
    needs: tuple[str, ...], auth: tuple[str, ...], waits: float, lane: str
) -> None:
    assert grouped([Case("a.b", 1, "Reason.", needs, auth, waits)]) == {lane: ["a.b"]}


def test_what_waits_comes_last_in_its_lane() -> None:
    cases = [Case("a.slow", 1, "Reason.", ("cache",), (), 60), Case("a.fast", 1, "Reason.", ("cache",))]
    assert grouped(cases) == {"outages": ["a.fast", "a.slow"]}
