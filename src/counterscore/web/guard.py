"""Who may ask for what: this machine only, no other site's pages, nothing too large, nothing from outside in a page."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse

from counterscore.errors import UsageError
from counterscore.web.laboratory import Laboratory

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Program = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

LARGEST = 2 * 2**20  #: bytes of a request: a rule book has some hundred kilobytes
SAFE = frozenset(["GET", "HEAD"])
TOKEN = "x-counterscore-token"
_KEY = "counterscore-key"
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


class Guard:
    """Stands before all pages."""

    def __init__(self, program: Program, laboratory: Laboratory) -> None:
        self.program = program
        self.laboratory = laboratory

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.program(scope, receive, send)
            return

        counted, large = _limited(receive)

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                have = {name.lower() for name, _ in message["headers"]}
                more = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in have]
                if b"cache-control" not in have:
                    more.append((b"cache-control", b"no-cache"))
                message["headers"] = [*message["headers"], *more]
                if large():
                    message["status"] = 413  # whoever read the body only saw that it broke off
            await send(message)

        request = Request(scope)
        refused = self._refuse(request)
        if refused is not None:
            await refused(scope, receive, told)
            return
        await self.program(scope, counted, told)

    def _refuse(self, request: Request) -> PlainTextResponse | RedirectResponse | None:
        host = request.headers.get("host", "")
        if host not in self.laboratory.hosts:
            return PlainTextResponse("This laboratory is reached as http://127.0.0.1 only.\n", 421)
        if self.laboratory.key and (let_in := self._visitor(request)) is not None:
            return let_in
        if request.method not in {*SAFE, "POST"}:
            return PlainTextResponse("No such method.\n", 405)
        if request.method == "POST" and not _from_here(request, host):
            return PlainTextResponse("Refused: this was asked for by another site.\n", 403)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse(f"Refused: larger than {LARGEST // 2**20} MiB. Nothing was read.\n", 413)
        return None

    def _visitor(self, request: Request) -> PlainTextResponse | RedirectResponse | None:
        """Where a local network can reach the laboratory: only who has its key is let in."""
        shown = request.query_params.get("key", "")
        if shown and _same(shown, self.laboratory.key) and request.method in SAFE:
            let_in = RedirectResponse(request.url.path, 303)
            let_in.set_cookie(_KEY, shown, httponly=True, samesite="strict")
            return let_in
        if _same(request.cookies.get(_KEY, ""), self.laboratory.key):
            return None
        return PlainTextResponse("This laboratory asks for its key: open the address that it printed.\n", 403)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _from_here(request: Request, host: str) -> bool:
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin") or request.headers.get("referer") or ""
    return site in {"same-origin", "none"} and urlsplit(origin).netloc == host


def _limited(receive: Receive) -> tuple[Receive, Callable[[], bool]]:
    """What is sent without saying how long it is, is counted; and whether it was too much."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST:
            raise HTTPException(413, f"This is larger than {LARGEST // 2**20} MiB. Nothing was kept.")
        return message

    return counted, lambda: seen > LARGEST


async def token_shown(request: Request) -> None:
    """Whoever changes something shows the token of this start, in a form field or header. Raises ``UsageError``."""
    if request.method in SAFE:
        return
    laboratory: Laboratory = request.app.state.laboratory
    shown = request.headers.get(TOKEN, "")
    if not shown and "form" in request.headers.get("content-type", ""):
        shown = str((await request.form()).get("token", ""))
    if not _same(shown, laboratory.token):
        raise TokenMissingError


class TokenMissingError(UsageError):
    """A request that would change something and does not come from a page of this start."""

    def __init__(self) -> None:
        super().__init__(
            "nothing was changed: the page that asked was opened before this program was started",
            suggestion="Go back, reload the page and do it again. What you typed is still there.",
        )
