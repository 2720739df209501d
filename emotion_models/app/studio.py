"""`Studio`: what the page can be asked to do; each method is one request's work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from emotion_models.app.desk import Desk
from emotion_models.app.form import Posted, read_form, with_station
from emotion_models.app.further import KINDS, further
from emotion_models.app.history import History
from emotion_models.app.scenario_file import Scenario, clean_name, read_change
from emotion_models.app.shelf import Shelf
from emotion_models.app.sketch import Sketch
from emotion_models.app.views import EXPORTS, View, answer, board
from emotion_models.errors import EmotionModelsError, InputProblems
from emotion_models.reporting.wording import LEVEL_WORDS, level
from emotion_models.simulation import Change

if TYPE_CHECKING:
    from emotion_models.app.guard import Fields
    from emotion_models.simulation import Simulation

FIRST: str = "First idea"


class Foreign(EmotionModelsError):
    """A scenario that is shown as it is, because it is of another fit or does not fit this one.

    Parameters
    ----------
    scenario : Scenario
    why : str
    problems : tuple of str
        What keeps it from being copied to this fit.
    """

    def __init__(self, scenario: Scenario, why: str, problems: tuple[str, ...] = ()) -> None:
        self.scenario, self.why, self.problems = scenario, why, problems
        super().__init__(why)


@dataclass
class Studio:
    """Fit, scenarios and their histories together.

    Parameters
    ----------
    desk : Desk
        With a fit that is ready.
    shelf : Shelf
    history : History
    """

    desk: Desk
    shelf: Shelf
    history: History

    def first(self) -> Scenario:
        """The scenario to open: the one last saved, or a new one on an empty shelf."""
        study = self.desk.study
        for one in self.shelf.every():
            if isinstance(one, Scenario) and one.fit in {"", study.hash}:
                return one
        return self.shelf.create(FIRST, Change())

    def opened(self, id_: str) -> tuple[Scenario, Sketch]:
        """A scenario of this fit, ready to be edited.

        Raises
        ------
        ShelfError
            If it cannot be read.
        Foreign
            If it is of another fit.
        """
        scenario, study = self.shelf.read(id_), self.desk.study
        if scenario.fit not in {"", study.hash}:
            why = "This scenario was made for another fit, so it is only shown."
            raise Foreign(scenario, why, self._problems(scenario.change))
        return scenario, Sketch.of(scenario.change, study.touchpoints)

    def page(self, id_: str, view: View) -> dict[str, Any]:
        """Everything on the page of a scenario.

        Raises
        ------
        Foreign
            Also if its change does not fit this fit.
        """
        scenario, sketch = self.opened(id_)
        try:
            found = self.desk.simulate(scenario.change)
        except InputProblems as error:
            why = "This scenario does not fit this study, so it is only shown."
            raise Foreign(scenario, why, listed(error)) from error
        return self._whole(scenario, sketch, found, replace(view, shown=scenario.shown))

    def further(self, id_: str, kind: str, outcome: str) -> dict[str, Any]:
        """Answer a further question about a scenario as it was saved.

        Raises
        ------
        InputProblems
            If there is no such question or outcome.
        """
        scenario, _ = self.opened(id_)
        found = further(self.desk, scenario.change, kind, outcome)
        claims = self.desk.simulate(scenario.change).claims
        said = level(claims.get(outcome, self.desk.study.claim))
        words, caution = f"Read it as: {LEVEL_WORDS[said]}.", self.desk.study.caution
        return {
            "further": found, "scenario": scenario, "level_words": words, "caution": caution,
        }  # fmt: skip

    def _whole(
        self, scenario: Scenario, sketch: Sketch, found: Simulation, view: View
    ) -> dict[str, Any]:
        study = self.desk.study
        return {
            **answer(study, scenario, sketch, found, view),
            **board(study, sketch),
            **self._turns(scenario.id),
            "shelf": self.shelf.every(),
            "exports": EXPORTS,
            "asks": [(kind, words) for kind, (words, _) in KINDS.items()],
            "folder": self.shelf.folder.name,
        }

    def edit(self, id_: str, fields: Fields) -> dict[str, Any]:
        """Take the form as it is now: simulate, save, and say what is to be redrawn.

        Raises
        ------
        InputProblems
            With everything wrong with the form; then nothing was saved.
        Conflict
            If another tab saved meanwhile.
        """
        scenario, posted = self._posted(id_, fields)
        saved, found = self._keep(scenario, posted.sketch, posted)
        return {
            **answer(self.desk.study, saved, posted.sketch, found, view_of(posted)),
            **self._turns(id_),
        }

    def add(self, id_: str, fields: Fields) -> dict[str, Any]:
        """Add a station; the whole board is drawn anew."""
        scenario, posted = self._posted(id_, fields)
        sketch = with_station(posted.sketch, self.desk.study, fields)
        saved, found = self._keep(scenario, sketch, replace(posted, control=""))
        return self._whole(saved, sketch, found, view_of(posted))

    def turn(self, id_: str, fields: Fields, *, back: bool) -> dict[str, Any]:
        """Undo or redo; the whole board is drawn anew."""
        scenario, posted = self._posted(id_, fields)
        change = self.history.turn(id_, scenario.change, back=back)
        if change is not None:
            wanted = replace(scenario, change=change, shown=posted.shown)
            scenario = self.shelf.save(wanted, version=posted.version, tab=posted.tab)
        sketch = Sketch.of(scenario.change, self.desk.study.touchpoints)
        found = self.desk.simulate(scenario.change)
        return self._whole(scenario, sketch, found, view_of(posted))

    def mine(self, id_: str, fields: Fields) -> Scenario:
        """Put what a tab shows into a scenario of its own."""
        scenario, posted = self._posted(id_, fields)
        change = posted.sketch.change(self.desk.study.touchpoints)
        self.desk.simulate(change)
        return self.shelf.create(f"{scenario.name} (mine)", change)

    def rename(self, id_: str, fields: Fields) -> dict[str, Any]:
        """Give a scenario another name."""
        scenario, sketch = self.opened(id_)
        wanted = replace(scenario, name=clean_name(fields.one("name")))
        tab = fields.one("tab")
        saved = self.shelf.save(wanted, version=scenario.version, tab=tab)
        found = self.desk.simulate(saved.change)
        return self._whole(saved, sketch, found, View(tab=tab, shown=saved.shown))

    def started(self, name: str) -> Scenario:
        """Start a scenario from the journey as it is."""
        return self.shelf.create(clean_name(name), Change())

    def copy(self, id_: str, fields: Fields) -> Scenario:
        """Copy a scenario."""
        return self.shelf.create(clean_name(fields.one("name")), self.opened(id_)[0].change)

    def adopt(self, id_: str) -> Scenario:
        """Copy a scenario of another fit to this one.

        Raises
        ------
        InputProblems
            With everything of it that does not fit.
        """
        scenario = self.shelf.read(id_)
        self.desk.simulate(scenario.change)
        return self.shelf.create(scenario.name, scenario.change)

    def take_in(self, name: str, text: str) -> Scenario:
        """Put a scenario file on the shelf.

        Raises
        ------
        InputProblems
            If it is no change, or does not fit this fit.
        """
        change = read_change(text)
        self.desk.simulate(change)
        return self.shelf.create(name.removesuffix(".toml"), change)

    def _posted(self, id_: str, fields: Fields) -> tuple[Scenario, Posted]:
        scenario, sketch = self.opened(id_)
        return scenario, read_form(fields, self.desk.study, sketch.kept)

    def _keep(
        self, scenario: Scenario, sketch: Sketch, posted: Posted
    ) -> tuple[Scenario, Simulation]:
        """Simulate first: what cannot be simulated is not saved."""
        change = sketch.change(self.desk.study.touchpoints)
        found = self.desk.simulate(change)
        same = change == scenario.change
        if same and posted.shown == scenario.shown:
            return scenario, found
        wanted = replace(scenario, change=change, shown=posted.shown, fit=self.desk.study.hash)
        saved = self.shelf.save(wanted, version=posted.version, tab=posted.tab)
        if not same:
            self.history.record(scenario.id, scenario.change, posted.control)
        return saved, found

    def _turns(self, id_: str) -> dict[str, int]:
        past, future = self.history.depth(id_)
        return {"past": past, "future": future}

    def _problems(self, change: Change) -> tuple[str, ...]:
        try:
            self.desk.simulate(change)
        except InputProblems as error:
            return listed(error)
        return ()


def view_of(posted: Posted) -> View:
    """How the tab that posted looks at the page."""
    return View(posted.tab, posted.shown, posted.width, posted.by_segment)


def listed(error: InputProblems) -> tuple[str, ...]:
    """Problems one by one."""
    return tuple(str(problem) for problem in error.problems[:12])
