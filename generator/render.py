"""Plan → directory. The only importer of Copier, so that Copier stays replaceable."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import yaml

from generator.errors import ScaffoldError, TemplateError
from generator.plan import Plan, PlannedFile
from generator.staging import staged
from generator.templating import CONTEXT_FILE, ENVIRONMENT_OPTIONS

_PROJECT = "project"


def render(plan: Plan, destination: Path, *, finish: Any = None) -> None:
    """Write the project, or nothing.

    Args:
        destination: absent, or an empty folder.
        finish: called with the complete folder just before it is moved into place, for example to start a repository.

    Raises:
        DestinationError: the destination cannot be written; it is as it was.
        TemplateError: a template does not render; names the layer's file and line.
    """
    with staged(destination) as staging:
        render_into(plan, staging / "template", staging / _PROJECT)
        if finish is not None:
            finish(staging / _PROJECT)


def render_into(plan: Plan, template: Path, project: Path) -> None:
    """Render a plan into an existing empty folder.

    Copier renders what needs rendering; all other files are copied here byte for byte, because Copier asks git about
    every file it writes.

    Args:
        template: where to assemble the Copier template; must not exist yet.
        project: the folder to fill.
    """
    assemble(plan, template, [file for file in plan.files if file.rendered])
    _run_copier(plan, template, project)
    for file in plan.files:
        target = project / file.path
        if not file.rendered:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.source, target)
        if os.access(file.source, os.X_OK):
            target.chmod(0o777 & ~_umask())
    if (project / ".env").exists():
        (project / ".env").chmod(0o600)


def preload() -> None:
    """Import Copier, which takes most of a second, while a person still answers questions."""
    import copier  # noqa: F401


def assemble(plan: Plan, template: Path, files: list[PlannedFile] | None = None) -> None:
    """Write one self-contained Copier template for a plan.

    Args:
        template: the folder to make.
        files: the files to put in; by default all, which is the template that ``pytest-copie`` drives.
    """
    template.mkdir(parents=True)
    for file in plan.files if files is None else files:
        if file.rendered:
            _check_text(file.source)
        _put(file.source, template / _PROJECT / (file.path + (".jinja" if file.rendered else "")))
    for name, source in plan.parts:
        _check_text(source)
        _put(source, template / name)
    (template / _PROJECT).mkdir(exist_ok=True)
    settings = {
        "_min_copier_version": "9.17.2",
        "_subdirectory": _PROJECT,
        "_templates_suffix": ".jinja",
        "_exclude": ["__pycache__", "*.pyc"],
        "_envops": ENVIRONMENT_OPTIONS,
        "_jinja_extensions": ["generator.templating.LayerExtension"],
        **plan.questions,
    }
    (template / "copier.yml").write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    hidden = {entry["name"]: secrets.token_urlsafe(36) for entry in plan.context["environment"] if entry["secret"]}
    context = json.dumps({**plan.context, "secrets": hidden})
    (template / CONTEXT_FILE).write_text(context, encoding="utf-8")


def _run_copier(plan: Plan, template: Path, project: Path) -> None:
    import copier
    import copier.errors
    import jinja2
    import plumbum

    try:
        # Copier starts git for the template and for every file it writes, and finds no repository: so it finds no git.
        with plumbum.local.env(PATH=os.devnull):
            copier.run_copy(
                str(template),
                project,
                data=dict(plan.spec.own),
                defaults=True,
                overwrite=True,
                quiet=True,
                unsafe=True,  # our own extension, from our own template
                settings=copier.Settings(),
                cleanup_on_error=False,
            )
    except copier.errors.CopierError as error:
        raise ScaffoldError(f"The template could not be rendered: {error}") from error
    except Exception as error:  # an expression may raise anything
        place = _place(plan, template, error)
        if place is None and not isinstance(error, jinja2.TemplateError):
            raise
        message = str(getattr(error, "message", None) or error).rstrip(".")
        raise TemplateError(f"{place or 'a template'}: {message}", "Mend the layer's file.") from error


def _place(plan: Plan, template: Path, error: Exception) -> str | None:
    """Where in which layer a template failed, instead of where its temporary copy lies."""
    sources = {f"{_PROJECT}/{file.path}.jinja": file.source for file in plan.files if file.rendered}
    sources |= dict(plan.parts)
    place = None
    located = [(getattr(error, "filename", None), getattr(error, "lineno", None))]
    frame = error.__traceback__
    while frame is not None:
        located.append((frame.tb_frame.f_code.co_filename, frame.tb_lineno))
        frame = frame.tb_next
    root = template.resolve()
    for filename, line in located:
        if filename and Path(filename).is_absolute() and Path(filename).is_relative_to(root):
            source = sources.get(Path(filename).relative_to(root).as_posix())
            if source is not None:
                place = f"{source}:{line}"
    return place


def _check_text(source: Path) -> None:
    try:
        source.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise TemplateError(f"{source}: not UTF-8 text", "Save it as UTF-8.") from error


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
