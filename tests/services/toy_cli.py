"""``scaffold`` with the toy's commands in place of a framework's; run as a script."""

from generator.cli.app import main
from generator.project import Project
from tests.services.toy_project import ToyProject

Project.commands = ToyProject.commands  # type: ignore[method-assign]
main()
