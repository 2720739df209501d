"""A sketch and its change say the same, both ways."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import emotion_models as em
from emotion_models.app.scenario_file import Scenario, clean_name, scenario_from, scenario_text
from emotion_models.app.sketch import Sketch, Stop, Whom, name_again
from emotion_models.app.svg import spread, tag, wrap

PLACES = ("check-in", "room", "breakfast", "check-out")


@st.composite
def sketches(draw: Any) -> Sketch:
    order = draw(st.permutations(PLACES))
    stops = []
    for name in order:
        off = draw(st.booleans()) and draw(st.booleans())
        stops.append(Stop(name, off=off))
    if not any(stop.shown for stop in stops):
        stops[0] = Stop(stops[0].name)
    for number in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(stops)))
        stops.insert(at, Stop(f"call {number}", draw(st.sampled_from(PLACES))))
    places = [(stop.name, "wait") for stop in stops if not stop.like]
    levers = [(p, draw(st.integers(0, 9)) * 1.0) for p in places if draw(st.booleans())]
    felt = [((s.name, "joy"), draw(st.sampled_from([-1.0, 1.0]))) for s in stops]
    share = draw(st.sampled_from([1.0, 0.5]))
    return Sketch(
        tuple(stops), tuple(levers), tuple(felt[: draw(st.integers(0, 3))]), Whom(share=share)
    )


@settings(max_examples=150, deadline=None)
@given(sketches())
def test_a_change_shows_as_the_sketch_it_came_from(sketch: Sketch) -> None:
    change = sketch.change(PLACES)
    again = Sketch.of(change, PLACES)
    assert set(again.change(PLACES).steps) == set(change.steps)
    if change.steps:
        assert again.whom == sketch.whom
        assert dict(again.levers) == dict(sketch.levers)
        assert dict(again.emotions) == dict(sketch.emotions)


@settings(max_examples=60, deadline=None)
@given(sketches(), st.text(max_size=90))
def test_scenarios_survive_their_file(sketch: Sketch, name: str) -> None:
    one = Scenario("x", clean_name(name), sketch.change(PLACES), "hash", 3, "tab", ("joy",), "now")
    assert scenario_from(scenario_text(one), "x") == one


def test_the_file_is_a_plain_change() -> None:
    change = em.Change().at("room").lever("upgrade", to=1)
    text = scenario_text(Scenario("x", 'a "b"\\ # é', change))
    assert em.Change.from_text(text).steps == change.steps


@pytest.mark.parametrize(
    "change",
    [
        em.Change().at("room").lever("wait", by=-2),
        em.Change().at("room").emotion("joy", to=3),
        em.Change().at("room").lever("wait", to=1).lever("wait", to=2),
        em.Change().move("room", before="check-in"),
        em.Change().at("room").lever("wait", to=1).among(segment="a").emotion("joy", by=1),
        em.Change().add("x", after="room", feels={"joy": 2}),
        em.Change().remove("nowhere"),
    ],
)
def test_what_has_no_slider_is_kept(change: em.Change) -> None:
    sketch = Sketch.of(change, PLACES)
    assert sketch.kept
    assert set(sketch.change(PLACES).steps) == set(change.steps)


def test_repeats_are_numbered() -> None:
    assert name_again("room", ["room", "room (2)"]) == "room (3)"


def test_svg_escapes_and_keeps_names_apart() -> None:
    assert tag("g", {"aria-label": '<"&'}, "") == '<g aria-label="&lt;&quot;&amp;"/>'
    assert spread([1, 2, 3, 100], 10, 0, 100) == [1, 11, 21, 100]
    assert spread([95, 99], 10, 0, 100) == [90, 100]
    assert wrap("a very long name indeed", 9, 2) == ["a very", "long nam…"]
