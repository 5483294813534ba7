"""Ten further bugs of other kinds for each framework: the search for places was written without a look at them."""

from __future__ import annotations

from tests.plants.bugs import Bug, Edit

EXPRESS = (
    Bug(
        "wrong status of a refusal",
        (Edit("src/features/links/redirect.routes.ts", "createError(410,", "createError(404,"),),
        ("redirect.*",),
    ),
    Bug(
        "swapped arguments",
        (
            Edit(
                "src/features/auth/token-rotation.ts",
                "rotateSession(old.sessionId, old.tokenId, renewed.tokenId, expiresAt)",
                "rotateSession(old.sessionId, renewed.tokenId, old.tokenId, expiresAt)",
            ),
        ),
        ("auth.*",),
    ),
    Bug(
        "missing await in a condition",
        (
            Edit(
                "src/features/links/links.service.ts",
                "if (!(await repository.find({ id, ownerId }))) return notFound();",
                "if (!repository.find({ id, ownerId })) return notFound();",
            ),
        ),
        ("links.*",),
    ),
    Bug(
        "off by one in a page",
        (Edit("src/features/links/links.service.ts", "limit: query.limit + 1 }", "limit: query.limit }"),),
        ("links.*",),
    ),
    Bug(
        "owner forgotten in one route",
        (
            Edit(
                "src/features/links/links.routes.ts",
                "schema.toResponse(await service.getLink(keyOf(req)))",
                "schema.toResponse(await service.getLink({ id: req.params.id } as never))",
            ),
        ),
        ("links.*", "qr.*"),
    ),
    Bug(
        "wrong header",
        (
            Edit(
                "src/features/links/links.routes.ts",
                'set("Location", `/api/v1/links/${link.id}`)',
                'set("Location", `/api/v1/links/${link.code}`)',
            ),
        ),
        ("links.*",),
    ),
    Bug(
        "wrong default of a setting",
        (Edit("src/config.ts", "default(300)", "default(3000)"),),
        ("ops.rate-limit.*", "ops.config.*"),
    ),
    Bug(
        "exception in the background",
        (
            Edit(
                "src/features/links/clicks.ts",
                "const clicks = [...this.#counters.values()];",
                "const clicks = [...this.#counters.values()].map((c) => ({ ...c, host: c.host!.toLowerCase() }));",
            ),
        ),
        ("stats.*",),
    ),
    Bug(
        "migration that fails",
        (Edit("migrations/0001-links.ts", '["owner_id", "id"]', '["owner", "id"]'),),
        ("links.*",),
    ),
    Bug(
        "wrong time zone",
        (
            Edit(
                "src/features/links/links.schema.ts",
                "transform((text) => new Date(text))",
                "transform((text) => new Date(`${text.slice(0, 19)}Z`))",
            ),
        ),
        ("links.*",),
    ),
)

FASTAPI = (
    Bug(
        "wrong status of a refusal",
        (Edit("app/links/redirect.py", "HTTPException(410,", "HTTPException(404,"),),
        ("redirect.*",),
    ),
    Bug(
        "swapped arguments",
        (Edit("app/links/dependencies.py", "get_link(db, user.id, link_id)", "get_link(db, link_id, user.id)"),),
        ("links.*",),
    ),
    Bug(
        "missing await in a condition",
        (
            Edit(
                "app/auth/password_change.py",
                "if not await verify_password(user.password_hash, password)",
                "if not verify_password(user.password_hash, password)",
            ),
        ),
        ("auth.*",),
    ),
    Bug(
        "off by one in a page",
        (Edit("app/links/router.py", "len(links) > query.limit", "len(links) >= query.limit"),),
        ("links.*",),
    ),
    Bug(
        "owner forgotten in one route",
        (
            Edit(
                "app/links/router.py",
                "async def get_qr_code(link: OwnLink, settings: SettingsDep) -> Response:\n",
                "async def get_qr_code(link_id: UUID, me: CurrentUser, db: DbDep, settings: SettingsDep) -> Response:\n"
                "    link = await db.get_one(Link, link_id)\n",
            ),
            Edit(
                "app/links/router.py",
                "from app.links.qr import qr_svg\n",
                "from app.links.qr import qr_svg; from uuid import UUID; from app.links.models import Link\n",
            ),
        ),
        ("links.*", "qr.*"),
    ),
    Bug(
        "wrong header",
        (
            Edit(
                "app/links/redirect.py",
                '"Cache-Control": "no-store"}',
                '"Cache-Control": "public, max-age=3600"}',
            ),
        ),
        ("redirect.*",),
    ),
    Bug(
        "wrong default of a setting",
        (Edit("app/config.py", "rate_limit: int = Field(300,", "rate_limit: int = Field(3000,"),),
        ("ops.rate-limit.*", "ops.config.*"),
    ),
    Bug(
        "exception in the background",
        (Edit("app/links/stats.py", "if visit[0] == link_id)", "if visit.link_id == link_id)"),),
        ("stats.*",),
    ),
    Bug(
        "migration that fails",
        (Edit("migrations/versions/0001_links.py", '["owner_id", "id"]', '["owner", "id"]'),),
        ("links.*",),
    ),
    Bug(
        "wrong time zone",
        (Edit("app/times.py", "return value.astimezone(UTC).replace(", "return value.replace(tzinfo=UTC, "),),
        ("links.*",),
    ),
)

FRESH = {"express": EXPRESS, "fastapi": FASTAPI}
