"""The interview: which question comes next, what it offers, and the way back. What draws it is another's business."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from generator.answers import Answers, default_of
from generator.catalog import Catalog, Idea
from generator.errors import Cancelled, RefusedChoice, ScaffoldError
from generator.naming import is_transliterated, slugify, title_from
from generator.options import FRAMEWORK
from generator.paths import relative
from generator.spec import ProjectSpec, read_answer
from generator.staging import absolute, check_destination

IDEA, NAME, SLUG = "idea", "name", "slug"
BACK = object()
_NONE = "–"
_WRITE, _CHANGE, _CANCEL = "write", "change", "cancel"


@dataclass(frozen=True)
class Entry:
    """One line of a list.

    Attributes:
        value: what choosing it answers, and what may be typed for it.
        label: what it is called.
        about: when to take it.
        refused: why it cannot be taken; empty if it can.
    """

    value: Any
    label: str
    about: str = ""
    refused: str = ""

    @property
    def titled(self) -> str:
        """The label, with the value if it is not in there: a search looks for what is shown."""
        return self.label if str(self.value).casefold() in self.label.casefold() else f"{self.label} [{self.value}]"


@dataclass(frozen=True)
class Question:
    """What is shown at one moment.

    Attributes:
        text: the question.
        place: such as ``2 of 6``; empty outside of the row.
        above: lines to show before it.
        entries: what to choose from; empty where a text is asked for.
        default: the value to begin with.
        check: what is wrong with a text, None if nothing is.
        back: whether there is an earlier question to go back to.
    """

    text: str
    place: str = ""
    above: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    default: Any = None
    check: Callable[[str], str | None] = lambda typed: None
    back: bool = False


class Interviewer(Protocol):
    """Asks a person; see :mod:`generator.prompts`."""

    def ask(self, question: Question) -> Any:
        """The answer, or ``BACK``; KeyboardInterrupt to leave."""
        ...


class Interview:
    """Asks for what was not given, until it is written or cancelled.

    Args:
        given: what was given on the command line; it is asked for only if the person wants to change it.
        asker: shows one question at a time.
        proof: how far a project's combination is proven, in a few words, for the summary.
        remarks: lines on the folder that it would be written to, for the summary.
    """

    def __init__(
        self,
        catalog: Catalog,
        given: Answers,
        asker: Interviewer,
        proof: Callable[[ProjectSpec], str] = lambda spec: "not known",
        remarks: Callable[[Path], Sequence[str]] = lambda folder: (),
    ) -> None:
        self._catalog, self._asker, self._proof, self._remarks = catalog, asker, proof, remarks
        self._destination = given.destination
        self._fixed: dict[str, Any] = {**given.choices, **given.others}
        for key, value in ((IDEA, given.idea), (NAME, given.usable_name(refuse=False)), (SLUG, given.slug)):
            if value is not None:
                self._fixed[key] = value
        self._said: dict[str, Any] = {}
        self._before: dict[str, Any] = {}
        self._asked = False
        self._undo: tuple[str, dict[str, Any], dict[str, Any]] | None = None  # what Back at a changed answer restores

    def run(self) -> tuple[ProjectSpec, Path]:
        """Ask, show the summary, and return what to write and where.

        Raises:
            Cancelled: the person does not want it written.
            ScaffoldError: something that was given is refused.
        """
        while True:
            key = next((key for key in self._row() if key not in self._values), None)
            if key is None:
                result = self._finish()
                if result is not None:
                    return result
                continue
            answer = self._asker.ask(self._question(key))
            self._asked = True
            if answer is not BACK:
                self._said[key] = answer
                self._drop_what_does_not_fit()
            elif self._undo and self._undo[0] == key:
                _, self._fixed, self._said = self._undo
            else:
                self._back(key)
            self._undo = None

    # What is known.

    @property
    def _values(self) -> dict[str, Any]:
        return {**self._fixed, **self._said}

    @property
    def _idea(self) -> Idea | None:
        chosen = self._values.get(IDEA)
        return self._catalog.idea(chosen) if chosen is not None else None

    @property
    def _chosen(self) -> Idea:
        assert self._idea is not None
        return self._idea

    def _choices(self, idea: Idea) -> dict[str, str]:
        """The options that are answered, in the idea's order."""
        values = self._values
        return {option: values[option] for option in idea.options if option in values}

    def _constraints(self, idea: Idea, option: str) -> dict[str, str]:
        """What an answer to an option has to go with: what was given, and what was answered before it."""
        earlier = idea.options[: idea.options.index(option)]
        return {
            other: choice
            for other, choice in self._choices(idea).items()
            if other != option and (other in self._fixed or other in earlier)
        }

    def _forced(self, idea: Idea) -> dict[str, str]:
        """The options that have one answer left."""
        known, forced = self._choices(idea), dict[str, str]()
        for option in idea.options:
            offered = idea.offered(option, {**known, **forced})
            if option not in known and len(offered) == 1:
                forced[option] = offered[0]
        return forced

    def _keys(self) -> list[str]:
        """Everything that this idea asks, or that most do while there is none, in order."""
        idea, answers = self._idea, list(self._catalog.answers)
        if idea is None:
            return [IDEA, *self._catalog.options, *answers, NAME]
        name = self._values.get(NAME)
        guess = name is not None and is_transliterated(name)
        return [IDEA, *idea.options, *answers, *idea.questions, NAME, *([SLUG] if guess else [])]

    def _row(self) -> list[str]:
        """What is asked in this run, answered or not, in order."""
        idea = self._idea
        forced = self._forced(idea) if idea else {}
        return [key for key in self._keys() if key not in self._fixed and key not in forced]

    # One step.

    def _back(self, key: str) -> None:
        row = self._row()
        earlier = [other for other in (row[: row.index(key)] if key in row else row) if other in self._said]
        if earlier:
            self._before[earlier[-1]] = self._said.pop(earlier[-1])

    def _drop_what_does_not_fit(self) -> None:
        """Forget answers that do not go with an earlier one; they are asked for again."""
        idea = self._idea
        if idea is None:
            return
        for option in idea.options:
            if option in self._said and self._said[option] not in idea.offered(option, self._constraints(idea, option)):
                self._before[option] = self._said.pop(option)
        named = self._fixed.get(SLUG, self._fixed.get(NAME))
        known = FRAMEWORK in {**self._choices(idea), **self._forced(idea)}
        if named is not None and known and _refusal(lambda: slugify(named, reserved=self._reserved())):
            self._before[NAME] = self._fixed.pop(NAME)
            self._fixed.pop(SLUG, None)

    def _finish(self) -> tuple[ProjectSpec, Path] | None:
        """The summary; None if an answer is to be changed."""
        spec, folder = self._spec()
        if not self._asked:
            return spec, folder
        table = self._summary(spec, folder)
        width = max(len(word) for word, _ in table)
        summary = Question(
            "Write this project?",
            above=(*(f"{word:<{width}}  {value}" for word, value in table), *self._remarks(folder)),
            entries=(Entry(_WRITE, "Write"), Entry(_CHANGE, "Change an answer"), Entry(_CANCEL, "Cancel")),
            back=any(key in self._said for key in self._row()),
        )
        answer = self._asker.ask(summary)
        if answer is BACK:
            self._back("")
        elif answer == _CANCEL:
            raise Cancelled
        elif answer == _CHANGE:
            self._change()
        else:
            check_destination(folder)
            return spec, folder
        return None

    def _change(self) -> None:
        forced, values = self._forced(self._chosen), self._values
        entries = tuple(
            Entry(
                key,
                f"{_words(key)}: {self._shown(key, {**values, **forced}[key])}",
                refused="nothing else goes with the other answers" if key in forced else "",
            )
            for key in self._keys()
        )
        key = self._asker.ask(Question("Which answer?", entries=entries, back=True))
        if key is BACK:
            return
        self._undo = (key, dict(self._fixed), dict(self._said))
        for known in (self._fixed, self._said):
            if key in known:
                self._before[key] = known.pop(key)
        if key == NAME:  # the slug was made of it
            for known in (self._fixed, self._said):
                known.pop(SLUG, None)

    def _spec(self) -> tuple[ProjectSpec, Path]:
        idea, values = self._chosen, self._values
        answers = {key: values[key] for key in values if key not in {IDEA, NAME, SLUG, *self._catalog.options}}
        asked = {*self._catalog.answers, *idea.questions}
        spec = ProjectSpec.create(
            self._catalog,
            idea=idea.id,
            name=values[NAME],
            slug=values.get(SLUG),
            choices={option: values[option] for option in self._catalog.options if option in values},
            answers={key: answer for key, answer in answers.items() if key in asked or key in self._fixed},
        )
        folder = absolute(self._destination if self._destination is not None else Path(spec.slug))
        return spec, folder

    def _summary(self, spec: ProjectSpec, folder: Path) -> list[tuple[str, str]]:
        known = {IDEA: spec.idea, **spec.choices, **spec.answers, NAME: spec.title}
        table = [(_words(key), self._shown(key, value)) for key, value in known.items()]
        if spec.slug != folder.name:
            table.append(("Slug", spec.slug))
        return [*table, ("Folder", relative(folder)), ("Proof", self._proof(spec))]

    # One question.

    def _question(self, key: str) -> Question:
        row = self._row()
        question = Question(
            self._asks(key),
            place=f"{row.index(key) + 1} of {len(row)}",
            back=any(other in self._said for other in row[: row.index(key)]) or self._undo is not None,
        )
        if key == IDEA:
            question = replace(question, entries=tuple(self._ideas()))
        elif key in self._catalog.options:
            question = replace(question, entries=tuple(self._option(self._chosen, key)))
        elif key in {NAME, SLUG}:
            question = replace(question, check=self._check_name if key == NAME else self._check_slug)
        else:
            form = self._form(key)
            question = replace(question, entries=tuple(self._answers(key, form)), check=_checks(key, form))
        return replace(question, default=self._before.get(key, self._default(key)))

    def _ideas(self) -> list[Entry]:
        given = {option: self._fixed[option] for option in self._catalog.options if option in self._fixed}
        entries, refusals = list[Entry](), list[RefusedChoice]()
        for idea in self._catalog.ideas.values():
            refused = ""
            try:
                self._catalog.check_choices(idea, given)
            except RefusedChoice as error:
                refused = error.message
                # Of an idea that lacks one of the options, this says less than of one that has them all.
                refusals.insert(0 if given.keys() <= set(idea.options) else len(refusals), error)
            entries.append(Entry(idea.id, f"{idea.title} ({idea.level})", idea.summary, refused))
        if len(refusals) == len(entries):
            raise refusals[0]  # no idea goes with what was given: there is nothing to ask
        return entries

    def _option(self, idea: Idea, option: str) -> Iterator[Entry]:
        known = self._constraints(idea, option)
        offered = idea.offered(option, known)
        for choice in self._catalog.options[option].choices:
            refused = "" if choice.id in offered else self._why_not(idea, option, choice.id, known)
            about = choice.when
            left = {} if refused else self._leaves(idea, known, option, choice.id)
            if left:
                about = f"{about} Leaves one answer: {', '.join(left.values())}.".strip()
            yield Entry(choice.id, choice.about, about, refused)

    def _leaves(self, idea: Idea, known: Mapping[str, str], option: str, choice: str) -> dict[str, str]:
        """The questions to which a choice leaves one answer where there would be more, and its title."""
        left = {}
        for other in idea.options:
            after = idea.offered(other, {**known, option: choice})
            if other not in {*known, option} and len(after) == 1 < len(idea.offered(other, known)):
                left[other] = self._catalog.options[other].choice(after[0]).title
        return left

    def _why_not(self, idea: Idea, option: str, choice: str, known: Mapping[str, str]) -> str:
        if choice not in idea.offered(option, {}):
            return f"not in {idea.title} yet"
        titles = {other: self._catalog.options[other].choice(value).title for other, value in known.items()}
        for other, value in known.items():
            if choice not in idea.offered(option, {other: value}):
                return f"not with {titles[other]}"
        return f"not with {' and '.join(titles.values())}"

    def _answers(self, key: str, form: Mapping[str, Any]) -> Iterator[Entry]:
        if form.get("type") == "bool":
            yield Entry(True, "Yes")
            yield Entry(False, "No")
            return
        raw = form.get("choices", ())
        pairs = raw.items() if isinstance(raw, Mapping) else ((str(value), value) for value in raw)
        when = self._catalog.answers[key].when if key in self._catalog.answers else {}
        for label, value in pairs:
            yield Entry(value, str(label), when.get(str(value), ""))

    def _form(self, key: str) -> Mapping[str, Any]:
        if key in self._catalog.answers:
            return self._catalog.answers[key].form
        return self._chosen.questions[key]

    def _default(self, key: str) -> Any:
        if key == IDEA:
            return next(iter(self._catalog.ideas))
        if key in self._catalog.options:
            return self._catalog.options[key].default
        if key == NAME:
            return self._free(self._chosen.id)
        if key == SLUG:
            return slugify(self._values[NAME])
        if key in self._catalog.answers:
            return default_of(self._catalog.answers[key])
        return self._form(key).get("default")

    def _free(self, name: str) -> str:
        """The name, or with a number if there is a folder of that name."""
        if self._destination is not None:
            return name
        return next(
            tried for tried in (name if n == 1 else f"{name}-{n}" for n in count(1)) if not Path(tried).exists()
        )

    def _asks(self, key: str) -> str:
        if key in self._catalog.options:
            return self._catalog.options[key].question
        fixed = {
            IDEA: "What do you want to build?",
            NAME: "What is the project called?",
            SLUG: "In letters from a to z, for its folder and packages?",
        }
        return fixed.get(key) or str(self._form(key).get("help", key))

    def _shown(self, key: str, value: Any) -> str:
        if key == IDEA:
            return self._catalog.idea(value).title
        if key in self._catalog.options:
            return self._catalog.options[key].choice(value).title
        if key in {NAME, SLUG}:
            return str(value)
        for entry in self._answers(key, self._form(key)):
            if entry.value == value:
                return entry.label
        return str(value) or _NONE

    def _check_name(self, typed: str) -> str | None:
        def check() -> None:
            title_from(typed)
            if not is_transliterated(typed):
                self._check_usable(slugify(typed, reserved=self._reserved()))

        return _refusal(check)

    def _check_slug(self, typed: str) -> str | None:
        def check() -> None:
            if is_transliterated(typed):
                raise ScaffoldError(f"{typed!a} is not in letters from a to z", "Use letters, digits and hyphens.")
            self._check_usable(slugify(typed, reserved=self._reserved()))

        return _refusal(check)

    def _check_usable(self, slug: str) -> None:
        folder = absolute(self._destination if self._destination is not None else Path(slug))
        try:
            check_destination(folder)
        except ScaffoldError as error:  # a whole path would fill a narrow screen
            raise ScaffoldError(error.message.replace(str(folder), relative(folder)), error.fix) from error

    def _reserved(self) -> list[str]:
        idea = self._chosen
        return self._catalog.package_names({**self._choices(idea), **self._forced(idea)}[FRAMEWORK])


def _checks(key: str, form: Mapping[str, Any]) -> Callable[[str], str | None]:
    return lambda typed: _refusal(lambda: read_answer(key, form, {key: typed}))


def _refusal(check: Callable[[], object]) -> str | None:
    """What a check raises, as it is shown at a prompt: what to do comes first."""
    try:
        check()
    except ScaffoldError as error:
        return f"{error.fix} {error.message}."
    return None


def _words(key: str) -> str:
    return key[0].upper() + key[1:].replace("-", " ").replace("_", " ")
