from __future__ import annotations

import warnings

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from emotion_models.drawing import (
    comparison,
    criticism,
    forest,
    heatmap,
    importance,
    journey,
    labels,
    measurement,
    memory,
    path_diagram,
    salience,
    scenario,
    style,
)

TOUCHPOINTS = [f"touchpoint number {i} with a very long name" for i in range(7)]
EMOTIONS = [f"emotion {i} " + "x" * 30 for i in range(18)] + ["שמחה", "喜び 😀 $\\frac{1$"]
OUTCOMES = ["return\npercentage points", "a long outcome name that goes on\nEUR"]
VALENCE = {name: (-1.0) ** i for i, name in enumerate(EMOTIONS)}


def cells(**columns: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(columns.values(), names=list(columns))
    table = index.to_frame(index=False)
    mean = np.random.default_rng(0).normal(0, 1, len(table))
    return table.assign(mean=mean, lower=mean - 0.5, upper=mean + 0.5)


CURVE = cells(emotion=EMOTIONS, touchpoint=TOUCHPOINTS)
MOVED = pd.concat([CURVE.assign(when="before"), CURVE.assign(when="after", mean=1.0)])
EFFECTS = cells(outcome=OUTCOMES, emotion=EMOTIONS)
CHANGE = cells(outcome=OUTCOMES, segment=["Everyone", "Business"]).rename(
    columns={"mean": "difference"}
)
MODELS = pd.DataFrame({"model": ["a", "b"], "difference": [0.0, -4.0], "se": [0.0, 2.0]})
WEIGHTS = cells(emotion=EMOTIONS, feature=["mean", "peak", "end", "first"])
SALIENCE = cells(touchpoint=TOUCHPOINTS)
ANSWERS = pd.DataFrame(
    {
        "item": ["a very long name of an item, so long", "b", "b", "c"],
        "touchpoint": ["", "here $", "here $", ""],
        "statistic": ["share of 0", "share of 0", "share of 1", "mean"],
        "observed": [0.4, 0.2, 0.8, 3.0], "lower": [0.3, 0.3, 0.7, 2.0],
        "upper": [0.5, 0.4, 0.9, 4.0], "p": [0.4, 0.01, 0.3, 0.5],
    }
)  # fmt: skip
CURVES = pd.DataFrame(
    {
        "item": "b", "event": "yes", "predicted": [0.1, 0.6], "observed": [0.0, 0.7],
        "lower": [0.0, 0.4], "upper": [0.3, 0.8],
    }
)  # fmt: skip
BINS = pd.DataFrame(
    {"item": "b", "below": [0.5, 1.0], "share": [0.4, 0.6], "lower": 0.3, "upper": 0.7}
)
SHARES = cells(outcome=OUTCOMES, name=EMOTIONS)

LOADINGS = cells(construct=OUTCOMES, item=EMOTIONS)
INFORMATION = cells(construct=OUTCOMES, item=["(all)", *EMOTIONS[:4]], level=["0", "1"])
INFORMATION["level"] = INFORMATION["level"].astype(float)

PLOTS = {
    "loadings": (
        lambda: measurement.item_loadings(LOADINGS),
        lambda: measurement.alt_text(INFORMATION),
    ),
    "information": (
        lambda: measurement.item_information(INFORMATION),
        lambda: measurement.alt_text(INFORMATION),
    ),
    "journey": (lambda: journey.journey_curve(CURVE, VALENCE), lambda: journey.alt_text(CURVE)),
    "moved": (lambda: journey.journey_curve(MOVED, VALENCE), lambda: journey.alt_text(MOVED)),
    "forest": (
        lambda: forest.effects_forest(EFFECTS, VALENCE),
        lambda: forest.alt_text(EFFECTS),
    ),
    "heatmap": (lambda: heatmap.effect_heatmap(CURVE), lambda: heatmap.alt_text(CURVE)),
    "memory": (
        lambda: memory.memory_weights(WEIGHTS, VALENCE),
        lambda: memory.alt_text(WEIGHTS),
    ),
    "salience": (
        lambda: salience.touchpoint_salience(SALIENCE),
        lambda: salience.alt_text(SALIENCE),
    ),
    "importance": (
        lambda: importance.importance_shares(SHARES),
        lambda: importance.alt_text(SHARES),
    ),
    "scenario": (
        lambda: scenario.scenario_differences(CHANGE),
        lambda: scenario.alt_text(CHANGE),
    ),
    "comparison": (
        lambda: comparison.elpd_differences(MODELS),
        lambda: comparison.alt_text(MODELS),
    ),
    "answers": (lambda: criticism.answers(ANSWERS), lambda: criticism.alt_text(ANSWERS)),
    "reliability": (lambda: criticism.reliability(CURVES), lambda: criticism.alt_text(CURVES)),
    "transforms": (
        lambda: criticism.transforms(BINS),
        lambda: criticism.alt_text(BINS.rename(columns={"share": "observed"})),
    ),
}


@pytest.mark.parametrize("name", PLOTS)
def test_hard_names_draw_and_repeat_exactly(name: str) -> None:
    draw, alt = PLOTS[name]
    before = dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        one = style.svg(draw())
    assert dict(mpl.rcParams) == before
    assert one.startswith(b"<?xml")
    assert b"<text" not in one, "text must be drawn as paths"
    if name in ("scenario", "comparison"):
        assert one == style.svg(draw())
    assert len(alt()) > 20
    assert "\n" not in alt()


def test_notebooks_show_a_figure_and_say_what_it_is() -> None:
    figure = comparison.elpd_differences(MODELS.assign(model="<b>"))
    shown = figure._repr_html_()  # type: ignore[operator]
    assert shown.startswith('<img alt="Figure: ')
    assert 'src="data:image/svg+xml;base64,' in shown
    assert "<b>" not in shown


def test_no_plot_uses_pyplot_state() -> None:
    from matplotlib import pyplot

    comparison.elpd_differences(MODELS)
    assert pyplot.get_fignums() == []


@pytest.mark.filterwarnings("ignore:Glyph")
def test_long_names_stay_inside_the_figure() -> None:
    figure = heatmap.effect_heatmap(CURVE)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    box = figure.get_tightbbox(renderer)
    width, height = figure.get_size_inches()
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01


def test_tones_differ_without_colour() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = mpl.colors.to_rgb(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    tones = [style.tone(value) for value in (0.8, -0.8, 0.0)]
    light = sorted(lightness(tone) for tone in tones)
    assert min(np.diff(light)) > 0.12
    assert len({style.marker(value) for value in (0.8, -0.8, 0.0)}) == 3


def test_characters_without_a_font_are_named() -> None:
    assert style.missing_characters("joy שמחה") == ""
    assert style.missing_characters("a\U000f0000b\U000f0000") == ""  # private use: nothing to draw
    lost = style.missing_characters("\U00013000x")
    assert lost in ("", "\U00013000")


def test_uncertain_cells_are_faded() -> None:
    table = pd.DataFrame(
        {
            "emotion": ["joy", "joy"], "touchpoint": ["a", "b"], "mean": [1.0, 1.0],
            "lower": [0.5, -0.5], "upper": [1.5, 2.5],
        }
    )  # fmt: skip
    patches = heatmap.effect_heatmap(table).axes[0].patches
    assert "joy at a +1.00" in heatmap.alt_text(table)
    assert "joy at b" not in heatmap.alt_text(table)
    assert [patch.get_facecolor()[3] for patch in patches] == [1.0, heatmap.FADED]


def test_cells_of_small_effects_show_their_digits() -> None:
    table = pd.DataFrame(
        {
            "emotion": ["joy", "joy"], "touchpoint": ["a", "b"], "mean": [0.0123, -0.0004],
            "lower": [0.01, -0.5], "upper": [0.02, 2.5],
        }
    )  # fmt: skip
    texts = [text.get_text() for text in heatmap.effect_heatmap(table).axes[0].texts]
    assert texts == ["+0.012", "0.000"]


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [(-0.0001, None, "0.00"), (-0.5, None, "\u22120.50"), (0.004, 2, "0.00"), (0.006, 2, "+0.01")],
)
def test_what_rounds_to_zero_has_no_sign(value: float, digits: int | None, words: str) -> None:
    assert labels.signed(value, digits) == words


def test_columns_of_paths_are_ordered_so_that_fewer_cross() -> None:
    ends = [("a", "z"), ("b", "y"), ("c", "x")]
    paths = pd.DataFrame(ends, columns=["source", "target"]).assign(kind="k", mean=1.0)
    columns = path_diagram.untangled([["a", "b", "c"], ["x", "y", "z"]], paths)
    places = [[columns[0].index(one), columns[1].index(other)] for one, other in ends]
    assert all(one == other for one, other in places)


def test_an_outcome_that_a_change_does_not_touch_has_no_panel() -> None:
    table = pd.DataFrame(
        {
            "outcome": ["return", "spend"], "segment": ["(all)"] * 2, "difference": [0.1, 0.0],
            "lower": [0.05, 0.0], "upper": [0.2, 0.0],
        }
    )  # fmt: skip
    assert len(scenario.scenario_differences(table).axes) == 1
    untouched = table.assign(difference=0.0, lower=0.0, upper=0.0)
    assert len(scenario.scenario_differences(untouched).axes) == 2
