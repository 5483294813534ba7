"""How long the command takes, against programs that do next to nothing in the same way."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.ratio import Ratio

ROOT = Path(__file__).parents[2]
RUNS = 9

TWO_COMMANDS = '''
import typer

app = typer.Typer(name="two", help="Two commands.", no_args_is_help=True)


@app.command()
def one(name: str, loud: bool = False) -> None:
    """Greet somebody."""
    print(name)


@app.command()
def two(count: int = 1) -> None:
    """Count to a number."""
    print(count)


app()
'''


def measure() -> Iterator[Ratio]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        here = Path(folder)
        yield _help(here)
        yield _new(here)
        yield _second_render(here)


def _help(here: Path) -> Ratio:
    program = here / "two.py"
    program.write_text(TWO_COMMANDS)
    return _compare(
        "scaffold --help",
        "a two-command Typer program",
        "at most 1.3",
        lambda: _process([sys.executable, "-m", "generator", "--help"]),
        lambda: _process([sys.executable, str(program), "--help"]),
    )


def _new(here: Path) -> Ratio:
    template = here / "template"
    (template / "project").mkdir(parents=True)
    (template / "copier.yml").write_text("_subdirectory: project\nname:\n  type: str\n  default: links\n")
    (template / "project" / "README.md.jinja").write_text("# {{ name }}\n")
    copier = Path(sys.executable).with_name("copier")
    made, copied = here / "made", here / "copied"

    def ours() -> float:
        shutil.rmtree(made, ignore_errors=True)
        return _process([sys.executable, "-m", "generator", "new", "url-shortener", str(made), "--yes", "--no-git"])

    def theirs() -> float:
        shutil.rmtree(copied, ignore_errors=True)
        return _process([str(copier), "copy", "--defaults", "--quiet", str(template), str(copied)])

    return _compare("scaffold new, whole process", "copier copy of one file", "at most 1.4", ours, theirs)


def _second_render(here: Path) -> Ratio:
    """In a fresh process: the first render pays for Copier's import, the later ones do not."""
    script = """
import sys, time
from pathlib import Path
from generator.catalog import Catalog
from generator.plan import make_plan
from generator.render import render
from generator.spec import ProjectSpec

catalog, times = Catalog.load(), []
for number in range(6):
    began = time.perf_counter()
    spec = ProjectSpec.create(catalog, idea="url-shortener", name="links", choices={})
    render(make_plan(catalog, spec), Path(sys.argv[1]) / str(number))
    times.append(time.perf_counter() - began)
print(times[0], min(times[1:]))
"""
    pairs = []
    for number in range(3):
        done = subprocess.run(
            [sys.executable, "-c", script, str(here / f"renders-{number}")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        pairs.append(tuple(map(float, done.stdout.split())))
    first, later = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    details = f"{later * 1000:.0f} ms / {first * 1000:.0f} ms"
    return Ratio("a later render in one process", "the first", later / first, "under 0.2", details)


def _compare(what: str, against: str, aim: str, ours: Callable[[], float], theirs: Callable[[], float]) -> Ratio:
    ours(), theirs()  # byte code and disk caches
    pairs = [(ours(), theirs()) for _ in range(RUNS)]
    mine, other = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    return Ratio(what, against, mine / other, aim, f"{mine * 1000:.0f} ms / {other * 1000:.0f} ms of processor time")


def _process(command: Sequence[str]) -> float:
    """Processor time of a process and its children, in seconds: what other work on the machine hardly changes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
