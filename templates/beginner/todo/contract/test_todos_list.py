"""Lists: filters, search, order, pages."""

from itertools import product

from resources import BAD_CURSORS, BAD_LIMITS, JUNK_QUERIES, ids, pages_of
from todos import TODOS, create, edit, found, mark, path, titles
from wire import assert_invalid, assert_members, request_bytes, status_of

from generator.contract import case

SORTS = ("createdAt", "-createdAt", "dueDate", "-dueDate", "priority", "-priority")


def several(client, count, **members):
    """So many todos whose titles share a mark no other todo has; the mark and the todos, oldest first."""
    word = mark()
    return word, [create(client, f"{word} {number}", **members) for number in range(count)]


def assorted(client):
    """Todos with every pair of priority and due date, in no order; their mark, and they themselves."""
    word = mark()
    kinds = list(product(("normal", "high", "low"), ("2030-05-01", None, "2029-12-31", "2030-05-01")))
    kinds = kinds[::2] + kinds[1::2]
    return word, [create(client, f"{word} {n}", priority=one, dueDate=due) for n, (one, due) in enumerate(kinds)]


@case("todos.list.newest-first", points=1, reason="What was just written down is what one looks for.")
def test_order(as_user):
    ann = as_user("ann")
    word, todos = several(ann, 5)
    edit(ann, todos[0], done=True)
    assert ids(found(ann, q=word)) == ids(reversed(todos))
    assert ids(found(ann, q=word, sort="-createdAt")) == ids(reversed(todos))
    assert ids(found(ann, q=word, sort="createdAt")) == ids(todos)


@case("todos.list.items-are-whole-todos", points=1, reason="One shape of a todo everywhere is one type in the client.")
def test_items(as_user):
    ann = as_user("ann")
    todo = create(ann, mark(), notes="n", dueDate="2030-01-01", priority="low", tags=["a", "b"])
    page = ann.get(TODOS, params={"q": todo["title"]}).json()
    assert_members(page, {"items", "nextCursor"})
    assert page == {"items": [todo], "nextCursor": None}


@case(
    "todos.list.starts-empty",
    points=1,
    reason="A new user's list is an empty page, not an error.",
    auth=("jwt", "session"),
)
def test_empty(as_user):
    assert as_user("ann").get(TODOS).json() == {"items": [], "nextCursor": None}


@case("todos.list.filters-by-done", points=1, reason="What is left to do is the question of every morning.")
def test_done(as_user):
    ann = as_user("ann")
    word, todos = several(ann, 3)
    done = edit(ann, todos[1], done=True)
    assert ids(found(ann, q=word, done="true")) == [done["id"]]
    assert ids(found(ann, q=word, done="false")) == [todos[2]["id"], todos[0]["id"]]
    edit(ann, done, done=False)
    assert found(ann, q=word, done="true") == []


@case("todos.list.filters-by-priority", points=1, reason="The urgent ones, and no others.")
def test_priority(as_user):
    ann = as_user("ann")
    word = mark()
    made = {priority: create(ann, word, priority=priority) for priority in ("low", "normal", "high")}
    for priority, todo in made.items():
        assert ids(found(ann, q=word, priority=priority)) == [todo["id"]], priority


@case("todos.list.filters-by-the-whole-tag", points=2, reason="`work` is not a part of `homework`, nor a pattern.")
def test_tag(as_user):
    ann = as_user("ann")
    word = mark()
    tags = [
        "work",
        "homework",
        "work!",
        "Work",
        "a_b",
        "aXb",
        "100%",
        "w.*",
        '"quoted"',
        "o'clock",
        "two words",
        "\u00fc",
    ]
    made = {tag: create(ann, word, tags=["first", tag, "last"]) for tag in tags}
    none = create(ann, word)
    for tag, todo in made.items():
        assert ids(found(ann, q=word, tag=tag)) == [todo["id"]], tag
    assert ids(found(ann, q=word, tag="first", limit=100)) == ids(reversed(made.values()))
    for tag in ("wor", "ork", "a%b", "%", ".*", "first,work", "quoted", "two", "words", "first work", "null"):
        assert found(ann, q=word, tag=tag) == [], tag
    assert none["id"] not in ids(found(ann, q=word, tag="work"))


@case("todos.list.tags-change-with-an-edit", points=1, reason="A tag that was taken away must not go on finding.")
def test_tag_edited(as_user):
    ann = as_user("ann")
    old, new = mark()[:30], mark()[:30]
    todo = create(ann, tags=["kept", old])
    edit(ann, todo, tags=[new, "kept"])
    assert found(ann, tag=old) == []
    assert ids(found(ann, tag=new)) == [todo["id"]]


@case("todos.list.due-before-is-exclusive", points=2, reason="Before Monday means Sunday at the latest.")
def test_due_before(as_user):
    ann = as_user("ann")
    word = mark()
    for due in ("2029-12-31", "2030-01-01", "2030-01-02", None):
        create(ann, f"{word} {due}", dueDate=due)
    assert titles(ann, q=word, dueBefore="2030-01-02", sort="dueDate") == [f"{word} 2029-12-31", f"{word} 2030-01-01"]
    assert titles(ann, q=word, dueBefore="2029-12-31") == []
    assert len(titles(ann, q=word, dueBefore="9999-12-31")) == 3


@case("todos.list.filters-hold-together", points=1, reason="Two filters find what passes both, not either.")
def test_together(as_user):
    ann = as_user("ann")
    word = mark()
    wanted = create(ann, word, priority="high", tags=["work"], dueDate="2030-01-01")
    create(ann, word, priority="low", tags=["work"], dueDate="2030-01-01")
    create(ann, word, priority="high", tags=["home"], dueDate="2030-01-01")
    create(ann, word, priority="high", tags=["work"], dueDate="2031-01-01")
    create(ann, "other", priority="high", tags=["work"], dueDate="2030-01-01")
    done = create(ann, word, priority="high", tags=["work"], dueDate="2030-01-01")
    edit(ann, done, done=True)
    params = {"q": word, "priority": "high", "tag": "work", "dueBefore": "2030-02-01", "done": "false"}
    assert ids(found(ann, **params)) == [wanted["id"]]


@case("todos.list.bad-filters-are-422", points=2, reason="A filter that is silently ignored shows the wrong todos.")
def test_bad_filters(as_user):
    ann = as_user("ann")
    for name, values in (
        ("done", ("yes", "1", "True", "TRUE", "", "null", "true ", "tru\u0435")),
        ("priority", ("urgent", "High", "", "1", "low,high", "[low]")),
        ("dueBefore", ("2030-02-30", "tomorrow", "", "2030-1-1", "2030-01-01T00:00:00Z", "0")),
        ("tag", ("x" * 31, "a\0b", "two\nlines")),
        (
            "sort",
            ("title", "", "-", "--createdAt", "created_at", "createdAt,priority", "id", "priority;--", "+dueDate"),
        ),
    ):
        for value in values:
            assert_invalid(ann.get(TODOS, params={name: value}), name, (name, value))


@case("todos.list.sorts-by-due-date", points=2, reason="What is due first comes first; what is never due comes last.")
def test_sort_due(as_user):
    ann = as_user("ann")
    word, todos = assorted(ann)
    dates = sorted(todo["dueDate"] for todo in todos if todo["dueDate"])
    undated = [None] * (len(todos) - len(dates))
    for sort, expected in (("dueDate", dates), ("-dueDate", dates[::-1])):
        assert [todo["dueDate"] for todo in found(ann, q=word, sort=sort)] == [*expected, *undated], sort


@case(
    "todos.list.sorts-priorities-by-rank",
    points=2,
    reason="In the alphabet, high comes before low and both before normal.",
)
def test_sort_priority(as_user):
    ann = as_user("ann")
    word, _ = assorted(ann)
    expected = ["low"] * 4 + ["normal"] * 4 + ["high"] * 4
    assert [todo["priority"] for todo in found(ann, q=word, sort="priority")] == expected
    assert [todo["priority"] for todo in found(ann, q=word, sort="-priority")] == expected[::-1]


@case("todos.list.equal-values-keep-one-order", points=1, reason="A list that shuffles itself cannot be read.")
def test_stable(as_user):
    ann = as_user("ann")
    word, _ = assorted(ann)
    for sort in SORTS:
        once = ids(found(ann, q=word, sort=sort))
        assert all(ids(found(ann, q=word, sort=sort)) == once for _ in range(3)), sort


@case("todos.list.default-limit-is-20", points=1, reason="A list without a limit must not grow with the table.")
def test_default_limit(as_user):
    ann = as_user("ann")
    word, _ = several(ann, 21)
    page = ann.get(TODOS, params={"q": word}).json()
    assert len(page["items"]) == 20
    assert isinstance(page["nextCursor"], str)
    rest = ann.get(TODOS, params={"q": word, "cursor": page["nextCursor"]}).json()
    assert len(rest["items"]) == 1
    assert rest["nextCursor"] is None


@case("todos.list.limit-is-1-to-100", points=1, reason="One request must not fetch a million rows.")
def test_limit(as_user):
    ann = as_user("ann")
    word, _ = several(ann, 3)
    for limit in (1, 2, 3, 100):
        assert len(found(ann, q=word, limit=limit)) == min(limit, 3)


@case("todos.list.bad-limit-is-422", points=1, reason="A limit that is silently changed hides a bug in the client.")
def test_bad_limit(as_user):
    ann = as_user("ann")
    for limit in BAD_LIMITS:
        assert_invalid(ann.get(TODOS, params={"limit": limit}), "limit", limit)


@case("todos.list.bad-cursor-is-422", points=2, reason="A cursor is opaque, and input all the same.")
def test_bad_cursor(as_user):
    ann = as_user("ann")
    for cursor, sort in product(BAD_CURSORS, ("-createdAt", "dueDate", "priority")):
        assert_invalid(ann.get(TODOS, params={"cursor": cursor, "sort": sort}), "cursor", cursor[:40])


@case(
    "todos.list.cursor-of-another-order-is-never-500",
    points=1,
    reason="A client may mix things up; it gets a page or a 422, and never an error of the database.",
)
def test_mixed_cursors(as_user):
    ann = as_user("ann")
    word, _ = assorted(ann)
    for first, second in product(SORTS, SORTS):
        cursor = ann.get(TODOS, params={"q": word, "limit": 2, "sort": first}).json()["nextCursor"]
        response = ann.get(TODOS, params={"q": word, "limit": 2, "sort": second, "cursor": cursor})
        assert response.status_code in (200, 422), f"{first} then {second}: {response.status_code} {response.text}"


@case(
    "todos.list.walk-loses-and-repeats-nothing",
    points=3,
    reason="Pages by number shift when a todo is added; a cursor must not.",
)
def test_walk(as_user):
    ann = as_user("ann")
    word, todos = several(ann, 17)
    seen = []
    for added, page in enumerate(pages_of(ann, TODOS, q=word, limit=4)):
        assert len(page) <= 4
        assert added < 30, "the walk does not end while todos are added"
        seen += ids(page)
        create(ann, f"{word} added {added}")
    assert seen == ids(reversed(todos))


@case(
    "todos.list.walk-holds-in-every-order",
    points=3,
    reason="Where many values are equal, or there is none, a page by the value alone skips or repeats.",
)
def test_walk_sorted(as_user):
    ann = as_user("ann")
    word, todos = assorted(ann)
    for sort, limit in product(SORTS, (1, 5)):
        whole = ids(found(ann, q=word, sort=sort))
        assert sorted(whole) == sorted(ids(todos))
        walked = [one for page in pages_of(ann, TODOS, q=word, sort=sort, limit=limit) for one in ids(page)]
        assert walked == whole, f"by {sort}, {limit} at a time"


@case(
    "todos.list.walk-survives-deletions",
    points=2,
    reason="The cursor's own todo may be gone when the next page is asked for.",
)
def test_walk_deleted(as_user):
    ann = as_user("ann")
    for sort in ("-createdAt", "dueDate", "-priority"):
        word, _ = assorted(ann)
        whole, seen = ids(found(ann, q=word, sort=sort)), []
        for page in pages_of(ann, TODOS, q=word, sort=sort, limit=3):
            seen += ids(page)
            assert ann.delete(path(page[-1])).status_code == 204
        assert seen == whole, sort


@case(
    "todos.list.filters-hold-on-every-page",
    points=1,
    reason="A filter that is forgotten on page two is worse than none.",
)
def test_filtered_pages(as_user):
    ann = as_user("ann")
    word, wanted = mark(), []
    for number in range(5):
        wanted.append(create(ann, word, tags=["work"], priority="high"))
        create(ann, word, tags=["home"], priority="high")
        create(ann, f"other {number}", tags=["work"], priority="high")
    walked = pages_of(ann, TODOS, q=word, tag="work", priority="high", sort="priority", limit=2)
    assert sorted(one for page in walked for one in ids(page)) == sorted(ids(wanted))


@case("todos.list.search-finds-title-and-notes", points=1, reason="One remembers a part of either.")
def test_search(as_user):
    ann = as_user("ann")
    word = mark()
    by_title = create(ann, f"in {word} title")
    by_notes = create(ann, "x", notes=f"first line\nin {word} notes")
    create(ann, "neither", tags=[word])
    assert ids(found(ann, q=word)) == [by_notes["id"], by_title["id"]]
    assert found(ann, q=f"{word} nowhere") == []


@case("todos.list.search-ignores-case", points=1, reason="Nobody remembers which letters were large, \u00c4 or a.")
def test_search_case(as_user):
    ann = as_user("ann")
    word = mark()
    todo = create(ann, f"MiXeD {word} \u00c4pfel \u0416\u03a9")
    for q in (
        f"mixed {word}",
        f"MIXED {word.upper()}",
        f"{word} \u00e4pfel \u0436\u03c9",
        f"{word} \u00c4PFEL \u0416\u03a9",
    ):
        assert ids(found(ann, q=q)) == [todo["id"]], q


@case("todos.list.search-takes-text-literally", points=2, reason="% and .* are text to look for, not patterns.")
def test_search_literal(as_user):
    ann = as_user("ann")
    word = mark()
    create(ann, f"{word} abc")
    odd = create(ann, f"{word} 100%_(a+b).*[c]$^'\"\\!")
    assert ids(found(ann, q=f"{word} 100%_(a+b).*[c]$^'\"\\!")) == [odd["id"]]
    for end in (
        " a_c",
        "%",
        " a%c",
        " ...",
        ".*",
        " [a-c]bc",
        " abc$",
        "\\",
        " \\w",
        "(",
        "*",
        "' OR '1'='1",
        f"|{word}",
        "!",
    ):
        assert found(ann, q=f"{word}{end}") == [], end
    assert found(ann, q=f"^{word}") == []


@case("todos.list.bad-search-is-422", points=1, reason="Long or binary searches are nobody's typing.")
def test_bad_search(as_user):
    ann = as_user("ann")
    for q in ("x" * 201, "a\0b", "\0"):
        assert_invalid(ann.get(TODOS, params={"q": q}), "q", q[:20])
    assert ann.get(TODOS, params={"q": "x" * 200}).status_code == 200


@case(
    "todos.list.unknown-parameters-are-ignored", points=1, reason="Operators such as q[$ne] are unknown names, no more."
)
def test_unknown_parameters(as_user):
    ann = as_user("ann")
    todo = create(ann)
    for query in (
        "q[$ne]=x",
        "done[$ne]=true",
        "tag[]=nowhere",
        "Done=maybe",
        "$where=1",
        "__proto__[q]=x",
        "ownerId=x",
    ):
        response = ann.get(f"{TODOS}?{query}")
        assert response.status_code == 200, f"{query}: {response.text}"
        assert response.json()["items"][0]["id"] == todo["id"], query


@case(
    "todos.list.query-junk-is-never-500", points=1, reason="A broken percent sign is the client's mistake, not a crash."
)
def test_query_junk(as_user, raw):
    ann = as_user("ann")
    for query in (*JUNK_QUERIES, "tag=%ff", "sort=%", "dueBefore=%c0%af", "done=%00"):
        answer = raw(request_bytes("GET", f"{TODOS}?{query}", ann))
        assert status_of(answer) in (200, 400, 422), f"{query[:40]}: {answer[:100]!r}"
