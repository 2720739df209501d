"""The server: one socket on this machine, answered from the first moment."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from emotion_models.app.desk import DRAWS, Desk
from emotion_models.app.guard import App, Guard

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn

HOST: Final = "127.0.0.1"
SECRET: Final = ".page-token"


class PortTaken(Exception):
    """The port is in use."""


@dataclass
class Page:
    """The page of a fit, ready to be served.

    Parameters
    ----------
    desk : Desk
    app : App
    folder : Path
        Of the scenarios.
    bound : socket
    """

    desk: Desk
    app: App
    folder: Path
    bound: socket.socket

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://{HOST}:{self.bound.getsockname()[1]}/"


def make_page(fit: Path, folder: Path, *, port: int = 0, draws: int = DRAWS) -> Page:
    """Bind the port and put the page together; nothing heavy is loaded yet.

    Parameters
    ----------
    fit : Path
        The saved fit, which may not be there yet.
    folder : Path
        Of the scenarios.
    port : int
        0 for a free one.
    draws : int
        Posterior draws to use at most.

    Returns
    -------
    Page

    Raises
    ------
    PortTaken
    """
    from emotion_models.app.routes import application

    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except OSError as error:
        bound.close()
        raise PortTaken(f"port {port} cannot be used: {error.strerror}") from error
    bound.listen(64)
    number = bound.getsockname()[1]
    token = token_in(folder)
    desk = Desk(fit, draws=draws)
    hosts = {f"{name}:{number}" for name in (HOST, "localhost")}
    app = Guard(application(desk, folder, token), token=token, hosts=hosts)
    return Page(desk, app, folder, bound)


def server_of(page: Page) -> uvicorn.Server:
    """The server of a page; it stops when its ``should_exit`` is set."""
    import uvicorn

    return uvicorn.Server(
        uvicorn.Config(
            page.app,
            log_level="error",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
            server_header=False,
        )
    )


def serve(page: Page, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    page : Page
    ready : callable
        Called when the first request would be answered.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, when all is closed.
    """
    server = server_of(page)

    async def run() -> None:
        serving = asyncio.create_task(server.serve(sockets=[page.bound]))
        while not (server.started or serving.done()):
            await asyncio.sleep(0.01)
        page.desk.start()
        ready()
        await serving

    try:
        asyncio.run(run())
    finally:
        page.desk.close()
        page.bound.close()


def stop_on_terminate() -> None:
    """Let a polite kill end the server as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def token_in(folder: Path) -> str:
    """What writes must carry: kept beside the scenarios, so that an open tab outlives a restart.

    Only its owner may read the file.
    """
    path = folder / SECRET
    with contextlib.suppress(OSError, UnicodeDecodeError):
        found = path.read_text(encoding="ascii").strip()
        if len(found) == 43 and found.replace("-", "").replace("_", "").isalnum():
            return found
    token = secrets.token_urlsafe(32)
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(token, encoding="ascii")
    return token
