"""What Uvicorn answers by itself, in the form of all other answers."""

import secrets

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.errors import ProblemError
from app.logs import RequestLog, request_id
from app.middleware import CSP, SECURITY_HEADERS

_log = RequestLog("info")


class ProblemProtocol(HttpToolsProtocol):
    """Answers what is not even HTTP with a problem, and logs it as a request."""

    def send_400_response(self, msg: str) -> None:
        """Answer and close: what follows on this connection cannot be understood either."""
        identity = secrets.token_hex(16)
        request_id.set(identity)
        response = ProblemError(400, msg, kind="malformed-request").response()
        response.raw_headers += [
            CSP,
            *SECURITY_HEADERS,
            (b"connection", b"close"),
            (b"x-request-id", identity.encode()),
        ]
        headers = b"".join(b"%b: %b\r\n" % pair for pair in response.raw_headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n%b\r\n%b" % (headers, bytes(response.body)))
        self.transport.close()
        _log.write("", "", 400, 0)
