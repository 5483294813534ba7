"""Pages for developers: `/` and Swagger UI, whose files come from fastapi-offline and not from a CDN.

FastAPI's documentation calls this "Custom Docs UI Static Assets (Self-Hosting)".
"""

from html import escape

from fastapi import APIRouter, HTTPException, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

router = APIRouter(include_in_schema=False)
assets = StaticFiles(packages=[("fastapi_offline", "static")])

# The page runs the script and the styles that Swagger UI writes into it.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'"
)
HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
<p>{description}</p>
<ul>
<li><a href="/docs">Try the API</a>, by its <a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/health">Health</a> and <a href="/ready">readiness</a></li>
</ul>
<p>This page is here in development only.</p>
"""


@router.api_route("/", methods=["GET", "HEAD"])
async def home(request: Request) -> HTMLResponse:
    if request.app.state.settings.app_env == "production":
        raise HTTPException(404)
    app = request.app
    return HTMLResponse(HOME.format(title=escape(app.title), description=escape(app.description)))


@router.api_route("/docs", methods=["GET", "HEAD"])
async def swagger_ui(request: Request) -> HTMLResponse:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=request.app.title,
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
        swagger_ui_parameters={"persistAuthorization": True},
    )
    # `swagger_ui_parameters` holds JSON. A part that needs a function (a request interceptor) comes in here.
    options = "SwaggerUIBundle({" + getattr(request.app.state, "swagger_ui_options", "")
    html = bytes(page.body).decode().replace("SwaggerUIBundle({", options, 1)
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})
