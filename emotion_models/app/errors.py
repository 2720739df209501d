"""Errors of a request become an answer in words; the page stays alive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from emotion_models.errors import EmotionModelsError, InputProblems

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from emotion_models.app.routes import Pages

SHOWN = 12


def answered(pages: Pages, deed: Callable[..., Response], request: Request) -> Response:
    """Do what is asked, or say why not.

    Parameters
    ----------
    pages : Pages
    deed : callable
    request : Request

    Returns
    -------
    Response
    """
    try:
        return deed(pages, request)
    except HTTPException as error:
        return pages.problem(request, error.status_code, str(error.detail))
    except InputProblems as error:
        lines = [str(problem) for problem in error.problems[:SHOWN]]
        return pages.problem(request, 422, "That cannot be done as it is.", lines=lines)
    except EmotionModelsError as error:
        return _said(pages, request, error)


def _said(pages: Pages, request: Request, error: EmotionModelsError) -> Response:
    from emotion_models.app.shelf import Conflict, ShelfError
    from emotion_models.app.studio import Foreign

    if isinstance(error, Foreign):
        lines = ["It is only shown, and stays on disk as it is.", *error.problems]
        return pages.problem(request, 409, error.why, lines=lines)
    if isinstance(error, Conflict):
        id_ = str(request.path_params.get("id", ""))
        lines = ["Nothing of yours is lost yet: keep it as a copy, or show the other version."]
        return pages.problem(request, 409, str(error), lines=lines, conflict=id_)
    status = 404 if isinstance(error, ShelfError) and "There is no" in str(error) else 400
    return pages.problem(request, status, str(error))
