"""Serving the laboratory on this machine until Ctrl-C."""

from __future__ import annotations

import contextlib
import errno
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

from counterscore.errors import UsageError
from counterscore.web.laboratory import Laboratory

LOOPBACK = "127.0.0.1"
_GRACE = 1  #: seconds that an open stream of progress may hold up the end


def serve(runs: Path, *, port: int, lan: bool, browser: bool, page: str, say: Callable[[str], None]) -> Laboratory:
    """Serve until Ctrl-C; ``say`` gets each line that is to be read. Port 0 takes a free one.

    Raises ``UsageError`` where the port is taken or the folder of runs cannot be made.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{runs}: {error.strerror}", suggestion="Choose another folder with --runs.") from None
    listener = _listen("0.0.0.0" if lan else LOOPBACK, port)
    port = listener.getsockname()[1]
    names = [LOOPBACK, "localhost", *(_own_addresses() if lan else ())]
    laboratory = Laboratory(
        runs=runs.absolute(),
        rules=Path.cwd(),
        port=port,
        key=secrets.token_urlsafe(9) if lan else "",
        hosts=tuple(f"{name}:{port}" for name in names),
    )
    key = f"?key={laboratory.key}" if lan else ""
    # Ctrl-C is taken whenever it comes, even while this is said: everything is closed by then
    with contextlib.closing(listener), contextlib.suppress(KeyboardInterrupt):
        say(f"The laboratory is at  http://{LOOPBACK}:{port}{page}{key}   Ctrl-C stops it")
        if lan:
            for name in names[2:]:
                say(f"In your network      http://{name}:{port}{page}{key}")
            say(
                f"Whoever has an address with its key can read every run and rule book in "
                f"{laboratory.shown(laboratory.runs)} and {laboratory.rules}, start runs and delete them. "
                "Nothing is encrypted."
            )
        say(f"Runs are in          {laboratory.shown(laboratory.runs)}")
        if browser:
            threading.Timer(0.3, webbrowser.open, [f"http://{LOOPBACK}:{port}{page}{key}"]).start()
        _until_stopped(laboratory, listener)
    return laboratory


def _until_stopped(laboratory: Laboratory, listener: socket.socket) -> None:
    import uvicorn

    from counterscore.web.application import application

    config = uvicorn.Config(
        application(laboratory),
        log_level="critical",  # what is wrong is on the page, and in the file it names
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    laboratory.stopping = lambda: server.should_exit
    server.run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # pragma: no cover  (there, "reuse" would let two servers share a port)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OverflowError) or error.errno in {errno.EACCES, errno.EADDRNOTAVAIL}:
            raise UsageError(f"port {port} cannot be used", suggestion="Try: counterscore app --port 8766") from None
        raise UsageError(
            f"port {port} is in use by another program", suggestion=f"Try: counterscore app --port {port + 1}"
        ) from None
    return listener


def _own_addresses() -> list[str]:
    """The machine's addresses in its networks, without asking any of them."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        found = set()
    return sorted(one for one in found if not one.startswith("127."))
