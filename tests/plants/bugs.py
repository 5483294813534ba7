"""Ten bugs that people make, for each framework: which text of which file becomes which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Edit:
    """One replacement; the text must be there once."""

    file: str
    old: str
    new: str

    def apply(self, project: Path) -> int:
        """Make it; the number of the first line that differs."""
        path = project / self.file
        before = path.read_text("utf-8")
        assert before.count(self.old) == 1, f"{self.file} holds {before.count(self.old)} times {self.old!r}"
        after = before.replace(self.old, self.new)
        path.write_text(after, "utf-8")
        pairs = zip(before.splitlines(), after.splitlines(), strict=False)
        return next(number for number, (one, other) in enumerate(pairs, 1) if one != other)


@dataclass(frozen=True)
class Bug:
    """A bug: the first edit is the place that the screen should name, the others only make it show.

    Attributes:
        only: patterns of the cases that are run.
    """

    name: str
    edits: tuple[Edit, ...]
    only: tuple[str, ...]


SERVICE = "src/features/links/links.service.ts"
REPOSITORY = "src/features/links/links.repository.ts"
ROUTES = "src/features/links/links.routes.ts"
CREATE, REDIRECT, RACE = "links.create.a*", "redirect.[ah]*", "links.create.race-*"

EXPRESS = (
    Bug(
        "wrong member name",
        (
            Edit(
                "src/features/links/links.schema.ts",
                "return { id, code, shortUrl, url",
                "return { id, code, short_url: shortUrl, url",
            ),
        ),
        (CREATE, "links.read.*"),
    ),
    Bug(
        "look, then insert",
        (
            Edit(
                SERVICE,
                "      const created = await repository.insert(link);",
                '      if (await repository.findByCode(code)) throw createError(409, "It is taken.");\n'
                "      const created = await repository.insert(link);",
            ),
            Edit("migrations/0001-links.ts", '["code_key"], { unique: true,', '["code_key"], { unique: false,'),
        ),
        (RACE,),
    ),
    Bug(
        "forgotten owner check",
        (
            Edit(
                REPOSITORY,
                "Link.findOne({ where: { ...key, deletedAt: null } })",
                "Link.findOne({ where: { id: key.id, deletedAt: null } })",
            ),
        ),
        ("links.owner.*",),
    ),
    Bug(
        "301 for 302",
        (Edit("src/features/links/redirect.routes.ts", "res.status(302)", "res.status(301)"),),
        (REDIRECT, "redirect.edit-*"),
    ),
    Bug(
        "unawaited call",
        (Edit(ROUTES, "const link = await service.createLink(", "const link = service.createLink("),),
        (CREATE,),
    ),
    Bug("wrong status", (Edit(ROUTES, "res.status(201)", "res.status(200)"),), (CREATE, REDIRECT)),
    Bug(
        "exception in a middleware",
        (
            Edit(
                "src/app.ts",
                "    // To a mounted router,",
                "    (req as any).tenant.name.trim();\n    // To a mounted router,",
            ),
        ),
        (CREATE,),
    ),
    Bug("syntax error", (Edit(SERVICE, "  if (!link) throw notFound();", "  if (!link throw notFound();"),), (CREATE,)),
    Bug(
        "wrong migration",
        (Edit("migrations/0001-links.ts", "    expires_at: DataTypes.DATE(3),", "    expiry_at: DataTypes.DATE(3),"),),
        (CREATE,),
    ),
    Bug(
        "server that hangs",
        (
            Edit(
                SERVICE,
                "  const cached = await findCached(code);",
                "  await new Promise(() => {});\n  const cached = await findCached(code);",
            ),
        ),
        ("redirect.answers-*", "redirect.head-*"),
    ),
)

FASTAPI = (
    Bug(
        "wrong member name",
        (
            Edit("app/links/schemas.py", "    short_url: str\n    url: str", "    short_link: str\n    url: str"),
            Edit("app/links/schemas.py", 'if name != "short_url"}', 'if name != "short_link"}'),
            Edit("app/links/schemas.py", "cls(**stored, short_url=", "cls(**stored, short_link="),
        ),
        (CREATE, "links.read.*"),
    ),
    Bug(
        "look, then insert",
        (
            Edit(
                "app/links/service.py",
                "        db.add(link)\n",
                "        if await find_by_code(db, code):\n"
                '            raise HTTPException(409, "This code is taken.")\n'
                "        db.add(link)\n",
            ),
            Edit(
                "migrations/versions/0001_links.py",
                'sa.Column("code_key", sa.String(32), nullable=False, unique=True)',
                'sa.Column("code_key", sa.String(32), nullable=False)',
            ),
        ),
        (RACE,),
    ),
    Bug(
        "forgotten owner check",
        (
            Edit(
                "app/links/service.py",
                "select(Link).where(Link.id == link_id, Link.owner_id == owner_id)",
                "select(Link).where(Link.id == link_id)",
            ),
        ),
        ("links.owner.*",),
    ),
    Bug(
        "301 for 302",
        (Edit("app/links/redirect.py", "Response(status_code=302", "Response(status_code=301"),),
        (REDIRECT, "redirect.edit-*"),
    ),
    Bug(
        "unawaited call",
        (
            Edit(
                "app/links/service.py",
                "        try:\n            await db.commit()",
                "        try:\n            db.commit()",
            ),
        ),
        (CREATE, "links.read.*"),
    ),
    Bug(
        "wrong status",
        (Edit("app/links/router.py", '@router.post("", status_code=201)', '@router.post("", status_code=200)'),),
        (CREATE, REDIRECT),
    ),
    Bug(
        "exception in a middleware",
        (
            Edit(
                "app/middleware.py",
                "        started, size = time.perf_counter(), 0\n",
                '        tenant = scope["tenant"]["name"]\n        started, size = time.perf_counter(), 0\n',
            ),
        ),
        (CREATE,),
    ),
    Bug(
        "syntax error",
        (Edit("app/links/service.py", "    if updated is None:\n", "    if updated is None\n"),),
        (CREATE,),
    ),
    Bug(
        "wrong migration",
        (Edit("migrations/versions/0001_links.py", 'sa.Column("expires_at",', 'sa.Column("expiry_at",'),),
        (CREATE,),
    ),
    Bug(
        "server that hangs",
        (
            Edit(
                "app/links/service.py",
                '    """Return the link with exactly this code, deleted or not."""\n',
                '    """Return the link with exactly this code, deleted or not."""\n    import time; time.sleep(60)\n',
            ),
        ),
        ("redirect.answers-*", "redirect.head-*"),
    ),
)

BUGS = {"express": EXPRESS, "fastapi": FASTAPI}
