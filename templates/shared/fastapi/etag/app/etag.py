"""ETags and the requests that depend on them (RFC 9110, section 13)."""

import re
from typing import Annotated

from fastapi import Depends, Header

IfNoneMatch = Annotated[str | None, Header()]


def etag(version: int) -> str:
    return f'"{version}"'


def is_fresh(if_none_match: str | None, current: str) -> bool:
    """Tell whether the client has this version (weak comparison), so that the response is 304."""
    return if_none_match is not None and (if_none_match.strip() == "*" or current in if_none_match)


async def get_expected_versions(
    if_match: Annotated[str | None, Header(description="Change it only if it still has this ETag.")] = None,
) -> list[int] | None:
    """Return the versions that an edit may be based on (strong comparison), None if any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    return [int(version) for version in re.findall(r'(?<!W/)"([1-9][0-9]{0,8})"', if_match)]


ExpectedVersions = Annotated[list[int] | None, Depends(get_expected_versions)]
