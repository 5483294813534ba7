"""Where things are in a project's sources: the handler of a route, what it calls, a literal.

It reads the text and runs nothing. It knows how Python, TypeScript, JavaScript and Java write functions and routes, and
guesses no further: what is not found has no place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

SUFFIXES = {".py", ".ts", ".mts", ".js", ".mjs", ".cjs", ".java", ".kt", ".sql"}
IGNORED = {
    "node_modules",
    "tests",
    "test",
    "target",
    "dist",
    "build",
    "coverage",
    "data",
    "__pycache__",
    "site-packages",
}
MOST_FILES = 2000
STEPS = 14  # functions that a trail may have
DEPTH = 3

_PYTHON_DEF = re.compile(r"^(\s*)(?:async )?(?:def|class) (\w+)|^()(\w+)(?:: \w+)? = Annotated\[")
_SCRIPT_DEF = re.compile(
    r"^(\s*)(?:export )?(?:default )?(?:async )?function\*? (\w+)|^()(?:export )?const (\w+)\b[^=]*= (?:async )?[(\w]"
)
_JAVA_DEF = re.compile(
    r"^(\s+)(?:@\w+(?:\([^)]*\))? )*(?:(?:public|private|protected|static|final) )*[\w<>\[\], ?.]+ (\w+)\([^;]*\{\s*$"
)
MIGRATIONS = re.compile(r"(^|/)(migrations?|alembic|changelog)/")
_WORD = re.compile(r"[A-Za-z_]\w*")
_VERBS = "get|post|put|patch|delete|head|options"
_CALL = re.compile(rf"(?:^|[.@])({_VERBS})\(\s*(?:([\"'`])(.*?)\2)?", re.IGNORECASE)
_MAPPING = re.compile(rf"@({_VERBS})Mapping\b(?:\([^\"]*\"([^\"]*)\")?", re.IGNORECASE)
_ROUTE = re.compile(r"\broute\(\s*([\"'`])(.*?)\1|@RequestMapping\([^\"]*\"([^\"]*)\"")
_PARAMETER = re.compile(r"\{[^/}]*\}|:\w+|<[^/>]*>")
_LITERAL = re.compile(r"([\"'`])((?:(?!\1).)*)\1")
_PLACEHOLDER = re.compile(r"\$?\{[^{}]*\}")
SHORTEST_LITERAL = 6  # characters of a literal that are not everywhere
SHAPES = re.compile(r"schema|model|dto|types", re.IGNORECASE)  # files that say what things look like
# What is asynchronous in TypeScript and JavaScript, and what is done about it.
_ASYNC = re.compile(r"(?:\basync function\*? |\bconst (?=\w+ = async\b))(\w+)")
_AWAITED = re.compile(r"\bawait ((?:\w+\.)*\w+)\(")
_NAMESPACE = re.compile(r"\bimport \* as (\w+)")
_SCRIPT_CALL = re.compile(r"(?<![\w.#])((?:\w+\.)*\w+)\(")
_WAITS = re.compile(r"\b(await|return|yield|void|async|function)\b|=>|\bPromise\.")
_WAITS_AFTER = re.compile(r"\)\.(then|catch|finally)\(")
_STRING = re.compile(r"([\"'`])(/[^\"'`\s]*)\1")


@dataclass(frozen=True)
class Place:
    """Lines of one of the project's files.

    Attributes:
        file: relative to the project's folder, with slashes.
        line: the first line.
        last: the last line, where it is more than one.
        name: of the function there, if it is one.
    """

    file: str
    line: int
    last: int = 0
    name: str = ""

    def __str__(self) -> str:
        lines = f"{self.line}-{self.last}" if self.last > self.line else str(self.line)
        return f"{self.file}:{lines}"


class SourceFiles:
    """The files of a project that somebody wrote.

    Args:
        folder: the project's.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    @cached_property
    def texts(self) -> dict[str, list[str]]:
        """Lines by file, without tests and what was installed."""
        found: dict[str, list[str]] = {}
        for path in self._walk(self.folder):
            try:
                found[path.relative_to(self.folder).as_posix()] = path.read_text("utf-8", errors="replace").splitlines()
            except OSError:
                continue
            if len(found) >= MOST_FILES:
                break
        return found

    def _walk(self, folder: Path) -> Iterator[Path]:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            return
        for entry in entries:
            if entry.name.startswith(".") or entry.name in IGNORED or entry.is_symlink():
                continue
            if entry.is_dir():
                yield from self._walk(entry)
            elif entry.suffix in SUFFIXES:
                yield entry

    def place(self, name: str, line: int) -> Place | None:
        """The place that a traceback names, by path or, as in Java, by the file's name alone; None outside."""
        path = Path(name)
        if not path.is_absolute():
            found = [file for file in self.texts if file.rsplit("/", 1)[-1] == name or file == name]
            return Place(found[0], line) if len(found) == 1 else None
        for base in (self.folder, Path("/app")):  # or where a container has it
            if path.is_relative_to(base):
                file = path.relative_to(base).as_posix()
                inside = not any(part in IGNORED - {"data", "build"} or part[0] == "." for part in file.split("/"))
                return Place(file, line) if inside and (self.folder / file).is_file() else None
        return None

    def line(self, place: Place) -> str:
        """The text of a place's first line."""
        lines = self.texts.get(place.file, [])
        return lines[place.line - 1].strip() if 0 < place.line <= len(lines) else ""

    @cached_property
    def functions(self) -> dict[str, list[Place]]:
        """Where each function is, by name."""
        found: dict[str, list[Place]] = {}
        for file, lines in self.texts.items():
            suffix = file.rpartition(".")[2]
            pattern = {"py": _PYTHON_DEF, "java": _JAVA_DEF}.get(suffix, _SCRIPT_DEF)
            for number, line in enumerate(lines):
                match = pattern.match(line)
                if match and not (pattern is _SCRIPT_DEF and "const " in line and "=>" not in line):
                    name = next(group for group in match.groups()[1::2] if group)
                    found.setdefault(name, []).append(Place(file, number + 1, _end(lines, number), name))
        return found

    def handler(self, method: str, path: str) -> Place | None:
        """The handler of an operation.

        Args:
            path: with parameters in braces, such as ``/api/v1/links/{id}``.
        """
        wanted, best, rank = _plain(path), None, (0, 0, False)
        for file, lines in self.texts.items():
            known = ""
            for number, line in enumerate(lines):
                if route := _ROUTE.search(line):
                    known = route[2] or route[3] or ""
                found = _MAPPING.search(line) or _CALL.search(line)
                if not found or found[1].lower() != method.lower():
                    continue
                given = found[2] if found.re is _MAPPING else found[3]
                if found.re is _CALL and not given and not re.search(r"\broute\(|^\s*\.|@", line):
                    if not (number + 1 < len(lines) and re.match(r"\s*[\"'`]", lines[number + 1])):
                        continue
                    text = _STRING.search(lines[number + 1])
                    given = text[2] if text else None
                literal = _plain(given if found.re is _CALL and given is not None else known + (given or ""))
                score = (*self._fits(file, literal, wanted), _named(known + (given or "")) == _named(path))
                if score > rank:
                    best, rank = Place(file, number + 1, _end(lines, number)), score
        return best

    def _fits(self, file: str, literal: str, wanted: str) -> tuple[int, int]:
        """How well a route of a file goes with a whole path: how much of it is said there."""
        if not wanted.endswith(literal):
            return (0, 0)
        rest = wanted.removesuffix(literal)
        if rest.endswith("/") or (literal and not literal.startswith("/")):
            return (0, 0)
        if not rest:
            return (3, len(literal))
        segment = rest.rsplit("/", 1)[1]
        if any(f"/{segment}" in line for line in self.texts[file] if _STRING.search(line)):
            return (2, len(literal))
        mounted = any(f'"{rest}"' in line or f"'{rest}'" in line for lines in self.texts.values() for line in lines)
        return (1, len(literal)) if mounted and segment in file else (0, 0)

    def trail(self, start: Place, *, anywhere: bool = False) -> list[Place]:
        """The functions that a request goes through from its handler, those nearest to it first.

        Args:
            anywhere: also those in other folders than the first one's.
        """
        trail, queue = [start], [(start, 0)]
        home = "" if anywhere else start.file.rpartition("/")[0]
        while queue:
            place, depth = queue.pop(0)
            if depth == DEPTH:
                continue
            for called in self._called(place):
                inside = called.file == start.file and start.line <= called.line <= start.last
                if called not in trail and not inside and called.file.startswith(home) and len(trail) < STEPS:
                    trail.append(called)
                    queue.append((called, depth + 1))
        return trail

    def _called(self, place: Place) -> Iterator[Place]:
        text = "\n".join(self.texts[place.file][place.line - 1 : max(place.line, place.last)])
        for match in re.finditer(r"(?:(\w+)\.)?([A-Za-z_]\w*)", text):
            owner, name = match[1], match[2]
            known = [one for one in self.functions.get(name, []) if one != place]
            same = [one for one in known if one.file == place.file]
            owned = [one for one in known if owner and owner in one.file]
            for choice in (owned, same, known):
                if len(choice) == 1:
                    yield choice[0]
                    break

    def literal(self, places: list[Place], text: str) -> Place | None:
        """The first line of these functions that holds a word or number by itself."""
        pattern = re.compile(rf"(?<![\w.]){re.escape(text)}(?![\w.])")
        for place in places:
            for number in range(place.line - 1, max(place.line, place.last)):
                lines = self.texts.get(place.file, [])
                if number < len(lines) and pattern.search(_code(lines[number])):
                    return Place(place.file, number + 1)
        return None

    def lines_with(self, words: str) -> list[Place]:
        """The lines that hold these words in quotes."""
        quoted = [f"{quote}{words}{quote}" for quote in "\"'`"]
        return self._lines(lambda line: any(one in line for one in quoted))

    def lines_that_make(self, value: str) -> list[Place]:
        """The lines with a literal that is this value, or with a template that may become it."""
        return self._lines(lambda line: any(_may_become(text[2], value) for text in _LITERAL.finditer(line)))

    def _lines(self, wanted: Callable[[str], bool]) -> list[Place]:
        return [
            Place(file, number)
            for file, lines in self.texts.items()
            for number, line in enumerate(lines, 1)
            if wanted(_code(line))
        ]

    def definition(self, member: str, near: Place | None = None) -> Place | None:
        """Where it is said what a member looks like: in the files about shapes, the longest such statement.

        Args:
            near: a place whose folder is looked into first; tables are looked into last.
        """
        home = near.file.rpartition("/")[0] if near else ""
        pattern = re.compile(rf"\s*(?:export )?(?:const |let )?(?:{'|'.join(_spellings(member))})\??\s*[:=](?!=)")
        found = [
            Place(file, number + 1, _end(lines, number))
            for file, lines in self.texts.items()
            if SHAPES.search(file)
            for number, line in enumerate(lines)
            if pattern.match(_code(line))
        ]

        def rank(place: Place) -> tuple[bool, bool, int]:
            inside = place.file.rpartition("/")[0] == home
            return inside, "model" not in place.file.lower(), place.last - place.line

        return max(found, key=rank, default=None)

    def unawaited(self, places: Sequence[Place]) -> tuple[Place, str] | None:
        """A call in these functions of what is asynchronous, whose result is not waited for, and what is called.

        Python says so itself. In TypeScript and JavaScript it is a guess: the function is declared ``async``, or waited
        for wherever else it is called.
        """
        scripts = {file: lines for file, lines in self.texts.items() if file.endswith((".ts", ".mts", ".js", ".mjs"))}
        text = "\n".join(_code(line) for lines in scripts.values() for line in lines)
        declared, awaited = set(_ASYNC.findall(text)), set(_AWAITED.findall(text))
        modules = {"", *_NAMESPACE.findall(text)}
        for place in places:
            lines = scripts.get(place.file, [])
            for number in range(place.line - 1, min(len(lines), max(place.line, place.last))):
                before = lines[number - 1].rstrip() if number else ""
                for call in _SCRIPT_CALL.finditer(line := _code(lines[number])):
                    owner, _, name = call[1].rpartition(".")
                    waits = bool(_WAITS.search(line[: call.start()]) or _WAITS_AFTER.search(line, call.end()))
                    goes_on = before.endswith(("(", "[", ",", "?", ":", "=>", "await"))
                    waits = waits or (goes_on and bool(_WAITS.search(before)))
                    if not waits and (call[1] in awaited or (name in declared and owner in modules)):
                        return Place(place.file, number + 1), call[1]
        return None

    def in_migrations(self, table: str, name: str) -> Place | None:
        """The line of the migrations with a column or table, or with what looks most like it.

        Args:
            table: of the column; empty when it is not known.
        """
        files = [file for file in self.texts if MIGRATIONS.search(file)]
        if table:
            quoted = re.compile(rf"[\"'`\s(]{re.escape(table)}[\"'`\s(]")
            files = [file for file in files if any(quoted.search(_code(line)) for line in self.texts[file])]
        words: dict[str, Place] = {}
        for file in files:
            for number, line in enumerate(self.texts[file]):
                for word in _WORD.findall(_code(line)):
                    words.setdefault(word.lower(), Place(file, number + 1))
        likely = get_close_matches(name.lower(), words, n=1, cutoff=0.6)
        return words[likely[0]] if likely else None

    def word(self, text: str, near: list[Place]) -> Place | None:
        """The line that first has a member's name, in either spelling: in these places, their folder, or anywhere."""
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(_spellings(text))})(?!\w)")
        folders = {place.file.rpartition("/")[0] for place in near}
        ordered = [place.file for place in near] + sorted(
            self.texts, key=lambda file: file.rpartition("/")[0] not in folders
        )
        for file in ordered:
            for number, line in enumerate(self.texts[file]):
                if pattern.search(_code(line)):
                    return Place(file, number + 1)
        return None


def _spellings(name: str) -> list[str]:
    """A member's name as it is and in snake case, for a pattern."""
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return list(map(re.escape, dict.fromkeys((name, snake))))


def _may_become(literal: str, value: str) -> bool:
    """Whether a literal is a value, or becomes it when something is put into its braces."""
    parts = _PLACEHOLDER.split(literal)
    if sum(map(len, parts)) < SHORTEST_LITERAL:
        return False
    return re.fullmatch(".+".join(map(re.escape, parts)), value) is not None


def _code(line: str) -> str:
    """A line without its comment."""
    return "" if line.lstrip().startswith(("//", "#", "*", "/*", '"""')) else line


def _plain(path: str) -> str:
    """A path whose parameters all look alike, without a slash at the end."""
    return _PARAMETER.sub("{}", path).rstrip("/")


def _named(path: str) -> str:
    """A path with its parameters' names in braces."""
    return re.sub(r":(\w+)|<(?:\w+:)?(\w+)>", lambda match: f"{{{match[1] or match[2]}}}", path)


def _end(lines: list[str], number: int) -> int:
    """The number of the last line of what begins on a line (counted from 0), by the indentation; counted from 1."""
    indent = _indent(lines[number])
    decorated = lines[number].lstrip().startswith("@")
    for index in range(number + 1, min(len(lines), number + 200)):
        line = lines[index]
        if not line.strip() or _indent(line) > indent:
            continue
        if decorated:  # the function is what comes after its decorators
            decorated = line.lstrip().startswith((")", "@"))
            continue
        if line.lstrip().startswith(("}", ")", "]")):
            if line.rstrip().endswith(("{", "(", ":", ",")):  # the signature's end
                continue
            return index + 1
        return _last_written(lines, index - 1, number)
    return _last_written(lines, min(len(lines), number + 200) - 1, number)


def _last_written(lines: list[str], index: int, first: int) -> int:
    while index > first and not lines[index].strip():
        index -= 1
    return index + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
