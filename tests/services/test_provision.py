"""Whose server is whose: what answers on a usual port, what a setting names on purpose, and what we start."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from generator.runtime import settings as settings_module
from generator.runtime.provision import Dependency, Provision
from generator.runtime.settings import read_settings
from generator.services.ports import free_port
from tests.services.toy_project import ToyProject


@pytest.fixture
def usual_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A port that counts as Redis's usual one, and on which somebody's server listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        monkeypatch.setitem(settings_module.DEFAULT_PORTS, "redis", port)
        yield port


def provided(toy: ToyProject, setting: str, example: str) -> tuple[Dependency, list[str], dict[str, str]]:
    (toy.folder / ".env").write_text(f"CACHE_URL={setting}\n")
    (toy.folder / ".env.example").write_text(f"CACHE_URL={example}\n")
    project = dataclasses.replace(toy, choices={**toy.choices, "cache": "redis"})
    said: list[str] = []
    with ExitStack() as resources:
        provision = Provision(project, read_settings(toy.folder / ".env"), resources, progress=said.append)
        provision.provide()
        return provision.dependencies["cache"], said, provision.environment


def test_a_server_on_the_usual_port_is_somebody_elses(toy: ToyProject, usual_port: int) -> None:
    setting = f"redis://127.0.0.1:{usual_port}/0"
    cache, said, environment = provided(toy, setting, setting)
    assert cache.provided
    assert environment["CACHE_URL"] == cache.url != setting
    assert said == [
        f"The server on port {usual_port} is not known to be this project's, so redis is provided. "
        f"To use that one: CACHE_URL='{setting}' scaffold run"
    ]


@pytest.mark.parametrize("setting", ["redis://me:secret@127.0.0.1:{port}/0", "redis://localhost:{port}/3"])
def test_a_setting_that_was_changed_is_meant(toy: ToyProject, usual_port: int, setting: str) -> None:
    given = setting.format(port=usual_port)
    cache, said, environment = provided(toy, given, f"redis://127.0.0.1:{usual_port}/0")
    assert (cache.provided, cache.url, said, environment) == (False, given, [], {})
    assert cache.source == "CACHE_URL in .env, which answers"


def test_a_server_elsewhere_is_meant_even_if_the_example_names_it(toy: ToyProject) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        setting = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        cache, said, _ = provided(toy, setting, setting)
    assert (cache.provided, said) == (False, [])


def test_a_setting_that_was_meant_and_does_not_answer_is_said(toy: ToyProject) -> None:
    cache, said, _ = provided(toy, f"redis://127.0.0.1:{free_port()}/0", "redis://127.0.0.1:6379/0")
    assert cache.provided
    assert said == ["Nothing answers at CACHE_URL in .env, so redis is provided"]


def test_nothing_is_said_where_nothing_answers_on_the_usual_port(
    toy: ToyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setitem(settings_module.DEFAULT_PORTS, "redis", port)
    setting = f"redis://127.0.0.1:{port}/0"
    cache, said, _ = provided(toy, setting, setting)
    assert (cache.provided, said) == (True, [])


def test_two_at_once_do_not_write_over_each_others_record(toy: ToyProject, tmp_path: Path) -> None:
    project = dataclasses.replace(toy, choices={**toy.choices, "cache": "redis"})
    with ExitStack() as first, ExitStack() as second, ExitStack() as third:
        one = Provision(project, {}, first)
        one.provide()
        other = Provision(project, {}, second)
        other.provide()
        assert other.dependencies["cache"].url != one.dependencies["cache"].url
        shared = Provision(project, {}, third, share=True)
        shared.provide()
        assert shared.dependencies["cache"].url == one.dependencies["cache"].url
        assert not shared.dependencies["cache"].provided
    assert not (tmp_path / ".scaffold" / "servers").exists()
