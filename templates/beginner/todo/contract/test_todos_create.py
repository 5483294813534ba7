"""Creating todos: the answer, and what each member may be."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from todos import MEMBERS, TODOS, create, path, read
from wire import assert_invalid, assert_members, assert_problem, instant, now

from generator.contract import case

# Two UTF-16 units, four bytes of UTF-8, one character.
ROCKET = "\U0001f680"


@case("todos.create.answers-the-whole-todo", points=2, reason="A client must not need a second request to show it.")
def test_whole(as_user):
    ann = as_user("ann")
    response = ann.post(TODOS, json={"title": "Buy milk"})
    assert response.status_code == 201, response.text
    todo = response.json()
    assert_members(todo, MEMBERS)
    assert isinstance(todo["id"], str)
    assert todo["id"]
    defaults = {name: todo[name] for name in MEMBERS - {"id", "createdAt", "updatedAt"}}
    assert defaults == {
        "title": "Buy milk",
        "notes": "",
        "done": False,
        "dueDate": None,
        "priority": "normal",
        "tags": [],
        "completedAt": None,
    }
    assert read(ann, todo) == todo


@case("todos.create.keeps-what-was-sent", points=1, reason="What one has typed is what one gets back.")
def test_kept(as_user):
    ann = as_user("ann")
    sent = {
        "title": "Plan the trip",
        "notes": "Train or bus?\n\n  - ask Ben\n",
        "dueDate": "2030-02-28",
        "priority": "high",
        "tags": ["home", "Ferien \u00fc \u65e5\u672c", "a/b?c#d%"],
    }
    todo = create(ann, **sent)
    assert {name: todo[name] for name in sent} == sent
    assert read(ann, todo) == todo


@case("todos.create.location-leads-to-the-todo", points=1, reason="201 names what it made (RFC 9110, 15.3.2).")
def test_location(as_user, server):
    ann = as_user("ann")
    response = ann.post(TODOS, json={"title": "Buy milk"})
    where = urlsplit(urljoin(f"{server.url}{TODOS}", response.headers["location"])).path
    assert where == path(response.json())
    assert ann.get(where).json() == response.json()


@case("todos.create.times-are-utc-instants", points=1, reason="One form of time spares every client a time zone bug.")
def test_times(as_user):
    before = now()
    todo = create(as_user("ann"))
    for member in ("createdAt", "updatedAt"):
        assert abs(instant(todo[member]) - before) < timedelta(seconds=10), f"{member} is {todo[member]}, not now"


@case("todos.create.title-is-trimmed", points=1, reason="Blanks at the ends are typing errors, and spoil sorting.")
def test_trimmed(as_user):
    ann = as_user("ann")
    for sent in ("  Buy milk", "Buy milk \t", "\n Buy milk\u00a0\u3000"):
        assert create(ann, sent)["title"] == "Buy milk", repr(sent)
    assert create(ann, "Buy  oat   milk")["title"] == "Buy  oat   milk"


@case("todos.create.rejects-blank-titles", points=1, reason="A line without words cannot be found or done.")
def test_blank(as_user):
    ann = as_user("ann")
    for title in ("", " ", "\t\n", "\u00a0\u3000"):
        assert_invalid(ann.post(TODOS, json={"title": title}), "title", title)


@case("todos.create.needs-a-title", points=1, reason="The one thing that a todo cannot be without.")
def test_missing(as_user):
    ann = as_user("ann")
    assert_invalid(ann.post(TODOS, json={}), "title")
    assert_invalid(ann.post(TODOS, json={"notes": "no title"}), "title")


@case(
    "todos.create.title-has-200-characters-at-most",
    points=2,
    reason="A limit in characters must not depend on how many bytes they take.",
)
def test_title_length(as_user):
    ann = as_user("ann")
    for letter in ("x", "\u00fc", "\u65e5", ROCKET):
        assert create(ann, letter * 200)["title"] == letter * 200
        assert_invalid(ann.post(TODOS, json={"title": letter * 201}), "title", letter * 201)
    assert create(ann, f"  {'x' * 200}  ")["title"] == "x" * 200


@case("todos.create.notes-have-5000-characters-at-most", points=1, reason="Notes are for a page, not for a book.")
def test_notes_length(as_user):
    ann = as_user("ann")
    for letter in ("x", ROCKET):
        assert create(ann, notes=letter * 5000)["notes"] == letter * 5000
        assert_invalid(ann.post(TODOS, json={"title": "x", "notes": letter * 5001}), "notes", letter)


@case("todos.create.rejects-what-is-no-date", points=2, reason="2030-02-30 is a mistake, and no database may guess it.")
def test_due_date(as_user):
    ann = as_user("ann")
    for value in (
        "2030-02-30",
        "2031-02-29",
        "2030-13-01",
        "2030-00-10",
        "2030-1-1",
        "30-01-01",
        "2030-01-01T00:00:00Z",
        "2030-01-01 ",
        "01.02.2030",
        "tomorrow",
        "",
        "\u0662\u0660\u0663\u0660-01-01",
        20300101,
        True,
        ["2030-01-01"],
    ):
        assert_invalid(ann.post(TODOS, json={"title": "x", "dueDate": value}), "dueDate", value)


@case("todos.create.takes-any-date", points=1, reason="What is late is still to be done, and leap years exist.")
def test_dates(as_user):
    ann = as_user("ann")
    for value in ("1999-12-31", "2028-02-29", "2000-02-29", "9999-12-31", None):
        assert create(ann, dueDate=value)["dueDate"] == value


@case("todos.create.rejects-other-priorities", points=1, reason="What is not in the list cannot be sorted by.")
def test_priority(as_user):
    ann = as_user("ann")
    for value in ("urgent", "High", "LOW", "", " low", 0, 1, "1", None, ["low"], {"$gt": ""}):
        assert_invalid(ann.post(TODOS, json={"title": "x", "priority": value}), "priority", value)
    for value in ("low", "normal", "high"):
        assert create(ann, priority=value)["priority"] == value


@case("todos.create.repeated-tags-are-kept-once", points=1, reason="A tag is there or not; twice means nothing.")
def test_repeated_tags(as_user):
    ann = as_user("ann")
    assert create(ann, tags=["b", "a", "b", " a ", "B"])["tags"] == ["b", "a", "B"]
    many = [f"tag-{number}" for number in range(10)]
    assert create(ann, tags=[*many, *many])["tags"] == many


@case("todos.create.rejects-wrong-tags", points=2, reason="Ten short words help to find a todo; a novel does not.")
def test_tags(as_user):
    ann = as_user("ann")
    for tags, field in (
        ([f"tag-{number}" for number in range(11)], "tags"),
        (["x" * 31], "tags.0"),
        (["good", ROCKET * 31], "tags.1"),
        ([""], "tags.0"),
        (["  "], "tags.0"),
        (["two\nlines"], "tags.0"),
        (["a", "b", 3], "tags.2"),
        ([None], "tags.0"),
        ([["a"]], "tags.0"),
        ("home", "tags"),
        ({"0": "home"}, "tags"),
        (None, "tags"),
    ):
        assert_invalid(ann.post(TODOS, json={"title": "x", "tags": tags}), field, tags)
    assert create(ann, tags=["x" * 30, ROCKET * 30])["tags"] == ["x" * 30, ROCKET * 30]


@case("todos.create.rejects-wrong-types", points=1, reason="Types are never coerced: 5 is not a title.")
def test_types(as_user):
    ann = as_user("ann")
    for member, values in (("title", (5, True, None, ["x"], {"$ne": ""})), ("notes", (5, False, None, ["x"], {}))):
        for value in values:
            assert_invalid(ann.post(TODOS, json={"title": "x", member: value}), member, (member, value))


@case(
    "todos.create.rejects-members-a-client-may-not-set",
    points=2,
    reason="Whoever can set the owner or the id can write into another's list.",
)
def test_members(as_user):
    ann = as_user("ann")
    for member, value in (
        ("id", "01890000-0000-7000-8000-000000000000"),
        ("_id", "1"),
        ("done", True),
        ("completedAt", "2030-01-01T00:00:00.000Z"),
        ("createdAt", "2030-01-01T00:00:00.000Z"),
        ("ownerId", "somebody"),
        ("owner", "somebody"),
        ("version", 7),
        ("nonsense", None),
    ):
        assert_invalid(ann.post(TODOS, json={"title": "x", member: value}), member, member)


@case("todos.create.names-every-wrong-member", points=1, reason="A form shows all its mistakes at once.")
def test_all_errors(as_user):
    body = {"title": "", "dueDate": "soon", "priority": "urgent", "tags": [""], "colour": "red"}
    problem = assert_problem(as_user("ann").post(TODOS, json=body), 422)
    fields = {error["field"] for error in problem["errors"]}
    assert {"title", "dueDate", "priority", "tags.0", "colour"} <= fields, fields


@case("todos.create.text-is-kept-literally", points=1, reason="Markup and operators in a title are text, to keep.")
def test_literal(as_user):
    ann = as_user("ann")
    for text in ("<script>alert(1)</script>", "$title", "$$ROOT", "{{8*8}}", "Robert'); DROP TABLE todos;--", 'a\\b"c'):
        todo = create(ann, text, notes=text, tags=[text[:30]])
        assert (todo["title"], todo["notes"], todo["tags"]) == (text, text, [text[:30]])
        edited = ann.patch(path(todo), json={"notes": f"{text}.", "done": True}).json()
        assert edited["notes"] == f"{text}."
        assert read(ann, todo) == edited
