"""A server with the toy idea's routes, for whichever auth choice TOY_AUTH or .scaffold.yml names."""

import json
import os
import re
import secrets
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
AUTH = os.environ.get("TOY_AUTH") or re.search(r"^ *auth: (\w+)", (HERE / ".scaffold.yml").read_text(), re.M)[1]
PRODUCTION = os.environ.get("APP_ENV") == "production"
SESSION = "__Host-session" if PRODUCTION else "session"
USERS, SESSIONS = {}, {}
CLIENTS = {}


def cache_answers():
    found = re.match(r"redis://([^:/]+):(\d+)", os.environ.get("CACHE_URL", ""))
    if not found:
        return True
    try:
        with socket.create_connection((found[1], int(found[2])), 0.3) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(5) == b"+PONG"
    except OSError:
        return False


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body=None, cookies=()):
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(data)

    def cookie(self, name):
        found = re.search(rf"(?:^|; ){re.escape(name)}=([^;]+)", self.headers.get("Cookie", ""))
        return found and found[1]

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def user(self):
        if AUTH == "none":
            return "local"
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return SESSIONS.get(bearer if AUTH == "jwt" else self.cookie(SESSION))

    def new_csrf(self):
        return f"csrf_token={secrets.token_hex(8)}; Path=/"

    def do_GET(self):
        client = self.headers.get("X-Forwarded-For") or self.client_address[0]
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/ready":
            self.answer(200 if cache_answers() else 503, {})
        elif self.path == "/things":
            self.answer(
                200, {"user": self.user(), "client": client, "pid": os.getpid(), "cookies": self.headers["Cookie"]}
            )
        elif self.path == "/environment":
            self.answer(200, dict(os.environ))
        elif self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/things")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/api/v1/auth/csrf" and AUTH == "session":
            cookie = self.new_csrf()
            self.answer(200, {"csrfToken": cookie.split("=")[1].split(";")[0]}, [cookie])
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        elif self.path == "/broken":
            self.answer(500, {})
        elif self.path == "/crash":
            os._exit(9)
        else:
            self.answer(404, {"detail": "no such route \x1b[31m"})

    def do_POST(self):
        body = self.body()
        if AUTH == "none" and self.path.startswith("/api/v1/auth"):
            self.answer(404, {})
        elif AUTH == "session" and not (
            self.cookie("csrf_token") and self.cookie("csrf_token") == self.headers["X-CSRF-Token"]
        ):
            self.answer(403, {"detail": "csrf"})
        elif self.path == "/things":
            self.answer(201 if self.user() else 401, {"user": self.user()})
        elif self.path == "/api/v1/auth/signup":
            USERS[body["email"]] = body
            self.answer(201, {"email": body["email"]})
        elif self.path == "/api/v1/auth/login" and body.get("email") in USERS:
            token = secrets.token_hex(8)
            SESSIONS[token] = USERS[body["email"]]["name"]
            if AUTH == "jwt":
                self.answer(200, {"accessToken": token, "tokenType": "Bearer"})
            else:
                secure = "; Secure" if PRODUCTION else ""
                self.answer(200, {}, [f"{SESSION}={token}; Path=/; HttpOnly{secure}", self.new_csrf()])
        else:
            self.answer(401, {})

    def log_message(self, form, *values):
        print(json.dumps({"message": form % values}), flush=True)


if os.environ.get("SECRET_KEY", "") == "" and "TOY_AUTH" not in os.environ:
    sys.exit("SECRET_KEY: missing")
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
tamper = HERE / "tamper.py"
if tamper.exists():
    exec(compile(tamper.read_text(), str(tamper), "exec"))
server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
server.daemon_threads = True
print(json.dumps({"message": "listening"}), flush=True)
server.serve_forever()
