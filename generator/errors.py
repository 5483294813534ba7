"""Errors that a user can act on.

Every error that reaches the command line is a ``ScaffoldError``: one line that says what is wrong
and names the fix, and the exit code to leave with. Anything else is a defect of ``scaffold`` itself.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_CHECK_FAILED = 1
EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130


class ScaffoldError(Exception):
    """Wrong use, or a request that is refused.

    Args:
        message: one line, without a full stop at the end of a path, naming what is wrong.
        fix: what to do about it; printed behind the message.

    Attributes:
        output: what a program of the project printed before it failed, as it printed it; often empty.
    """

    exit_code = EXIT_REFUSED
    output = ""

    def __init__(self, message: str, fix: str | None = None) -> None:
        self.message = message = message.rstrip(".") if fix else message
        self.fix = fix
        super().__init__(f"{message}. {fix.rstrip('.')}{'' if fix.endswith('?') else '.'}" if fix else message)


class CatalogError(ScaffoldError):
    """The template tree contradicts itself: a malformed or missing file, named in the message."""


class RefusedChoice(ScaffoldError):
    """Choices that do not exist or do not go together."""


class PlanError(ScaffoldError):
    """Layers that cannot be combined: colliding paths, versions or defaults."""


class TemplateError(ScaffoldError):
    """A template that does not render; names the layer's own file and line."""


class DestinationError(ScaffoldError):
    """A destination that cannot be written without touching what is already there."""


class Cancelled(ScaffoldError):
    """A person does not want what was asked about."""

    exit_code = EXIT_INTERRUPTED

    def __init__(self) -> None:
        super().__init__("cancelled, nothing was written")
