"""`/` in development: where to begin."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
@router.head("/", response_class=HTMLResponse)
async def home(request: Request) -> str:
    title = escape(request.app.title)
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
<p>{escape(request.app.description)}</p>
<ul>
<li><a href="/docs">Try the API</a></li>
<li><a href="/openapi.json">Its OpenAPI document</a></li>
<li><a href="/health">Health</a> and <a href="/ready">readiness</a></li>
</ul>
<p>This page is here in development only.</p>
"""
