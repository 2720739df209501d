"""The addresses of the page; the work itself is the studio's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import jinja2
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from emotion_models.app import deeds
from emotion_models.app.assets import assets
from emotion_models.app.errors import answered
from emotion_models.app.watching import watched

if TYPE_CHECKING:
    from pathlib import Path

    from emotion_models.app.desk import Desk
    from emotion_models.app.studio import Studio

NOT_YET: Final = "The fit is still being loaded. Try again in a moment; nothing was lost."
FOREVER: Final = "public, max-age=31536000, immutable"


class Pages:
    """Answers of the page.

    Parameters
    ----------
    desk : Desk
    folder : Path
        Of the scenarios.
    token : str
        What writes must carry.
    """

    def __init__(self, desk: Desk, folder: Path, token: str) -> None:
        self.desk, self.folder, self.token = desk, folder, token
        self._studio: Studio | None = None
        loader = jinja2.PackageLoader("emotion_models.app", "templates")
        self._env = jinja2.Environment(
            loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._env.globals |= {"asset": lambda name: assets()[name].address, "token": token}

    @property
    def studio(self) -> Studio:
        """The studio, once the fit is there."""
        if self.desk.loaded is None:
            raise HTTPException(503, NOT_YET)
        if self._studio is None:
            from emotion_models.app import words
            from emotion_models.app.history import History
            from emotion_models.app.shelf import Shelf
            from emotion_models.app.studio import Studio

            for name in ("plain", "today", "setting", "start", "move"):
                self._env.filters[name] = getattr(words, name)
            shelf = Shelf(self.folder)
            self._studio = Studio(self.desk, shelf, History(self.folder))
        self._studio.shelf.fit = self.desk.study.hash
        return self._studio

    def html(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HTMLResponse:
        """Fill in a template."""
        text = self._env.get_template(template).render(context or {})
        return HTMLResponse(text, status_code=status)

    def problem(
        self,
        request: Request,
        status: int,
        heading: str,
        *,
        lines: Sequence[str] = (),
        conflict: str = "",
    ) -> Response:
        """Say what went wrong: in the page's notice, or as a page of its own."""
        if "hx-request" not in request.headers:
            return self.html("message.html", {"heading": heading, "lines": lines}, status=status)
        said = {"heading": heading, "lines": lines, "conflict": conflict}
        found = self.html("problem.html", said, status=status)
        found.headers["HX-Retarget"], found.headers["HX-Reswap"] = "#notice", "innerHTML"
        return found

    def waiting(self) -> dict[str, Any]:
        """What is to be said while there is no fit."""
        return {**watched(self.desk), "file": self.desk.path.name}


def application(desk: Desk, folder: Path, token: str) -> Starlette:
    """Put the page together.

    Parameters
    ----------
    desk : Desk
    folder : Path
        Of the scenarios.
    token : str

    Returns
    -------
    Starlette
        To be wrapped in a `Guard`.
    """
    pages = Pages(desk, folder, token)

    def route(path: str, deed: Callable[..., Response], method: str = "GET") -> Route:
        return Route(path, _endpoint(pages, deed), methods=[method])

    return Starlette(
        routes=[
            Route("/static/{mark}/{name}", static),
            route("/", deeds.home),
            route("/status", deeds.status),
            route("/newer", deeds.newer),
            route("/compare", deeds.compare),
            route("/compare.csv", deeds.compare_csv),
            route("/s/{id}", deeds.scenario),
            route("/s/{id}/export.{kind}", deeds.export),
            route("/s/{id}/further", deeds.further),
            *(route(f"/{name}", deed, "POST") for name, deed in deeds.WRITES.items()),
            *(route(f"/s/{{id}}/{name}", deed, "POST") for name, deed in deeds.EDITS.items()),
        ],
        exception_handlers={HTTPException: _http_problem(pages), Exception: _unforeseen},
    )


def _endpoint(pages: Pages, deed: Callable[..., Response]) -> Callable[[Request], Any]:
    """Run a deed in a thread and put its errors into words."""

    async def call(request: Request) -> Response:
        return await run_in_threadpool(answered, pages, deed, request)

    return call


async def static(request: Request) -> Response:
    """One of the page's own files."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404, "There is no such file.")
    headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if asset.squeezed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.squeezed, media_type=asset.kind, headers=headers)
    return Response(asset.content, media_type=asset.kind, headers=headers)


def _http_problem(pages: Pages) -> Callable[[Request, Exception], Response]:
    def handle(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = {404: "There is nothing at this address.", 405: "This address cannot do that."}
        heading = words.get(error.status_code, str(error.detail))
        return pages.problem(request, error.status_code, heading)

    return handle


def _unforeseen(_: Request, error: Exception) -> Response:
    words = f"{type(error).__name__}. This was not foreseen; nothing that was saved is lost."
    return PlainTextResponse(words, 500, {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
