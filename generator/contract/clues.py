"""What a failure's message and exchange tell of its place: words that were answered, values, a member that was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from generator.contract.exchange import Exchange
from generator.contract.sources import SHORTEST_LITERAL, Place, SourceFiles

_DETAIL = re.compile(r'"(?:detail|message|error)":\s*"((?:[^"\\]|\\.)+)"')
_SEEN_VALUE = re.compile(r"assert '([^'\n]+)' (?:==|in) |, not '([^'\n]+)'|got '([^'\n]+)'")
_NAMED_FIRST = re.compile(r"^'?([\w.]+)'?: ")
_MEMBER = re.compile(r'"(\w+)":\s*("(?:[^"\\]|\\.)*"|[\w.+-]+)')


def said(exchange: Exchange, sources: SourceFiles, near: Sequence[Place]) -> Place | None:
    """The line that holds the words of a refusal.

    Args:
        near: functions that the request goes through; of several such lines one there is meant.
    """
    found = _DETAIL.search(exchange.seen)
    words = _unquoted(found[1]) if found and exchange.status >= 400 else ""
    if len(words) < SHORTEST_LITERAL:
        return None
    lines = sources.lines_with(words)
    inside = [place for place in lines if any(_holds(one, place) for one in near)]
    return next(iter(inside or (lines if len(lines) == 1 else [])), None)


def value(message: str, sources: SourceFiles, near: Sequence[Place]) -> Place | None:
    """The line that makes the value that a case complains of, as a literal or as a template."""
    for found in _SEEN_VALUE.finditer(message):
        seen = next(filter(None, found.groups()))
        if len(seen) < SHORTEST_LITERAL:
            continue
        lines = sources.lines_that_make(seen)
        inside = [place for place in lines if any(_holds(one, place) for one in near)]
        if choice := inside or (lines if len(lines) == 1 else []):
            return choice[0]
    return None


def member(message: str, exchange: Exchange, sources: SourceFiles, near: Place | None) -> Place | None:
    """Where it is said what a member that was sent must look like, if the message is about one.

    Args:
        near: the handler.
    """
    for name in _members_of(message, exchange):
        if place := sources.definition(name, near):
            return place
    return None


def _members_of(message: str, exchange: Exchange) -> Iterator[str]:
    """Names of members of the request whose name, or whose value, the message speaks of."""
    sent = {name: _unquoted(text.strip('"')) for name, text in _MEMBER.findall(exchange.sent)}
    first = message.split("\n", 1)[0]
    named = _NAMED_FIRST.match(first)
    if named and named[1] in sent and len(sent) > 1:
        yield named[1]
    for name, text in sent.items():
        if len(text) >= SHORTEST_LITERAL and text in first.split("{")[0]:
            yield name


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _holds(place: Place, line: Place) -> bool:
    return place.file == line.file and place.line <= line.line <= max(place.line, place.last)
