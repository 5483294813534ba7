"""A project under the same account cannot report in our name: see ``toy/attack.py`` for what it tries."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.conftest import TOY, Outcome, World

CASES = """
@case("things.needs-a-door", points=1, reason="The toy has no door.")
def test_door(api):
    assert api.get("/door").status_code == 200
"""


@dataclass
class Account:
    """An ordinary account, which owns a world: root may read and trace whatever it likes.

    Attributes:
        python: an interpreter that it can start.
        name: None for our own.
    """

    world: World
    python: str
    name: str | None

    def check(self, attack: str) -> Outcome:
        """A check of a broken project that runs an attack at start."""
        self.world.contract(CASES)
        project = self.world.project("toy")
        (project / "tamper.py").write_text(attack, "utf-8")
        for name in ("t", "cache"):
            (self.world.folder / name).mkdir()
        if self.name:
            packages = Path(sysconfig.get_path("purelib", "posix_user", {"userbase": str(self.world.folder)}))
            packages.mkdir(parents=True)
            (packages / "ours.pth").write_text(sysconfig.get_path("purelib"))
            entry = pwd.getpwnam(self.name)
            for path in (self.world.folder, *self.world.folder.rglob("*")):
                os.chown(path, entry.pw_uid, entry.pw_gid)
        environment = {
            "TMPDIR": str(self.world.folder / "t"),
            "SCAFFOLD_CACHE_DIR": str(self.world.folder / "cache"),
            "PYTHONUSERBASE": str(self.world.folder),
            "PATH": os.defpath,
        }
        command = ("-m", "generator", "check", str(project), "--json")
        return self.world.run(*command, env=environment, python=self.python, user=self.name, timeout=100)

    @property
    def spoils(self) -> set[str]:
        """What the attack could lay hands on."""
        file = self.world.folder / "spoils.txt"
        return {line.split()[0] for line in file.read_text().splitlines()} if file.exists() else set()


@pytest.fixture
def account() -> Iterator[Account]:
    """Ours, or ``nobody`` for root, in a folder that it can enter."""
    folder = Path(tempfile.mkdtemp(prefix="scaffold-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        (folder / "w").mkdir()
        world = World(folder / "package", folder / "w")
        yield Account(world, _python(), None if os.geteuid() else "nobody")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _python() -> str:
    """Our interpreter, or for root one of the same version that everybody can start."""
    wanted = f"import sys, ctypes; assert sys.version_info[:2] == {sys.version_info[:2]}"
    for program in (sys.executable, *filter(None, [shutil.which("python3", path=os.defpath)])):
        try:
            user = None if os.geteuid() else "nobody"
            if subprocess.run([program, "-c", wanted], user=user, cwd="/", check=False).returncode == 0:
                return program
        except OSError:
            continue
    pytest.skip("root tests what an ordinary account may do, and there is no Python that it could start")


def attack(kills: int, victim: str = "cases") -> str:
    """The program of the attack, which so many times kills a process: of the cases, or the one that found them."""
    return (TOY / "attack.py").read_text("utf-8").replace('= 0, "cases"', f'= {kills}, "{victim}"')


@pytest.mark.parametrize("kills", [0, 1])
def test_a_forged_report_is_no_pass(account: Account, kills: int) -> None:
    outcome = account.check(attack(kills))
    assert outcome.code == 1, outcome.err
    assert outcome.cases["things.needs-a-door"]["outcome"] == "failed"
    assert account.spoils == set()


@pytest.mark.parametrize(("kills", "victim"), [(9, "cases"), (1, "finder")])
def test_whoever_kills_the_cases_has_no_score(account: Account, kills: int, victim: str) -> None:
    outcome = account.check(attack(kills, victim))
    assert (outcome.code, outcome.report["score"]) == (2, None)
    assert "nothing certain was found out" in outcome.report["lost"]


def test_whoever_interrupts_the_check_has_no_score(account: Account) -> None:
    outcome = account.check(attack(1, "judge"))
    assert (outcome.code, outcome.report["score"]) == (130, None)
