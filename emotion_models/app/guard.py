"""What stands between the network and the page: only this machine, only this page, small bodies.

Any web site that a person visits can make their browser send requests to 127.0.0.1. So the Host
header must name this server (no rebinding of names), a write must carry a token that only our own
page knows, and what the page may load or run is said in a Content-Security-Policy.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY: Final = 128 * 1024
MAX_FIELDS: Final = 4000
TOKEN_HEADER: Final = b"x-page-token"
TOKEN_FIELD: Final = "token"
FORM: Final = b"application/x-www-form-urlencoded"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Refused(Exception):
    """A request that gets no further.

    Parameters
    ----------
    status : int
    message : str
        For the person at the browser.
    """

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


class Guard:
    """Wrap an application: refuse what is not from its own page, say what the page may do.

    Parameters
    ----------
    app : App
    token : str
        What writes must carry.
    hosts : set of str
        Values of the Host header that name this server.
    """

    def __init__(self, app: App, *, token: str, hosts: set[str]) -> None:
        self.app, self.token, self.hosts = app, token.encode(), hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        try:
            self._check_origin(headers, scope["method"])
            if scope["method"] == "POST":
                fields = read_fields(headers, await _body(headers, receive))
                self._check_token(headers, fields)
                scope.setdefault("state", {})["fields"] = fields
            elif scope["method"] not in {"GET", "HEAD"}:
                raise Refused(405, "This page reads with GET and writes with POST.")
        except Refused as refused:
            await _answer(send, refused)
            return
        await self.app(scope, receive, _with_headers(send))

    def _check_origin(self, headers: dict[bytes, bytes], method: str) -> None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if host not in self.hosts:
            raise Refused(421, "This address is not the page's own; use the one it printed.")
        origin = headers.get(b"origin", b"").decode("latin-1").lower()
        if origin and origin not in {f"http://{name}" for name in self.hosts}:
            raise Refused(403, "Another site sent this request.")
        link = method == "GET" and headers.get(b"sec-fetch-mode") == b"navigate"
        if headers.get(b"sec-fetch-site", b"none") not in {b"same-origin", b"none"} and not link:
            raise Refused(403, "Another site sent this request.")

    def _check_token(self, headers: dict[bytes, bytes], fields: Fields) -> None:
        given = headers.get(TOKEN_HEADER, fields.one(TOKEN_FIELD).encode())
        if not hmac.compare_digest(given, self.token):
            raise Refused(403, "This page is older than the server. Load it again: all is saved.")


class Fields:
    """The fields of a form, in order.

    Parameters
    ----------
    pairs : list of (name, value)
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def one(self, name: str) -> str:
        """Last value of a field; empty where it is absent."""
        return self._values.get(name, [""])[-1]

    def every(self, name: str) -> list[str]:
        """All values of a field, in the order of the form."""
        return self._values.get(name, [])

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        """Names of all fields."""
        return list(self._values)


def read_fields(headers: dict[bytes, bytes], body: bytes) -> Fields:
    """Read the body of a form.

    Parameters
    ----------
    headers : dict of bytes to bytes
    body : bytes

    Returns
    -------
    Fields

    Raises
    ------
    Refused
        If it is not a form, not UTF-8, or has too many fields.
    """
    kind = headers.get(b"content-type", FORM).partition(b";")[0].strip().lower()
    if kind != FORM:
        raise Refused(415, "The page sends forms, not " + kind.decode("latin-1")[:60] + ".")
    try:
        text = body.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Refused(400, "The form cannot be read.") from error
    return Fields(pairs)


async def _body(headers: dict[bytes, bytes], receive: Receive) -> bytes:
    too_large = Refused(413, f"That is too much at once; {MAX_BODY // 1024} kB at most.")
    stated = headers.get(b"content-length", b"0")
    if not stated.isdigit() or int(stated) > MAX_BODY:
        raise too_large
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "The connection was closed.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise too_large
        if not message.get("more_body", False):
            return b"".join(parts)


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            extra = [pair for pair in HEADERS if pair[0] not in present]
            if b"cache-control" not in present:
                extra.append((b"cache-control", b"no-store"))
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return wrapped


async def _answer(send: Send, refused: Refused) -> None:
    body = refused.message.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"hx-retarget", b"#notice"),
        (b"hx-reswap", b"innerHTML"),
    ]
    send = _with_headers(send)
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
