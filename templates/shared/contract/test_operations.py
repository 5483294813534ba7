"""Health, documents, settings, logs, limits, CORS, shutdown: what whoever runs it relies on."""

import base64
import hashlib
import json
import re
import secrets
import socket
import time
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import httpx
import pytest
import yaml
from people import AUTH, bearer, log_in, me, new_address, new_password, parts, sign_up, visitor
from variants import BODY_BYTES, ORIGINS, PUNYCODE_ADDRESS, development
from wire import assert_problem, eventually, media_type, once, pipeline, request_bytes, sample_of, status_of

from generator.contract import case
from generator.contract.control import StewardError

PROCESS = ("process",)
METHODS = {"get", "post", "put", "patch", "delete"}
PROBLEM = {"type", "title", "status", "detail"}
DATA_TYPES = {"application/json", "application/ld+json", "text/template", "importmap"}


@case("ops.health.answers-ok", points=1, reason="The platform restarts what does not answer.")
def test_health(api):
    response = api.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@case("ops.ready.answers-ready", points=1, reason="The load balancer sends work to those that can do it.")
def test_ready(api):
    response = api.get("/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ready"}


# Documents


def shape(path):
    """A path without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def served(api):
    """Shape of path → path item, of what /openapi.json serves."""
    response = api.get("/openapi.json")
    assert response.status_code == 200
    assert media_type(response) == "application/json"
    document = response.json()
    assert document["openapi"].startswith("3.1."), document["openapi"]
    return document, {shape(path): item for path, item in document["paths"].items()}


def expected(openapi, auth):
    """(path, method) → statuses of success, of the idea's document and of the account routes that the auth choice has.

    Where an account route is in the idea's own document, that one holds.
    304 answers a condition that a client need not send, so a document may leave it out.
    """
    wanted = {}
    for path, item in openapi["paths"].items():
        for method in set(item) & METHODS:
            wanted[path, method] = {s for s in item[method]["responses"] if s < "400" and s != "304"}
    accounts = yaml.safe_load((Path(__file__).parent / "accounts.yaml").read_text("utf-8"))
    for path, item in accounts.items():
        for method, operation in item.items():
            if auth in operation["with"]:
                wanted.setdefault((path, method), {str(operation["success"])})
    return wanted


def resolved(document, node):
    """A node of an OpenAPI document with its ``$ref`` followed."""
    while "$ref" in node:
        target = document
        for key in node["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def members(document, schema):
    """The member names of an object schema, through ``$ref`` and ``allOf``."""
    schema = resolved(document, schema)
    names = set(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        names |= members(document, part)
    return names


@case(
    "ops.openapi.covers-paths-and-methods",
    points=2,
    reason="A route that is not described is not found, or not guarded.",
)
def test_paths(api, openapi, auth):
    _, paths = served(api)
    missing = [
        f"{method.upper()} {path}"
        for path, method in expected(openapi, auth)
        if method not in paths.get(shape(path), {})
    ]
    assert not missing, f"not described: {', '.join(missing)}"


@case(
    "ops.openapi.lists-successes-and-default",
    points=2,
    reason="A client is generated from the document: each operation lists its successes, and default for all errors.",
)
def test_successes(api, openapi, auth):
    _, paths = served(api)
    wrong = []
    for (path, method), statuses in expected(openapi, auth).items():
        described = set(paths.get(shape(path), {}).get(method, {}).get("responses", {}))
        successes = {status for status in described if status[:1] in "123"} - {"304"}
        if successes != statuses:
            wrong.append(f"{method.upper()} {path} lists {sorted(successes)}, not {sorted(statuses)}")
    for path, item in paths.items():
        wrong += [
            f"{method.upper()} {path} has no default"
            for method in set(item) & METHODS
            if "default" not in item[method]["responses"]
        ]
    assert not wrong, "; ".join(sorted(wrong))


@case(
    "ops.openapi.describes-errors-as-problems",
    points=1,
    reason="Errors are part of the interface, with their own media type.",
)
def test_problem_documents(api):
    document, paths = served(api)
    wrong = []
    for path, item in paths.items():
        for method in set(item) & METHODS:
            for status, response in item[method]["responses"].items():
                if status == "default" or status[:1] in "45":
                    content = resolved(document, response).get("content", {})
                    named = members(document, content.get("application/problem+json", {}).get("schema", {}))
                    if set(content) != {"application/problem+json"} or not named >= PROBLEM:
                        wrong.append(f"{method.upper()} {path} {status}")
    assert not wrong, f"no problem document described: {', '.join(sorted(wrong))}"


@case(
    "ops.openapi.describes-the-members",
    points=1,
    reason="Types are generated from it: names must be those of the answers.",
)
def test_members(api, openapi):
    document, paths = served(api)
    for path, item in openapi["paths"].items():
        for method in set(item) & {"get", "post", "patch"}:
            for status, response in item[method]["responses"].items():
                schema = resolved(openapi, response).get("content", {}).get("application/json", {}).get("schema")
                if schema is not None:
                    described = resolved(document, paths[shape(path)][method]["responses"][status])
                    found = members(
                        document, described.get("content", {}).get("application/json", {}).get("schema", {})
                    )
                    assert found == members(openapi, schema), f"{method.upper()} {path} {status}: {sorted(found)}"


class Page(HTMLParser):
    """The parts of an HTML page that load or name something.

    Attributes:
        scripts, styles, images: URLs of what the page loads.
        links: where its links lead.
        inline: (tag, nonce, text) of scripts and styles in the page itself.
    """

    def __init__(self, text):
        super().__init__()
        self.scripts, self.styles, self.images, self.links, self.inline = [], [], [], [], []
        self._inside = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Sort it."""
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.scripts.append(given["src"])
        elif tag in {"script", "style"} and given.get("type", "").lower() not in DATA_TYPES:
            self._inside = (tag, given.get("nonce") or "", [])
        elif tag == "link" and {"stylesheet", "icon", "preload", "modulepreload"} & set(given.get("rel", "").split()):
            (self.styles if "stylesheet" in given["rel"] else self.images).append(given.get("href") or "")
        elif tag in {"img", "iframe", "embed", "source"} and given.get("src"):
            self.images.append(given["src"])
        elif tag == "a" and given.get("href"):
            self.links.append(given["href"])

    def handle_data(self, data):
        """Keep the text of scripts and styles."""
        if self._inside:
            self._inside[2].append(data)

    def handle_endtag(self, tag):
        """A script or style is over."""
        if self._inside and tag == self._inside[0]:
            self.inline.append((self._inside[0], self._inside[1], "".join(self._inside[2])))
            self._inside = None

    @property
    def assets(self):
        """All that a browser would fetch for it."""
        return [*self.scripts, *self.styles, *self.images]


def docs_page(api):
    """The answer to GET /docs, after redirects within the server, and its page."""
    response = api.get("/docs")
    for _ in range(3):
        if response.status_code not in (301, 302, 303, 307, 308):
            break
        response = api.get(within(api, response, response.headers["location"]))
    assert response.status_code == 200, f"GET /docs: {response.status_code}"
    assert media_type(response) == "text/html"
    return response, Page(response.text)


def within(api, response, reference):
    """The path of a reference in a page; fails when it leads to another server."""
    absolute = urlsplit(urljoin(str(response.request.url), reference))
    own = [urlsplit(api.target.url).netloc, urlsplit(api.target.public_url).netloc]
    assert absolute.netloc in own, f"{reference} is on another server"
    return absolute.path + (f"?{absolute.query}" if absolute.query else "")


def policy_of(response):
    """Content-Security-Policy: directive → its sources."""
    parts = [part.split() for part in response.headers.get("content-security-policy", "").split(";")]
    return {part[0].lower(): part[1:] for part in parts if part}


@case("ops.docs.are-there-in-test", points=1, reason="Whoever builds on the API reads it in the browser.")
def test_docs(api):
    docs_page(api)


@case(
    "ops.docs.page-is-interactive",
    points=2,
    reason="Requests can be tried from the page that the framework's people know: Swagger UI, Scalar or ReDoc.",
)
def test_interactive(api):
    response, page = docs_page(api)
    loaded = [api.get(within(api, response, script)).text for script in page.scripts]
    texts = [response.text, *page.scripts, *loaded]
    assert loaded, "the page has no script of its own"
    assert any(re.search(r"swagger-?ui|scalar|redoc", text, re.IGNORECASE) for text in texts), "none of the known pages"
    assert any("openapi.json" in text for text in texts), "the page does not load /openapi.json"


@case(
    "ops.docs.assets-come-from-the-application",
    points=2,
    reason="A page that loads scripts from another host gives that host the tokens typed into it.",
)
def test_own_assets(api):
    response, page = docs_page(api)
    assert page.assets, "the page loads nothing"
    for asset in page.assets:
        if not asset.startswith("data:"):
            answer = api.get(within(api, response, asset))
            assert answer.status_code == 200, f"{asset}: {answer.status_code}"
            assert answer.content, f"{asset} is empty"
            for url in re.findall(
                r"(?:url\(|@import)\s*['\"]?(https?:)?//", answer.text if asset in page.styles else ""
            ):
                raise AssertionError(f"{asset} loads from another host: {url}")


@case(
    "ops.docs.policy-keeps-other-hosts-out",
    points=2,
    reason="With its own Content-Security-Policy the browser sees to it that the page loads from no other host.",
)
def test_docs_policy(api):
    response, page = docs_page(api)
    policy = policy_of(response)
    assert policy.get("frame-ancestors") == ["'none'"], policy
    assert "default-src" in policy, "without default-src what is not named may come from anywhere"
    own = {urlsplit(api.target.url).netloc, urlsplit(api.target.public_url).netloc}
    for directive, sources in policy.items():
        for source in sources if directive.endswith("-src") else ():
            kept = source.startswith("'") or source in {"data:", "blob:"} or urlsplit(source).netloc in own
            assert kept, f"{directive} lets {source} in"
    for tag, nonce, text in page.inline:
        sources = policy.get(f"{tag}-src", policy["default-src"])
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        by_name = any(source.startswith(("'nonce-", "'sha")) for source in sources)
        allowed = f"'sha256-{digest}'" in sources or (nonce and f"'nonce-{nonce}'" in sources)
        assert allowed or ("'unsafe-inline'" in sources and not by_name), f"its own policy stops its {tag}: {text[:80]}"
    for kind, assets in (("script-src", page.scripts), ("style-src", page.styles)):
        sources = policy.get(kind, policy["default-src"])
        named = any(urlsplit(source).netloc in own or source.startswith("'nonce-") for source in sources)
        assert not assets or named or "'self'" in sources, f"{kind} stops the page's own files"


@case(
    "ops.openapi.agrees-with-the-answers",
    points=2,
    reason="What is answered is what was declared: status, media type and members.",
)
def test_agreement(api, as_user, client, openapi, auth):
    document, paths = served(api)
    ann, sample = as_user("ann", own=True), sample_of(openapi)
    item = sample.make(ann)
    path = sample.path(item)
    changes = [sample.change, {"nonsense": 1}] if sample.change else []
    seen = [
        (sample.collection, ann.post(sample.collection, json=sample.body)),
        (sample.collection, ann.post(sample.collection, json={})),
        *((sample.item, ann.patch(path, json=change)) for change in changes),
        *([(sample.item, ann.get(sample.path({"id": "nonsense"})))] if sample.makes_items else []),
        *(
            (template, ann.get(template.format(**item)))
            for template in openapi["paths"]
            if "get" in openapi["paths"][template]
        ),
        (sample.item, ann.delete(path)),
        (sample.item, ann.delete(path)),
    ]
    if auth != "none":
        someone = visitor(client)
        sent = sign_up(someone)
        bob = as_user("bob", own=True)
        password = {"currentPassword": bob.account.password, "newPassword": new_password()}
        seen += [
            (f"{AUTH}/signup", someone.post(f"{AUTH}/signup", json=sent)),
            (f"{AUTH}/login", log_in(someone, sent["email"], "wrong-password-1")),
            (f"{AUTH}/login", log_in(someone, sent["email"], sent["password"])),
            (f"{AUTH}/me", client().get(f"{AUTH}/me")),
            (f"{AUTH}/me", bob.get(f"{AUTH}/me")),
            (f"{AUTH}/password", bob.post(f"{AUTH}/password", json=password)),
            (f"{AUTH}/me", ann.request("DELETE", f"{AUTH}/me", json={"password": ann.account.password})),
            (f"{AUTH}/logout", bob.post(f"{AUTH}/logout")),
        ]
    if auth == "jwt":
        seen.append((f"{AUTH}/refresh", bob.post(f"{AUTH}/refresh", json={"refreshToken": "nonsense"})))
    if auth == "session":
        seen.append((f"{AUTH}/csrf", client().get(f"{AUTH}/csrf")))
    wrong = []
    for template, answer in seen:
        method, status = answer.request.method.lower(), str(answer.status_code)
        what = f"{method.upper()} {template} {status}"
        responses = paths.get(shape(template), {}).get(method, {}).get("responses", {})
        declared = responses.get(status) or (responses.get("default") if status >= "400" else None)
        if declared is None:
            wrong.append(f"{what} is not declared")
            continue
        content = resolved(document, declared).get("content", {})
        if not answer.content:
            wrong += [f"{what} is declared with a body and has none"] if content else []
        elif media_type(answer) not in content:
            wrong.append(f"{what} is {media_type(answer)}, declared is {', '.join(content) or 'no body'}")
        elif media_type(answer) == "application/json":
            names = members(document, content["application/json"].get("schema", {}))
            wrong += (
                [f"{what} has {sorted(answer.json())}, declared is {sorted(names)}"]
                if set(answer.json()) != names
                else []
            )
    assert not wrong, "; ".join(wrong)


# A server in development


@case(
    "ops.home.leads-on-in-development",
    points=1,
    reason="Whoever starts the project and opens it in a browser finds a page with its name and its links, not a 404.",
    needs=PROCESS,
)
def test_home(variant):
    visitor = development(variant).client()
    response = visitor.get("/")
    assert response.status_code == 200, f"GET /: {response.status_code}"
    assert media_type(response) == "text/html"
    assert response.headers.get("content-security-policy"), "no Content-Security-Policy"
    paths = {
        within(visitor, response, link)
        for link in Page(response.text).links
        if "://" not in link or PUNYCODE_ADDRESS in link
    }
    assert {"/docs", "/health"} <= {path.rstrip("/") for path in paths}, f"its links lead to {sorted(paths)}"


# A server in production, behind no proxy that it trusts


def production(boot, as_user):
    """What a production server with a secret of its own answers."""

    def play():
        seen = {}
        environment = {
            "APP_ENV": "production",
            "SECRET_KEY": secrets.token_hex(32),
            "TRUSTED_PROXIES": "10.255.255.255/32",
            "RATE_LIMIT": "60",
            "DOCS_ENABLED": None,
        }
        with boot(env=environment) as server:
            stranger = server.client()
            seen["docs"] = [stranger.get(path) for path in ("/docs", "/openapi.json")]
            seen["home"] = stranger.get("/")
            seen["answers"] = [
                *seen["docs"],
                stranger.get("/health"),
                stranger.get("/ready"),
                stranger.request("PUT", "/health"),
            ]
            someone = server.client()
            seen["auth"] = someone.auth
            if someone.auth != "none":
                someone.csrf()
                sent = sign_up(someone)
                seen["answers"].append(log_in(someone, sent["email"], sent["password"]))
            if someone.auth == "jwt":
                seen["token"] = seen["answers"][-1].json()["accessToken"]
                seen["ours"] = me(server.client(), headers=bearer(seen["token"]))
                seen["foreign"] = me(server.client(), headers=bearer(as_user("ann").account.tokens["accessToken"]))
            if someone.auth == "session":
                seen["cookie"] = (
                    someone.cookies.cookie("__Host-session") if "__Host-session" in someone.cookies else None
                )
                seen["me"] = me(someone)
                seen["renamed"] = me(
                    server.client(), cookies={"session": seen["cookie"].value if seen["cookie"] else ""}
                )
            seen["flood"] = [
                stranger.get("/api/v1/nope", headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
                for number in range(121)
            ]
        return seen

    return once("production", play)


@case(
    "ops.docs.are-404-in-production",
    points=2,
    reason="A map of the routes is for those who build, not for those who probe.",
    needs=PROCESS,
)
def test_docs_production(boot, as_user):
    for response in production(boot, as_user)["docs"]:
        assert_problem(response, 404)


@case(
    "ops.home.is-404-in-production",
    points=1,
    reason="The page for developers tells what runs here, which visitors of a production server need not know.",
    needs=PROCESS,
)
def test_home_production(boot, as_user):
    assert_problem(production(boot, as_user)["home"], 404)


@case("ops.production.sends-hsts", points=1, reason="One plain-text visit is enough to steal a session.", needs=PROCESS)
def test_hsts(boot, as_user):
    for response in production(boot, as_user)["answers"]:
        seconds = re.search(r"max-age=(\d+)", response.headers.get("strict-transport-security", ""))
        assert seconds, f"{response.request.url.path}: no Strict-Transport-Security"
        assert int(seconds[1]) > 0, f"{response.request.url.path}: no Strict-Transport-Security"


@case(
    "ops.forwarded.is-ignored-from-untrusted-peers",
    points=2,
    reason="Whoever may name their own address has no limit.",
    needs=PROCESS,
)
def test_untrusted(boot, as_user):
    flood = production(boot, as_user)["flood"]
    assert 429 in flood, "60 a minute are allowed: 121 went through with made-up X-Forwarded-For addresses"


@case(
    "auth.session.production-cookie-is-host-only-and-secure",
    points=2,
    auth=("session",),
    needs=PROCESS,
    reason="__Host- and Secure keep the cookie off plain text and out of sister domains.",
)
def test_production_cookie(boot, as_user):
    seen = production(boot, as_user)
    assert seen["cookie"] is not None, "no cookie __Host-session"
    attributes = seen["cookie"].attributes
    assert "secure" in attributes
    assert "httponly" in attributes
    assert "domain" not in attributes
    assert attributes.get("path") == "/"
    assert attributes.get("samesite", "").lower() == "lax"
    assert seen["me"] == 200
    assert seen["renamed"] == 401, "the name without __Host- is accepted, too"


@case(
    "auth.jwt.rejects-tokens-of-another-deployment",
    points=2,
    reason="The staging system's tokens must not open production.",
    auth=("jwt",),
    needs=PROCESS,
)
def test_deployment(boot, client, as_user):
    seen = production(boot, as_user)
    assert seen["ours"] == 200
    assert_problem(client().get(f"{AUTH}/me", headers=bearer(seen["token"])), 401)
    assert seen["foreign"] == 401


# A server with a narrow limit, and its documents on


def strict(boot):
    """What a server does that allows five requests a minute."""

    def play():
        seen = {}
        environment = {
            "APP_ENV": "production",
            "SECRET_KEY": secrets.token_hex(32),
            "DOCS_ENABLED": "true",
            "RATE_LIMIT": "5",
            "ACCESS_TOKEN_MINUTES": "1",
        }
        with boot(env=environment) as server:
            someone = server.client()
            if someone.auth == "jwt":
                sent = sign_up(someone)
                seen["tokens"] = log_in(someone, sent["email"], sent["password"]).json()
                seen["me"] = me(someone, headers=bearer(seen["tokens"]["accessToken"]))
            reader = server.client()
            seen["docs"] = [reader.get(path) for path in ("/docs", "/openapi.json")]
            busy = server.client()
            seen["flood"] = [busy.get("/api/v1/nope") for _ in range(11)]
            seen["other"] = server.client().get("/api/v1/nope")
            seen["probes"] = [busy.get(path) for path in ("/health", "/ready") for _ in range(6)]
            liar = server.client()
            forwarded = {
                "port": [f"203.0.113.8:{40001 + number}" for number in range(11)],
                "port of IPv6": [f"[2001:db8:1:1::1]:{40001 + number}" for number in range(11)],
                "addresses of one /64": [f"2001:db8:2:1:{number:x}::{number:x}" for number in range(11)],
                "other with a port": ["203.0.113.9:40001"],
                "other IPv6 with a port": ["[2001:db8:1:2::1]:40001"],
                "another /64": ["2001:db8:2:2::1"],
            }
            seen["forwarded"] = {
                name: [liar.get("/api/v1/nope", headers={"X-Forwarded-For": entry}).status_code for entry in entries]
                for name, entries in forwarded.items()
            }
            seen["lies"] = [
                liar.get(
                    "/api/v1/nope", headers={"X-Forwarded-For": f"198.51.100.{number}, {liar.address}"}
                ).status_code
                for number in range(11)
            ]
        return seen

    return once("strict", play)


@case(
    "ops.docs.can-be-enabled-in-production",
    points=1,
    reason="A public API is documented in public: DOCS_ENABLED=true.",
    needs=PROCESS,
)
def test_docs_enabled(boot):
    docs, document = strict(boot)["docs"]
    assert docs.status_code in (200, 301, 302, 303, 307, 308), docs.status_code
    assert document.status_code == 200, document.status_code


@case("ops.rate-limit.answers-429", points=2, reason="One client must not take the service from all.", needs=PROCESS)
def test_rate_limit(boot):
    flood = strict(boot)["flood"]
    assert [response.status_code for response in flood[:5]] == [404] * 5, "five a minute are allowed"
    refused = [response for response in flood if response.status_code == 429]
    assert refused, "eleven requests went through a limit of five a minute"
    for response in refused:
        assert_problem(response, 429)
        assert 1 <= int(response.headers["retry-after"]) <= 60


@case(
    "ops.rate-limit.is-300-a-minute-by-default",
    points=1,
    reason="Who sets nothing is protected, too; and a page with many requests still works.",
    needs=PROCESS,
)
def test_default_rate_limit(variant):
    busy = variant({"RATE_LIMIT": None}).client()  # not in development, where .env may name a limit
    passed = 0
    while busy.get("/api/v1/nope").status_code != 429:
        passed += 1
        assert passed <= 600, "600 requests went through, and no limit is set"
    assert passed >= 300, f"after {passed} requests"


@case("ops.rate-limit.counts-clients-apart", points=1, reason="One client's flood is not another's.", needs=PROCESS)
def test_rate_clients(boot):
    assert strict(boot)["other"].status_code == 404


@case(
    "ops.rate-limit.leaves-probes-alone",
    points=1,
    reason="A platform that is told 429 restarts a healthy server.",
    needs=PROCESS,
)
def test_rate_probes(boot):
    assert [response.status_code for response in strict(boot)["probes"]] == [200] * 12


@case(
    "ops.forwarded.counts-from-the-right",
    points=2,
    reason="The left of X-Forwarded-For is written by the client.",
    needs=PROCESS,
)
def test_forwarded(boot):
    assert 429 in strict(boot)["lies"], "made-up addresses on the left of X-Forwarded-For evade the limit"


@case(
    "ops.forwarded.port-is-no-part-of-the-client",
    points=2,
    reason="Some proxies add the port, which is another one for each connection: 203.0.113.8:40001.",
    needs=PROCESS,
)
def test_forwarded_port(boot):
    seen = strict(boot)["forwarded"]
    assert 429 in seen["port"], "eleven requests of 203.0.113.8 with changing ports went through a limit of five"
    assert 429 in seen["port of IPv6"], "eleven requests of [2001:db8:1:1::1] with changing ports went through"
    assert seen["other with a port"] == [404], "203.0.113.9:40001 shares the limit of 203.0.113.8"
    assert seen["other IPv6 with a port"] == [404], "[2001:db8:1:2::1]:40001 shares the limit of another network"


@case(
    "ops.forwarded.ipv6-clients-count-by-64",
    points=2,
    reason="One IPv6 customer has a whole /64: 2^64 addresses, and a limit for each would be none.",
    needs=PROCESS,
)
def test_forwarded_64(boot):
    seen = strict(boot)["forwarded"]
    assert 429 in seen["addresses of one /64"], "eleven addresses of one /64 went through a limit of five"
    assert seen["another /64"] == [404], "another /64 is another client"


@case(
    "ops.headers.limited-answers-have-them-too",
    points=1,
    reason="A 429 comes early, before the code that adds headers in most set-ups.",
    needs=PROCESS,
)
def test_rate_headers(boot):
    response = next(response for response in strict(boot)["flood"] if response.status_code == 429)
    assert response.headers.get("x-content-type-options") == "nosniff"
    assert "frame-ancestors 'none'" in response.headers.get("content-security-policy", "")
    assert response.headers.get("x-request-id")
    assert response.headers.get("referrer-policy")


@case(
    "auth.jwt.access-life-is-a-setting",
    points=1,
    reason="How long a leaked token works is the operator's choice.",
    auth=("jwt",),
    needs=PROCESS,
)
def test_life(boot):
    seen = strict(boot)
    claims = parts(seen["tokens"]["accessToken"])[1]
    assert seen["tokens"]["expiresIn"] == 60
    assert claims["exp"] - claims["iat"] == 60
    assert seen["me"] == 200


# A server with settings of its own


def custom(variant, openapi):
    """What a server does with other origins and body limit, and with the default rate limit."""

    def play():
        sample, seen, server = sample_of(openapi), {}, development(variant)
        ann = server.as_user("ann")
        item = sample.make(ann)
        wanted = {
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "content-type,if-match,x-csrf-token,authorization",
        }

        def ask(origin):
            return (
                server.client().request("OPTIONS", sample.path(item), headers={"Origin": origin, **wanted}),
                ann.get(sample.path(item), headers={"Origin": origin}),
                server.client().get("/api/v1/nope", headers={"Origin": origin}),
            )

        seen["allowed"] = {origin: ask(origin) for origin in ORIGINS}
        foreign = (
            "https://evil.example",
            "https://app.example.evil.example",
            "http://app.example",
            "https://app.example:8443",
            "https://sub.app.example",
            "https://evilapp.example",
            "null",
            "http://localhost",
            "https://app.example,http://localhost:5173",
            "*",
        )
        seen["refused"] = {origin: ask(origin) for origin in foreign}
        padding = len(json.dumps({"padding": ""}))
        seen["sizes"] = {
            size: ann.post(
                sample.collection,
                json={"padding": "x" * (size - padding)},
                headers={"Content-Type": "application/json"},
            ).status_code
            for size in (BODY_BYTES - 10, BODY_BYTES + 600)
        }
        flooding = server.client()
        request = request_bytes("GET", "/api/v1/nope", flooding, {"Connection": "keep-alive"})
        seen["flood"] = pipeline(server.url, request, 604)
        seen["limited"] = flooding.get("/api/v1/nope", headers={"Origin": ORIGINS[0]})
        seen["limited preflight"] = flooding.request(
            "OPTIONS", "/api/v1/nope", headers={"Origin": ORIGINS[0], **wanted}
        )
        return seen

    return once("custom", play)


def listed(response, name):
    """The entries of a header that is a list, lower-case."""
    return {entry.strip().lower() for entry in response.headers.get(name, "").split(",") if entry.strip()}


@case(
    "ops.cors.allows-its-origins",
    points=2,
    reason="The front end on its own domain must be able to call.",
    needs=PROCESS,
)
def test_cors(variant, openapi):
    for origin, (preflight, answer, error) in custom(variant, openapi)["allowed"].items():
        assert preflight.status_code in (200, 204), preflight.status_code
        for response in (preflight, answer, error):
            assert response.headers.get("access-control-allow-origin") == origin
        assert "patch" in listed(preflight, "access-control-allow-methods")
        assert {"content-type", "if-match"} <= listed(preflight, "access-control-allow-headers")


@case(
    "ops.cors.exposes-its-headers",
    points=1,
    reason="Scripts see only what is exposed: ETag and Retry-After, too.",
    needs=PROCESS,
)
def test_cors_exposed(variant, openapi):
    for _, answer, _ in custom(variant, openapi)["allowed"].values():
        assert {"etag", "location", "x-request-id", "retry-after"} <= listed(answer, "access-control-expose-headers")


@case(
    "ops.cors.credentials-with-sessions",
    points=1,
    reason="Without it a browser keeps the session cookie back.",
    needs=PROCESS,
    auth=("session",),
)
def test_cors_credentials(variant, openapi):
    for preflight, answer, _ in custom(variant, openapi)["allowed"].values():
        for response in (preflight, answer):
            assert response.headers.get("access-control-allow-credentials") == "true"
        assert "x-csrf-token" in listed(preflight, "access-control-allow-headers")


@case(
    "ops.cors.bearer-tokens-may-be-sent",
    points=1,
    reason="Authorization is a header that must be allowed by name.",
    needs=PROCESS,
    auth=("jwt",),
)
def test_cors_authorization(variant, openapi):
    for preflight, _, _ in custom(variant, openapi)["allowed"].values():
        assert "authorization" in listed(preflight, "access-control-allow-headers")


@case(
    "ops.cors.limited-answers-can-be-read",
    points=1,
    reason="Without its CORS header a page sees a network error where it should see 429 and Retry-After.",
    needs=PROCESS,
)
def test_cors_limited(variant, openapi):
    seen = custom(variant, openapi)
    assert_problem(seen["limited"], 429)
    assert seen["limited"].headers.get("access-control-allow-origin") == ORIGINS[0]
    assert "retry-after" in listed(seen["limited"], "access-control-expose-headers")
    assert seen["limited preflight"].status_code in (200, 204), "a preflight is the browser's, not the client's"


@case(
    "ops.cors.refuses-other-origins",
    points=2,
    reason="Exactly CORS_ORIGINS: no suffix, no other port, no null.",
    needs=PROCESS,
)
def test_cors_refused(variant, openapi):
    for origin, responses in custom(variant, openapi)["refused"].items():
        for response in responses:
            assert "access-control-allow-origin" not in response.headers, (
                f"{origin}: {response.headers['access-control-allow-origin']}"
            )


@case("ops.config.body-limit-is-a-setting", points=1, reason="MAX_BODY_BYTES is the operator's choice.", needs=PROCESS)
def test_body_limit(variant, openapi):
    assert custom(variant, openapi)["sizes"] == {BODY_BYTES - 10: 422, BODY_BYTES + 600: 413}


@case(
    "ops.rate-limit.default-is-300",
    points=1,
    reason="A server that nobody configured is limited all the same.",
    needs=PROCESS,
)
def test_rate_default(variant, openapi):
    flood = custom(variant, openapi)["flood"]
    assert flood.count(404) >= 300, f"only {flood.count(404)} of 604 requests went through"
    assert 429 in flood, "604 requests went through"


# Starts that must be refused


BAD = {
    "APP_ENV": "staging",
    "PORT": "eighty",
    "DATABASE_URL": "nonsense",
    "SECRET_KEY": None,
    "PUBLIC_URL": "not a url",
    "CORS_ORIGINS": "nonsense",
    "TRUSTED_PROXIES": "not-a-network",
    "MAX_BODY_BYTES": "lots",
    "RATE_LIMIT": "-1",
    "LOG_LEVEL": "loud",
}
UNSET = {"SECRET_KEY": None, "DATABASE_URL": None}


def named(variable, output):
    """Whether an output names that variable."""
    return re.search(rf"(?<![A-Z_]){variable}(?![A-Z_])", output) is not None


@case(
    "ops.config.every-bad-variable-is-named",
    points=3,
    reason="One start tells all that is wrong, not one thing each time.",
    needs=PROCESS,
)
def test_bad_variables(boot_refused, auth):
    bad = {**BAD, **({"ACCESS_TOKEN_MINUTES": "0", "REFRESH_TOKEN_DAYS": "soon"} if auth == "jwt" else {})}
    code, output = boot_refused(bad)
    assert code == 1, f"exit code {code}"
    missing = [variable for variable in bad if not named(variable, output)]
    assert not missing, f"not named: {', '.join(missing)} in:\n{output[-1500:]}"
    assert "Traceback" not in output, "a stack trace is no message"
    assert "    at " not in output, "a stack trace is no message"


@case(
    "ops.config.one-bad-variable-is-enough",
    points=2,
    reason="A half-configured server fails later, and worse.",
    needs=PROCESS,
)
def test_bad_variable(boot_refused):
    code, output = boot_refused({"PUBLIC_URL": "ftp://example.com"})
    assert code == 1, f"exit code {code}, {output[-500:]}"
    assert named("PUBLIC_URL", output), f"exit code {code}, {output[-500:]}"
    others = [other for other in BAD if other != "PUBLIC_URL" and named(other, output)]
    assert not others, f"PUBLIC_URL is bad, but {others} are named, too"


@case(
    "ops.config.missing-secret-is-refused",
    points=2,
    reason="A default that works is a key that everyone has.",
    needs=PROCESS,
)
def test_no_secret(boot_refused):
    code, output = once("unset", lambda: boot_refused(UNSET))
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert named("SECRET_KEY", output), f"exit code {code}: {output[-500:]}"


@case(
    "ops.config.missing-database-is-refused",
    points=1,
    reason="A server that invents a database loses what is written to it.",
    needs=PROCESS,
)
def test_no_database(boot_refused):
    code, output = once("unset", lambda: boot_refused(UNSET))
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert named("DATABASE_URL", output), f"exit code {code}: {output[-500:]}"


@case(
    "ops.config.production-is-told-its-address",
    points=1,
    reason="Links that lead to localhost are found out by the customers.",
    needs=PROCESS,
)
def test_no_address(boot_refused):
    code, output = boot_refused({"APP_ENV": "production", "PUBLIC_URL": None})
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert named("PUBLIC_URL", output), f"exit code {code}: {output[-500:]}"


@case(
    "ops.config.bad-cache-address-is-refused",
    points=1,
    reason="A typing error must not turn the cache off unseen.",
    needs=("process", "cache"),
)
def test_bad_cache(boot_refused):
    code, output = boot_refused({"CACHE_URL": "nonsense"})
    assert code == 1, f"exit code {code}: {output[-500:]}"
    assert named("CACHE_URL", output), f"exit code {code}: {output[-500:]}"


# What hosters of PostgreSQL write into their URLs, beside how TLS is used.
HOSTERS = {"application_name": "contract", "connect_timeout": "10"}


@contextmanager
def taken_or_named(names):
    """A start that may be refused, if it names one of these parameters."""
    try:
        yield
    except StewardError as error:
        if not any(name in str(error) for name in names):
            raise AssertionError(f"it did not start, and named no parameter: {error}") from None


def postgresql_url(project, parameters):
    """The main server's database URL with more parameters; leaves the case out for other databases."""
    url = project.setting("DATABASE_URL") or ""
    if not url.startswith("postgres"):
        pytest.skip("about the parameters of PostgreSQL's URLs")
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"


@case(
    "ops.config.database-parameters-are-taken-or-named",
    points=2,
    reason="A URL is pasted as the hoster shows it: what the project does not understand must be named at the start.",
    needs=PROCESS,
)
def test_database_parameters(boot, project, openapi):
    wanted = {"sslmode": "prefer", "channel_binding": "prefer", **HOSTERS}
    url = postgresql_url(project, wanted)
    attempt = project.run("migrate", {"DATABASE_URL": url})
    assert attempt.code == 0 or any(name in attempt.output for name in wanted), attempt.output[-500:]
    assert "Traceback" not in attempt.output, attempt.output[-500:]
    with taken_or_named(wanted), boot(env={"DATABASE_URL": url}) as server:
        assert sample_of(openapi).make(server.as_user("ann"))


@case(
    "ops.config.database-tls-is-not-dropped",
    points=2,
    reason="With sslmode=require a connection without TLS gives the password to whoever listens.",
    needs=PROCESS,
)
def test_database_tls(boot, project, openapi):
    wanted = {"sslmode": "require", "channel_binding": "require", **HOSTERS}
    url = postgresql_url(project, wanted)
    # The throw-away server has no TLS, so a project that does as it was told cannot reach it.
    with taken_or_named(wanted), boot(env={"DATABASE_URL": url}, ready=False) as server:
        visitor = server.client()
        assert eventually(lambda: up(visitor, "/health"), within=20), server.stderr_text()[-500:]
        assert_problem(visitor.get("/ready", timeout=8), 503)
        sample = sample_of(openapi)
        if visitor.auth == "none":
            assert_problem(visitor.get(sample.list, timeout=8), 503)
        else:
            visitor.csrf()
            assert_problem(log_in(visitor, new_address(), new_password(), timeout=8), 503)


def up(visitor, path):
    """Whether a path answers 200 by now."""
    try:
        return visitor.get(path, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


@case(
    "ops.config.production-refuses-weak-secrets",
    points=3,
    reason="A key from an example or of a few letters signs for anyone.",
    needs=PROCESS,
)
def test_weak_secrets(boot_refused):
    short = secrets.token_hex(16)[:31]
    for weak in (short, "change-me-to-32-random-characters"):
        code, output = boot_refused({"APP_ENV": "production", "SECRET_KEY": weak})
        assert code == 1, f"{len(weak)} characters: exit code {code}: {output[-500:]}"
        assert named("SECRET_KEY", output), f"{len(weak)} characters: exit code {code}: {output[-500:]}"
    assert short not in output, "the secret itself is printed"


# Logs


def log_of(server, ids, within=2.0):
    """The log's lines by request id, once each of these has one."""

    def look():
        lines = [json.loads(line) for line in server.stdout_lines() if line.strip()]
        by_id = {one: [line for line in lines if line.get("requestId") == one] for one in ids}
        return by_id if all(by_id.values()) else None

    found = eventually(look, within=within)
    assert found, f"not all of {len(ids)} requests are in the log"
    return found


@case(
    "ops.logs.one-json-line-a-request",
    points=2,
    reason="What is logged twice is counted twice, what is not is never found.",
    needs=PROCESS,
)
def test_one_line(server, client, as_user, openapi):
    sample, ann, stranger, run = sample_of(openapi), as_user("ann"), client(), secrets.token_hex(4)
    item = sample.make(ann)
    asked = {}
    for number, (who, method, path, body) in enumerate(
        (
            (stranger, "GET", "/health", None),
            (stranger, "GET", sample.public.format(**item), None),
            (stranger, "GET", "/api/v1/nope", None),
            (stranger, "PUT", sample.collection, None),
            (ann, "GET", sample.collection, None),
            (ann, "POST", sample.collection, {}),
            (ann, "POST", sample.collection, sample.body),
            (ann, "HEAD", sample.path(item), None),
            (ann, "DELETE", sample.path(item), None),
            (ann, "GET", sample.path(item), None),
        )
    ):
        request_id = f"log-{run}-{number}"
        asked[request_id] = (
            method,
            who.request(method, path, json=body, headers={"X-Request-Id": request_id}).status_code,
            path,
        )
    time.sleep(0.2)
    for request_id, lines in log_of(server, asked).items():
        method, status, path = asked[request_id]
        assert len(lines) == 1, f"{method} {path} has {len(lines)} lines: {lines}"
        line = lines[0]
        assert (line.get("method"), line.get("status")) == (method, status), line
        assert isinstance(line.get("path"), str), line
        assert line["path"] == path or "%" in path, line
        assert isinstance(line.get("durationMs"), (int, float)), line
        assert 0 <= line["durationMs"] < 5000, line
        assert isinstance(line.get("level"), str), line
        assert isinstance(line.get("message"), str), line
        assert abs(time.time() - _timestamp(line.get("time"))) < 60, line


def _timestamp(text):
    from datetime import datetime

    assert isinstance(text, str), f"time is {text!r}"
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@case(
    "ops.logs.are-json-throughout",
    points=1,
    reason="One stray line of text stops the collector's parser.",
    needs=PROCESS,
)
def test_json_lines(server, api):
    api.get("/health")
    lines = [line for line in server.stdout_lines() if line.strip()]
    assert lines, "nothing is logged"
    for line in lines:
        try:
            assert isinstance(json.loads(line), dict), line
        except ValueError:
            raise AssertionError(f"not JSON: {line[:200]}") from None


@case(
    "ops.logs.leave-queries-and-headers-out",
    points=2,
    reason="Query strings and headers carry tokens and addresses.",
    needs=PROCESS,
)
def test_no_query(server, client):
    stranger, request_id, mark = client(), f"log-{secrets.token_hex(4)}", secrets.token_hex(8)
    stranger.get(
        f"/api/v1/nope?token=q{mark}&email=e{mark}@example.com",
        headers={
            "X-Request-Id": request_id,
            "Authorization": f"Bearer a{mark}",
            "Cookie": f"session=c{mark}; csrf_token=d{mark}",
            "X-CSRF-Token": f"x{mark}",
        },
    )
    log_of(server, [request_id])
    assert mark not in "\n".join(server.stdout_lines()) + server.stderr_text()


@case(
    "ops.logs.leave-secrets-out",
    points=3,
    reason="Logs are read by more people than the database, and kept for longer.",
    needs=PROCESS,
    auth=("jwt", "session"),
)
def test_no_secrets(server, client, auth):
    someone, request_id = visitor(client), f"log-{secrets.token_hex(4)}"
    sent = sign_up(someone)
    kept = [sent["email"], sent["password"]]
    wrong, unknown, new = new_password(), new_address(), new_password()
    log_in(someone, sent["email"], wrong)
    log_in(someone, unknown, wrong)
    someone.post(f"{AUTH}/signup", json={**sent, "password": "short-" + wrong[:1], "name": ""})
    someone.post(f"{AUTH}/signup", json=sent)
    answer = log_in(someone, sent["email"], sent["password"])
    headers = {}
    if auth == "jwt":
        headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
        kept += [answer.json()["accessToken"], answer.json()["refreshToken"]]
        answer = someone.post(f"{AUTH}/refresh", json={"refreshToken": answer.json()["refreshToken"]})
        kept += [answer.json()["accessToken"], answer.json()["refreshToken"]]
        headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    else:
        kept += list(someone.cookies.values())
    assert (
        someone.post(
            f"{AUTH}/password", json={"currentPassword": sent["password"], "newPassword": new}, headers=headers
        ).status_code
        == 204
    )
    someone.post(
        f"{AUTH}/login",
        content=f'{{"email": "{unknown}", "password": "{wrong}"'.encode(),
        headers={"Content-Type": "application/json"},
    )
    kept += [wrong, unknown, new, *someone.cookies.values()]
    someone.get("/health", headers={"X-Request-Id": request_id})
    log_of(server, [request_id])
    text = "\n".join(server.stdout_lines()) + server.stderr_text()
    for secret in kept:
        assert secret not in text, (
            f"{secret[:4]}… is in the log: {next(line for line in text.splitlines() if secret in line)[:300]}"
        )


# Connections


@case(
    "ops.connections.idle-ones-are-kept-for-65-s",
    points=2,
    reason="A load balancer keeps a connection for 60 s: a server that closes it earlier costs a request now and then.",
    needs=PROCESS,
    waits=66,
)
def test_idle(server):
    request = b"GET /health HTTP/1.1\r\nHost: contract.test\r\n\r\n"
    connection = connect(server)
    connection.sendall(request)
    assert status_of(receive(connection)) == 200
    time.sleep(65)
    try:
        connection.sendall(request)
        status = status_of(receive(connection))
    except OSError as error:
        status = repr(error)
    assert status == 200, f"after 65 s of silence: {status or 'closed'}"
    connection.close()


# Shutdown


def connect(server):
    """A plain connection to a server."""
    where = urlsplit(server.url)
    return socket.create_connection((where.hostname, where.port), timeout=5)


def receive(connection, timeout=8.0):
    """What comes until the other side closes or a whole response is there."""
    connection.settimeout(timeout)
    data = b""
    while not whole(data):
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data


def whole(data):
    """Whether this is a whole response. Its body may come later than its head, and belongs to no second response."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    length = re.search(rb"\r\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    if length:
        return len(body) >= int(length[1])
    return b"chunked" not in head.lower() or body.endswith(b"0\r\n\r\n")


def stopped(boot, openapi):
    """A server that is told to stop while one request is half sent and another connection idles."""

    def play():
        sample, seen = sample_of(openapi), {}
        with boot() as server:
            ann = server.as_user("ann")
            idle = connect(server)
            idle.sendall(b"GET /health HTTP/1.1\r\nHost: contract.test\r\n\r\n")
            assert status_of(receive(idle)) == 200
            body = json.dumps(sample.body).encode()
            request = request_bytes(
                "POST", sample.collection, ann, {"Content-Type": "application/json", "Connection": "keep-alive"}, body
            )
            busy = connect(server)
            busy.sendall(request[:-5])
            time.sleep(0.3)
            began = time.monotonic()
            server.terminate()
            time.sleep(0.4)
            try:
                seen["new"] = server.client().get("/health", timeout=2).status_code
            except httpx.TransportError:
                seen["new"] = 0
            try:
                busy.sendall(request[-5:])
                seen["in flight"] = status_of(receive(busy))
            except OSError as error:
                seen["in flight"] = repr(error)
            seen["code"] = server.wait(15)
            seen["seconds"] = time.monotonic() - began
            seen["lines"] = server.stdout_lines()
            seen["tokens"] = getattr(ann, "account", None) and ann.account.tokens
            idle.close()
            busy.close()
        return seen

    return once("stopped", play)


@case(
    "ops.sigterm.exits-0-within-10-s",
    points=2,
    reason="The platform kills what lingers: idle connections must not hold it up.",
    needs=PROCESS,
)
def test_exit(boot, openapi):
    seen = stopped(boot, openapi)
    assert seen["code"] == 0, f"exit code {seen['code']}"
    assert seen["seconds"] < 10, f"{seen['seconds']:.1f} s"


@case(
    "ops.sigterm.finishes-what-is-in-flight",
    points=2,
    reason="A deployment must not cost anyone a request.",
    needs=PROCESS,
)
def test_in_flight(boot, openapi):
    assert stopped(boot, openapi)["in flight"] == sample_of(openapi).success


@case("ops.sigterm.takes-no-new-work", points=1, reason="What is taken now could not be finished.", needs=PROCESS)
def test_new_work(boot, openapi):
    assert stopped(boot, openapi)["new"] in (0, 503)


@case("ops.sigterm.is-logged-as-json", points=1, reason="The last lines are the ones that are read.", needs=PROCESS)
def test_last_lines(boot, openapi):
    for line in stopped(boot, openapi)["lines"]:
        assert not line.strip() or isinstance(json.loads(line), dict), line


@case(
    "auth.jwt.rejects-tokens-of-another-issuer",
    points=2,
    reason="Two services that share a key by mistake must still not take each other's tokens.",
    needs=PROCESS,
    auth=("jwt",),
)
def test_issuer(boot, openapi, as_user, client):
    theirs, ours = stopped(boot, openapi)["tokens"]["accessToken"], as_user("ann").account.tokens["accessToken"]
    names = [[parts(token)[1][claim] for claim in ("iss", "aud")] for token in (theirs, ours)]
    if names[0] == names[1]:
        pytest.skip("issuer and audience depend on no setting: no foreign token can be had")
    assert_problem(client().get(f"{AUTH}/me", headers=bearer(theirs)), 401)
