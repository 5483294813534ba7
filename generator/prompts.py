"""The interactive path on a screen: one question at a time, in whatever width and height there is."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.containers import AnyContainer
from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.styles import Style
from prompt_toolkit.utils import get_cwidth

from generator.interview import BACK, Entry, Question
from generator.render import preload

Line = tuple[str, str]  # a style and a text

_STYLE = Style.from_dict(
    {
        "question": "bold",
        "pointed": "ansicyan bold",
        "heading": "bold",
        "quiet": "ansibrightblack",
        "wrong": "ansired",
    }
)
_SIZES = ((False, True, True), (True, True, True), (True, False, True), (True, False, False))
_BACK = Entry(BACK, "← Back")


class Asker:
    """Asks a person in a terminal. Ctrl-C and the end of input raise KeyboardInterrupt."""

    def __init__(self) -> None:
        threading.Thread(target=preload, daemon=True).start()

    def ask(self, question: Question) -> Any:
        """Show a question until it is answered, and take it from the screen."""
        return (_List(question) if question.entries else _Text(question)).run()


class _Prompt:
    """What lists and texts have in common."""

    hint = ""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.keys = KeyBindings()
        self.keys.add("c-c")(self._leave)
        self.keys.add("<sigint>")(self._leave)
        self.keys.add("escape")(self._escape)

    def run(self) -> Any:
        output = create_output()
        app: Application[Any] = Application(
            layout=Layout(self._content(output)),
            key_bindings=self.keys,
            style=_STYLE,
            color_depth=ColorDepth.DEPTH_1_BIT if os.environ.get("NO_COLOR") else None,
            erase_when_done=True,
            output=output,
        )
        app.ttimeoutlen = app.timeoutlen = 0.1  # how long a lone Escape waits to become an arrow, in seconds
        try:
            return app.run()
        except EOFError:
            raise KeyboardInterrupt from None

    def _content(self, output: Output) -> AnyContainer:
        raise NotImplementedError

    def _escape(self, event: KeyPressEvent) -> None:
        if self.question.back:
            event.app.exit(result=BACK)

    @staticmethod
    def _leave(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    def _head(self, width: int, *, short: bool = False) -> list[Line]:
        asked = f"{self.question.place}  {self.question.text}" if self.question.place else self.question.text
        lines = _wrapped("class:question", asked, width)
        above = self.question.short if short and self.question.short else self.question.above
        for line in above:
            lines += _wrapped("", line, width) if line else [("", "")]
        return [*lines, *([("", "")] if above else [])]

    def _tail(self, width: int) -> list[Line]:
        back = ", Esc goes back" if self.question.back else ""
        return [("", ""), *_wrapped("class:quiet", f"{self.hint}{back}, Ctrl-C leaves.", width)]

    def _earlier(self, width: int, rows: int) -> list[Line]:
        """The last answers, as many as there are rows for."""
        lines = [("class:quiet", _cut(f"{text} {answer}", width)) for text, answer in self.question.said]
        return [*lines[-(rows - 1) :], ("", "")] if lines and rows > 1 else []


class _List(_Prompt):
    """A list to choose from with arrows, or by typing what is looked for."""

    hint = "↑ ↓ and Enter choose, typing searches"

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.typed = ""
        self.pointed = 0
        self._point_to(question.default)
        for keys, step in ((("up", "c-p", "s-tab"), -1), (("down", "c-n", "tab"), 1)):
            for key in keys:
                self.keys.add(key)(lambda event, step=step: self._move(step))
        self.keys.add("home")(lambda event: self._begin(0, 1))
        self.keys.add("end")(lambda event: self._begin(len(self._shown()) - 1, -1))
        self.keys.add("enter")(self._take)
        self.keys.add("backspace")(lambda event: self._search(self.typed[:-1]))
        self.keys.add("c-u")(lambda event: self._search(""))
        self.keys.add("c-d")(self._leave)
        self.keys.add("<any>")(self._type)

    def _content(self, output: Output) -> AnyContainer:
        control = FormattedTextControl(
            lambda: self._text(output), focusable=True, show_cursor=False, get_cursor_position=lambda: Point(0, 0)
        )
        return Window(control, always_hide_cursor=True)

    def _text(self, output: Output) -> FormattedText:
        size = output.get_size()
        width, rows = size.columns - 1, size.rows - 1
        search = [("", ""), *_wrapped("", f"Search: {self.typed}", width)] if self.typed else []
        # What a small screen does without: the table of a summary, what is not pointed to, how to go on.
        for short, explain_all, hint in _SIZES:
            head, body = self._head(width, short=short), self._entries(width, explain_all=explain_all)
            tail = [*search, *(self._tail(width) if hint else [])]
            room = rows - len(head) - len(tail)
            if len(body) <= room:
                break
        texts = [line for line, _ in body]
        if len(body) > room:
            texts = _part(texts, next((row for row, (_, pointed) in enumerate(body) if pointed), 0), max(room, 1))
        earlier = self._earlier(width, rows - len(head) - len(texts) - len(tail))
        return _joined([*earlier, *head, *texts, *tail])

    def _entries(self, width: int, *, explain_all: bool) -> list[tuple[Line, bool]]:
        """The entries in lines, and whether each is of the one pointed to."""
        lines: list[tuple[Line, bool]] = []
        group = ""
        for number, entry in enumerate(self._shown()):
            if entry.group != group and entry.group:
                group = entry.group
                lines.append((("class:heading", group), False))
            pointed = number == self.pointed
            style = "class:quiet" if entry.refused else "class:pointed" if pointed else ""
            mark = "› " if pointed else "– " if entry.refused else "  "
            said = f"{entry.label}: {entry.refused}" if entry.refused else entry.label
            lines += [(line, pointed) for line in _wrapped(style, said, width, first=mark, further=4)]
            if entry.about and not entry.refused and (explain_all or pointed):
                about = _wrapped("class:quiet", entry.about, width, first="    ", further=4)
                lines += [(line, pointed) for line in about]
        if not self._found():
            lines.append((("", "  Nothing is called so."), False))
        return lines

    def _found(self) -> list[Entry]:
        typed = self.typed.casefold().strip()
        return [entry for entry in self.question.entries if typed in f"{entry.id}\n{entry.label}".casefold()]

    def _shown(self) -> list[Entry]:
        return [*self._found(), *([_BACK] if self.question.back else [])]

    def _move(self, step: int) -> None:
        self._begin(self.pointed + step, step)

    def _begin(self, number: int, step: int) -> None:
        """Point to an entry, or to the next one in a direction that can be taken."""
        shown = self._shown()
        for offset in range(len(shown)):
            place = (number + offset * step) % len(shown)
            if not shown[place].refused:
                self.pointed = place
                return

    def _point_to(self, value: Any) -> None:
        shown = self._shown()
        self._begin(next((place for place, entry in enumerate(shown) if entry.value == value), 0), 1)

    def _search(self, typed: str) -> None:
        self.typed = typed
        shown = self._shown()
        exact = next((place for place, entry in enumerate(shown) if entry.id and entry.id == typed.casefold()), 0)
        self._begin(exact, 1)

    def _type(self, event: KeyPressEvent) -> None:
        if event.data.isprintable():
            self._search(self.typed + event.data)

    def _escape(self, event: KeyPressEvent) -> None:
        if self.typed:
            self._search("")
        else:
            super()._escape(event)

    def _take(self, event: KeyPressEvent) -> None:
        shown = self._shown()
        if shown and not shown[self.pointed].refused:
            event.app.exit(result=shown[self.pointed].value)


class _Text(_Prompt):
    """A text, checked when Enter is pressed."""

    hint = "Enter takes it"

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.wrong = ""
        self.buffer = Buffer(multiline=False, on_text_changed=lambda _: self._mend())
        self.buffer.text = "" if question.default is None else str(question.default)
        self.buffer.cursor_position = len(self.buffer.text)
        self.keys.add("enter")(self._take)
        self.keys.add("c-d", filter=Condition(lambda: not self.buffer.text))(self._leave)

    def _content(self, output: Output) -> AnyContainer:
        def above() -> FormattedText:
            size = output.get_size()
            width = size.columns - 1
            head = self._head(width)
            return _joined([*self._earlier(width, size.rows - len(head) - len(below()) - 3), *head])

        def below() -> list[Line]:
            width = output.get_size().columns - 1
            return [*(_wrapped("class:wrong", self.wrong, width) if self.wrong else []), *self._tail(width)]

        typed = BufferControl(self.buffer)
        return HSplit(
            [
                Window(FormattedTextControl(above), dont_extend_height=True),
                Window(typed, wrap_lines=True, dont_extend_height=True, get_line_prefix=lambda row, wrap: "› "),
                Window(FormattedTextControl(lambda: _joined(below())), dont_extend_height=True),
            ]
        )

    def _mend(self) -> None:
        self.wrong = ""

    def _take(self, event: KeyPressEvent) -> None:
        self.wrong = self.question.check(self.buffer.text) or ""
        if not self.wrong:
            event.app.exit(result=self.buffer.text)


def _joined(lines: Sequence[Line]) -> FormattedText:
    return FormattedText([(style, text if row == 0 else f"\n{text}") for row, (style, text) in enumerate(lines)])


def _part(lines: Sequence[Line], row: int, rows: int) -> list[Line]:
    """As many of the lines as there is room for, with a row among them in view."""
    begin = min(max(0, row - rows // 2), max(0, len(lines) - rows))
    return list(lines[begin : begin + rows])


def _wrapped(style: str, text: str, width: int, *, first: str = "", further: int = 0) -> list[Line]:
    """A text in lines of a width, broken between words where they fit.

    Args:
        first: what the first line begins with.
        further: by how much the further lines are indented.
    """
    lines, line, begun = list[Line](), first, False
    for word in text.split(" "):
        joined = f"{line} {word}" if begun else line + word
        if get_cwidth(joined) <= width:
            line, begun = joined, True
            continue
        if begun:
            lines.append((style, line.rstrip()))
            line = " " * further
        while get_cwidth(line + word) > width:
            fits = _fitting(word, max(1, width - get_cwidth(line)))
            lines.append((style, line + fits))
            line, word = " " * further, word[len(fits) :]
        line, begun = line + word, True
    return [*lines, (style, line)]


def _fitting(text: str, width: int) -> str:
    """As much of the beginning of a text as a width holds, at least one character."""
    end = len(text)
    while end > 1 and get_cwidth(text[:end]) > width:
        end -= 1
    return text[:end]


def _cut(text: str, width: int) -> str:
    return text if get_cwidth(text) <= width else f"{_fitting(text, width - 1)}…"
