"""QR codes."""

import io
from xml.etree import ElementTree as ET

import pytest
import segno
from httpx import AsyncClient

from tests.links.conftest import LINKS, Make


def shape(svg: bytes) -> str:
    [path] = [element.get("d") for element in ET.fromstring(svg).iter() if element.get("stroke")]
    assert path
    return path


def drawn(text: str) -> str:
    image = io.BytesIO()
    segno.make_qr(text, error="m").save(image, kind="svg", scale=8, border=4)
    return shape(image.getvalue())


@pytest.mark.parametrize("code", ["summer", "A-rather_long-code-of-thirty-two"])
async def test_qr_code_contains_the_short_url(ann: AsyncClient, make: Make, code: str) -> None:
    link = await make(code=code)
    response = await ann.get(f"{LINKS}/{link['id']}/qr.svg")
    assert (response.status_code, response.headers["content-type"]) == (200, "image/svg+xml")
    assert shape(response.content) == drawn(f"http://sho.rt/{code}")
    assert shape(response.content) != drawn(link["url"])


async def test_qr_code_is_a_plain_svg_on_white(ann: AsyncClient, make: Make) -> None:
    response = await ann.get(f"{LINKS}/{(await make())['id']}/qr.svg")
    assert "script" not in response.text
    assert "#fff" in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
