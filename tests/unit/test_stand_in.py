"""A service of others, played: what it is told to do, and how a project finds it."""

from __future__ import annotations

import json
import urllib.request
from http.client import RemoteDisconnected
from urllib.error import HTTPError

import pytest

from generator.catalog import Catalog, StandIn
from generator.errors import CatalogError
from generator.runtime.stand_in import stand_in
from generator.services.upstream import Reply, Request, Upstream
from tests.unit.toy import ToyRoot

ABOUT = {"title": "Demo", "summary": "A demo.", "teaches": ["Demos"], "endpoints": ["GET /demo"]}


def test_it_answers_and_remembers_what_was_asked() -> None:
    with Upstream(lambda request: Reply.json({"q": request.value("q")}, 201)) as server:
        with urllib.request.urlopen(f"{server.url}/a%20b?q=x%26y&q=2") as response:
            assert (response.status, json.load(response)) == (201, {"q": "x&y"})

        (request,) = server.requests
        assert (request.method, request.path, request.query) == ("GET", "/a%20b", {"q": ["x&y", "2"]})


def test_it_fails_as_it_is_told() -> None:
    replies = [Reply(cut=True), Reply(429, b"no"), Reply(200, b"[", flood=200_000)]
    with Upstream(lambda request: replies.pop(0)) as server:
        with pytest.raises(RemoteDisconnected):
            urllib.request.urlopen(server.url)
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(server.url)
        refused.value.close()
        with urllib.request.urlopen(server.url) as response:
            assert len(response.read()) > 200_000

        assert refused.value.code == 429


def test_an_idea_names_the_settings_of_its_stand_in(toy: ToyRoot) -> None:
    about = {**ABOUT, "stand_in": {"about": "a service", "settings": {"SERVICE_URL": "/v1"}}}
    offers = {"toy": {"database": ["one"], "auth": ["none"], "cache": ["memory"]}}
    toy.write("beginner/demo/copier.yml", {"_idea": about, "_offers": offers})
    idea = toy.catalog().idea("demo")
    assert idea.stand_in == StandIn("a service", {"SERVICE_URL": "/v1"})
    with pytest.raises(CatalogError, match="stand_in"), stand_in(idea):
        pass

    (toy.path / "beginner/demo/contract").mkdir()
    code = "from generator.services.upstream import Reply\nanswer = lambda request: Reply(200, b'it')\n"
    (toy.path / "beginner/demo/contract/stand_in.py").write_text(code)
    with stand_in(idea) as settings, urllib.request.urlopen(settings["SERVICE_URL"]) as response:
        assert response.read() == b"it"
        assert response.url.endswith("/v1")


def test_an_idea_that_talks_to_nobody_has_none() -> None:
    with stand_in(Catalog.load().idea("todo")) as settings:
        assert settings == {}


def test_groups_of_choices_go_together_each_for_itself(toy: ToyRoot) -> None:
    groups = [{"database": ["one"], "auth": ["none"], "cache": ["memory"]}]
    groups.append({"database": ["two"], "auth": ["none"], "cache": ["memory"]})
    toy.write("beginner/demo/copier.yml", {"_idea": ABOUT, "_offers": {"toy": groups}})

    assert [one["database"] for one in toy.catalog().idea("demo").combinations()] == ["one", "two"]


def test_folders_of_two_families_apply_where_both_do(toy: ToyRoot) -> None:
    toy.layer("beginner/demo/toy/sql/common", {"in-sql": ""})
    toy.layer("beginner/demo/toy/sql/mongodb", {"in-both": ""})

    paths = {database: {file.path for file in toy.plan(database=database).files} for database in ("one", "two")}

    assert paths == {"one": {"in-sql"}, "two": set()}


def test_a_request_has_the_first_value_of_a_parameter() -> None:
    request = Request("GET", "/", {"a": ["1", "2"]})

    assert (request.value("a"), request.value("b", "none")) == ("1", "none")
