"""A fit in progress, or one that is being loaded, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from emotion_models.fit_status import Stage, Status, read_status

if TYPE_CHECKING:
    from emotion_models.app.desk import Desk


@dataclass(frozen=True)
class Bar:
    """A stage as it is shown."""

    name: str
    words: str
    share: float | None


def watched(desk: Desk) -> dict[str, Any]:
    """What is to be said while the fit is not on the page."""
    if desk.state == "failed":
        return _said("The fit cannot be opened.", remarks=(desk.failure,), polling=True)
    if desk.state == "loading":
        return _said("Opening the fit. This takes some seconds, once.", polling=True)
    status = read_status(desk.path)
    if status is None:
        return _said("Waiting for the fit: there is no such file yet.", polling=True)
    return in_words(status)


def in_words(status: Status) -> dict[str, Any]:
    """A fit in progress, or why there will be none."""
    if status.state == "failed":
        remarks = (*status.remarks, status.message, "Start the fit again; this page goes on.")
        return _said("The fit stopped with an error.", remarks=remarks, polling=True)
    if status.state == "interrupted":
        return _said("The fit was interrupted.", remarks=(status.message,), polling=True)
    if status.state == "gone":
        words = f"Last heard: {_last(status)}. Start the fit again; this page goes on."
        return _said("The fit stopped without a word.", remarks=(words,), polling=True)
    return _said(
        f"A fit is in progress: {status.step}.",
        stages=tuple(_bar(stage) for stage in status.stages),
        remarks=status.remarks,
        polling=True,
    )


def _last(status: Status) -> str:
    return ", ".join(f"{s.name} {_bar(s).words}" for s in status.stages) or status.step


def _bar(stage: Stage) -> Bar:
    share = stage.done / stage.total if stage.total else None
    words = stage.phase if share is None else f"{stage.phase}, {min(share, 1):.0%}"
    if stage.divergences:
        words += f", {stage.divergences} divergences"
    return Bar(stage.name, words, None if share is None else min(share, 1.0))


def _said(
    heading: str,
    *,
    stages: tuple[Bar, ...] = (),
    remarks: tuple[str, ...] = (),
    polling: bool,
) -> dict[str, Any]:
    return {"heading": heading, "stages": stages, "remarks": remarks, "polling": polling}
