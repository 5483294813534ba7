"""The page that the links in mails lead to.

Opening it changes nothing, since mail scanners open every link. Only its button does. It is a script that
reads the token, because the fragment of an address never reaches the server.
"""

import base64
import hashlib
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

PAGE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
SCRIPT = PAGE.partition("<script>")[2].partition("</script>")[0]
# This script may run, and no other.
DIGEST = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = f"default-src 'none'; script-src 'sha256-{DIGEST}'; connect-src 'self'; frame-ancestors 'none'"

router = APIRouter(include_in_schema=False)


@router.api_route("/verify-email", methods=["GET", "HEAD"])
@router.api_route("/reset-password", methods=["GET", "HEAD"])
@router.api_route("/confirm-email", methods=["GET", "HEAD"])
async def mailed_link() -> HTMLResponse:
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})
