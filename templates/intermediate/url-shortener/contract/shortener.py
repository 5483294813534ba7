"""Short words for what the cases of the URL shortener do over and over."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from resources import pages_of
from wire import eventually

LINKS = "/api/v1/links"
MEMBERS = {"id", "code", "shortUrl", "url", "enabled", "expiresAt", "clicks", "createdAt", "updatedAt"}


def unused_code(prefix: str = "c") -> str:
    """A code that nobody has taken, with letters in both cases."""
    return f"{prefix}-X{secrets.token_hex(5)}"


def create(client: Any, url: str = "https://example.com/", **members: Any) -> dict[str, Any]:
    """Create a link and return it as answered."""
    response = client.post(LINKS, json={"url": url, **members})
    assert response.status_code == 201, f"{url!r} {members}: {response.status_code} {response.text[:300]}"
    return response.json()


def path(link: dict[str, Any], tail: str = "") -> str:
    """The path of a link, or of something under it."""
    return f"{LINKS}/{link['id']}{tail}"


def read(client: Any, link: dict[str, Any]) -> dict[str, Any]:
    """The link as it is now."""
    response = client.get(path(link))
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    return response.json()


def edit(client: Any, link: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Change a link and return it as answered."""
    response = client.patch(path(link), json=members)
    assert response.status_code == 200, f"{members}: {response.status_code} {response.text[:300]}"
    return response.json()


def follow(client: Any, link: dict[str, Any], **options: Any) -> Any:
    """Follow a short link."""
    return client.get(f"/{link['code']}", **options)


def stats(client: Any, link: dict[str, Any], days: int = 30) -> dict[str, Any]:
    """The link's counts."""
    response = client.get(path(link, "/stats"), params={"days": days})
    assert response.status_code == 200, f"{response.status_code} {response.text[:300]}"
    return response.json()


def counted(client: Any, link: dict[str, Any], clicks: int, *, within: float = 2.0) -> dict[str, Any]:
    """The link's counts once total, days and referrers each show at least so many clicks; the contract gives 2 s."""

    def enough() -> dict[str, Any] | None:
        found = stats(client, link)
        sums = [sum(entry["clicks"] for entry in found[member]) for member in ("perDay", "referrers")]
        return found if min(found["total"], *sums) >= clicks else None

    found = eventually(enough, within=within)
    assert found, f"after {within} s not all of {clicks} clicks are visible: {stats(client, link)}"
    return found


def pages(client: Any, **params: Any) -> Iterator[list[dict[str, Any]]]:
    """The pages of the list of links."""
    return pages_of(client, LINKS, **params)
