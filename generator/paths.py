"""Where the templates lie: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

LEVELS = ("beginner", "intermediate", "advanced")


def templates_root() -> Path:
    """The folder with ``beginner/``, ``intermediate/``, ``advanced/`` and ``shared/``."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


def relative(destination: Path) -> str:
    """The destination as the user would type it from here."""
    try:
        shown = destination.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return destination.as_posix()
    return f"./{shown}" if shown.startswith("-") else shown
