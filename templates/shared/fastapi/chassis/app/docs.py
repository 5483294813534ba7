"""`/openapi.json`, and `/docs`: a page made on the server.

Swagger UI and ReDoc are scripts from a CDN, which the Content-Security-Policy refuses, and
should. This page needs no script, only its own style, which the policy allows by its hash.
"""

import base64
import hashlib
import json
from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse

from app.openapi import build_openapi

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
summary { padding: .4rem 0; cursor: pointer } code, pre { font-family: ui-monospace, monospace }
pre { background: #f4f4f4; padding: 1rem; overflow: auto } b { display: inline-block; width: 5rem }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CSP = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'"


def install_docs(app: FastAPI) -> None:
    """Serve the document and the page; both are made when first asked for."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = build_openapi(app)
        return app.openapi_schema

    @app.get("/openapi.json", include_in_schema=False)
    async def openapi_json() -> JSONResponse:
        return JSONResponse(document())

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_page(document()), headers={"Content-Security-Policy": _CSP})


def _page(document: dict[str, Any]) -> str:
    title = escape(document["info"]["title"])
    operations = "".join(
        f"<details><summary><b>{method.upper()}</b><code>{escape(path)}</code> "
        f"{escape(operation['summary'])}</summary><p>{escape(operation.get('description', ''))}</p>"
        f"<pre>{_details(operation)}</pre></details>"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    )
    schemas = "".join(
        f"<details><summary><code>{escape(name)}</code></summary><pre>{_pretty(schema)}</pre></details>"
        for name, schema in document["components"]["schemas"].items()
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f'<h1>{title}</h1><p>The whole document: <a href="/openapi.json">/openapi.json</a>, OpenAPI 3.1.</p>'
        f"<h2>Operations</h2>{operations}<h2>Schemas</h2>{schemas}</html>"
    )


def _details(operation: dict[str, Any]) -> str:
    shown = ("parameters", "requestBody", "responses")
    return _pretty({name: operation[name] for name in shown if name in operation})


def _pretty(value: Any) -> str:
    return escape(json.dumps(value, indent=2))
