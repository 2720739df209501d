"""What happens at each address: read the request, ask the studio, fill in a template."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.requests import Request

    from emotion_models.app.guard import Fields
    from emotion_models.app.routes import Pages
    from emotion_models.app.scenario_file import Scenario
    from emotion_models.app.studio import Foreign

Deed = Callable[["Pages", "Request"], Response]
SEE_OTHER: Final = 303


def fields_of(request: Request) -> Fields:
    """The form that the guard has read."""
    found: Fields = request.scope["state"]["fields"]
    return found


def home(pages: Pages, request: Request) -> Response:
    """The page of the last scenario; before the fit is there, how far it is."""
    if pages.desk.loaded is None:
        return pages.html("wait.html", pages.waiting())
    return RedirectResponse(f"/s/{pages.studio.first().id}", SEE_OTHER)


def status(pages: Pages, request: Request) -> Response:
    """How far the fit is; when it is there, the page is loaded."""
    if pages.desk.loaded is not None and pages.desk.state == "ready":
        return HTMLResponse("", headers={"HX-Redirect": "/"})
    return pages.html("status.html", pages.waiting())


def newer(pages: Pages, request: Request) -> Response:
    """Whether a newer fit was saved in the place of this one."""
    return pages.html("newer.html", {"newer": pages.desk.newer})


def reload(pages: Pages, request: Request) -> Response:
    """Load the newer fit."""
    pages.desk.reload()
    return pages.html("wait.html", pages.waiting())


def scenario(pages: Pages, request: Request) -> Response:
    """The page of a scenario."""
    if pages.desk.loaded is None:
        return pages.html("wait.html", pages.waiting())
    studio = pages.studio
    from emotion_models.app.studio import Foreign as Other
    from emotion_models.app.views import View

    try:
        found = studio.page(request.path_params["id"], View(tab=secrets.token_hex(8)))
    except Other as other:
        return _foreign(pages, other)
    return pages.html("page.html", found)


def _foreign(pages: Pages, other: Foreign) -> Response:
    context = {"scenario": other.scenario, "why": other.why, "problems": other.problems}
    return pages.html("foreign.html", context)


def edit(pages: Pages, request: Request) -> Response:
    """Something was moved."""
    start = time.perf_counter()
    found = pages.studio.edit(request.path_params["id"], fields_of(request))
    reply = pages.html("edited.html", found)
    engine, all_ = 1e3 * pages.desk.seconds, 1e3 * (time.perf_counter() - start)
    reply.headers["Server-Timing"] = f"engine;dur={engine:.1f}, page;dur={all_ - engine:.1f}"
    return reply


def further(pages: Pages, request: Request) -> Response:
    """A further question about a scenario."""
    asked = request.query_params
    kind, outcome = asked.get("kind", "")[:40], asked.get("outcome", "")[:200]
    found = pages.studio.further(request.path_params["id"], kind, outcome)
    return pages.html("further.html", found)


def add(pages: Pages, request: Request) -> Response:
    """A station was added."""
    found = pages.studio.add(request.path_params["id"], fields_of(request))
    return pages.html("redrawn.html", found)


def undo(pages: Pages, request: Request) -> Response:
    """One step back."""
    found = pages.studio.turn(request.path_params["id"], fields_of(request), back=True)
    return pages.html("redrawn.html", found)


def redo(pages: Pages, request: Request) -> Response:
    """One step forth again."""
    found = pages.studio.turn(request.path_params["id"], fields_of(request), back=False)
    return pages.html("redrawn.html", found)


def rename(pages: Pages, request: Request) -> Response:
    """A scenario is called otherwise: the page is loaded again."""
    pages.studio.rename(request.path_params["id"], fields_of(request))
    return _to(request.path_params["id"])


def _to(id_: str) -> Response:
    return HTMLResponse("", headers={"HX-Redirect": f"/s/{id_}"})


def mine(pages: Pages, request: Request) -> Response:
    """What this tab shows becomes a scenario of its own."""
    return _to(pages.studio.mine(request.path_params["id"], fields_of(request)).id)


def _show(one: Scenario) -> Response:
    return RedirectResponse(f"/s/{one.id}", SEE_OTHER)


def new(pages: Pages, request: Request) -> Response:
    """Start a scenario."""
    return _show(pages.studio.started(fields_of(request).one("name")))


def take_in(pages: Pages, request: Request) -> Response:
    """Open a scenario file."""
    fields = fields_of(request)
    return _show(pages.studio.take_in(fields.one("name"), fields.one("text")))


def copy(pages: Pages, request: Request) -> Response:
    """Copy a scenario."""
    return _show(pages.studio.copy(request.path_params["id"], fields_of(request)))


def adopt(pages: Pages, request: Request) -> Response:
    """Copy a scenario of another fit to this one."""
    return _show(pages.studio.adopt(request.path_params["id"]))


def delete(pages: Pages, request: Request) -> Response:
    """Take a scenario off the shelf."""
    kept = pages.studio.shelf.delete(request.path_params["id"])
    lines = ("It is gone from the list; the file is kept.",)
    return pages.html(
        "message.html", {"heading": "Scenario deleted", "lines": lines, "restore": kept}
    )


def restore(pages: Pages, request: Request) -> Response:
    """Bring a deleted scenario back."""
    return _show(pages.studio.shelf.restore(fields_of(request).one("kept")))


def compare(pages: Pages, request: Request) -> Response:
    """Scenarios side by side."""
    if pages.desk.loaded is None:
        return pages.html("wait.html", pages.waiting())
    studio = pages.studio
    from emotion_models.app.comparing import side_by_side

    ids = request.query_params.getlist("s")
    found = side_by_side(studio, ids)
    query = urlencode([("s", one) for one in found["ids"]])
    return pages.html("compare.html", {**found, "csv": f"/compare.csv?{query}"})


def compare_csv(pages: Pages, request: Request) -> Response:
    """The comparison as a table."""
    studio = pages.studio
    from emotion_models.app.comparing import comparison_csv

    text = comparison_csv(studio, request.query_params.getlist("s"))
    return _file(text.encode(), "text/csv; charset=utf-8", "comparison.csv")


def export(pages: Pages, request: Request) -> Response:
    """A scenario as a file."""
    studio = pages.studio
    from emotion_models.app.exports import KINDS, exported

    id_, kind = request.path_params["id"], request.path_params["kind"]
    if kind not in KINDS:
        raise HTTPException(404, "There is no export of that kind.")
    content = exported(studio, id_, kind)
    return _file(content, KINDS[kind], f"{id_}.{kind}")


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


WRITES: Final[dict[str, Deed]] = {
    "new": new,
    "import": take_in,
    "restore": restore,
    "reload": reload,
}
EDITS: Final[dict[str, Deed]] = {
    "edit": edit,
    "add": add,
    "undo": undo,
    "redo": redo,
    "rename": rename,
    "mine": mine,
    "copy": copy,
    "adopt": adopt,
    "delete": delete,
}
