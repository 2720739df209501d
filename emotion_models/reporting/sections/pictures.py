"""Figures of the report, drawn with labels in place of names."""

from __future__ import annotations

import pandas as pd

from emotion_models.drawing import (
    comparison,
    forest,
    heatmap,
    journey,
    memory,
    path_diagram,
    rank_bars,
    salience,
    scenario,
    updating,
)
from emotion_models.drawing.style import svg
from emotion_models.reporting.blocks import Picture
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.numbers import unit

FADED = "Hollow: the interval covers zero."


def journey_picture(inputs: Inputs, curve: pd.DataFrame, name: str, caption: str) -> Picture:
    """The emotion curve, or the curve before and after a change."""
    table = inputs.names.label(curve)
    figure = journey.journey_curve(table, inputs.names.valence, axis=inputs.names.rating_axis)
    return Picture(name, svg(figure), caption, journey.alt_text(table))


def in_print(inputs: Inputs, table: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Multiply `columns` into printed units, and put labels for names.

    The unit in words stands under the outcome's label.
    """
    units = [unit(str(name)) for name in table["unit"]]
    factors = [size.factor for size in units]
    labelled = inputs.names.label(table)
    scaled = {key: table[key].to_numpy(float) * factors for key in columns}
    outcomes = [
        f"{label}\n{size.change.strip()}" if size.change else label
        for label, size in zip(labelled["outcome"], units, strict=True)
    ]
    return labelled.assign(outcome=outcomes, **scaled)


def effects_picture(inputs: Inputs, effects: pd.DataFrame, name: str, caption: str) -> Picture:
    """Forest of total effects, one panel per outcome."""
    table = in_print(inputs, effects, ("mean", "lower", "upper"))
    table = _pleasant_first(inputs, table)
    figure = forest.effects_forest(
        table, inputs.names.valence, axis="Change for one more scale point of the emotion"
    )
    return Picture(name, svg(figure), caption, forest.alt_text(table))


def _pleasant_first(inputs: Inputs, table: pd.DataFrame) -> pd.DataFrame:
    """Pleasant emotions above unpleasant ones; strongest first within each, by first outcome."""
    if table.empty:
        return table
    first = table[table["outcome"] == table["outcome"].iloc[0]]
    size = dict(zip(first["emotion"], first["mean"], strict=True))

    def key(label: str) -> tuple[bool, float]:
        return (inputs.names.valence.get(label, 0.0) < 0, -float(size.get(label, 0.0)))

    emotions = sorted(dict.fromkeys(table["emotion"]), key=key)
    order = {label: rank for rank, label in enumerate(emotions)}
    outcomes = {label: rank for rank, label in enumerate(dict.fromkeys(table["outcome"]))}
    ranked = table.assign(_panel=table["outcome"].map(outcomes), _row=table["emotion"].map(order))
    return ranked.sort_values(["_panel", "_row"], kind="stable")


def heatmap_picture(inputs: Inputs, effects: pd.DataFrame, name: str, caption: str) -> Picture:
    """Emotion by touchpoint, one outcome."""
    table = in_print(inputs, effects, ("mean", "lower", "upper"))
    return Picture(name, svg(heatmap.effect_heatmap(table)), caption, heatmap.alt_text(table))


def weights_picture(inputs: Inputs, weights: pd.DataFrame) -> Picture:
    """Memory weights of every emotion."""
    table = inputs.names.label(weights)
    figure = memory.memory_weights(table, inputs.names.valence)
    caption = "How each emotion is remembered. The shares of one emotion add up to 100%."
    return Picture("memory-weights", svg(figure), caption, memory.alt_text(table))


def salience_picture(inputs: Inputs, table: pd.DataFrame) -> Picture:
    """Salience of every touchpoint."""
    labelled = inputs.names.label(table)
    caption = "How much each touchpoint counts in the remembered average."
    figure = salience.touchpoint_salience(labelled)
    return Picture("salience", svg(figure), caption, salience.alt_text(labelled))


def scenario_picture(inputs: Inputs, table: pd.DataFrame, name: str, caption: str) -> Picture:
    """Differences in every outcome."""
    printed = in_print(inputs, table, ("difference", "lower", "upper"))
    figure = scenario.scenario_differences(printed)
    return Picture(name, svg(figure), caption, scenario.alt_text(printed))


def comparison_picture(table: pd.DataFrame) -> Picture:
    """Differences in predictive accuracy."""
    caption = (
        "Rival models against the fitted one: to the left of the line predicts worse. "
        "Lines: two standard errors."
    )
    figure = comparison.elpd_differences(table)
    return Picture("comparison", svg(figure), caption, comparison.alt_text(table))


def paths_picture(inputs: Inputs) -> Picture | None:
    """The strongest paths through the model."""
    table, names = inputs.fit.table("paths"), inputs.names
    if path_diagram.strongest(table).empty:
        return None
    levers = {lever.name: lever.label for lever in inputs.fit.survey.codebook.levers if lever.label}
    labels = {**levers, **names.emotions, **names.outcomes}
    caption = (
        "From levers to emotions to what is remembered, the relationship and behaviour: the two "
        "strongest paths of each kind into each end, on the model's own scale (logits per step, "
        "per full scale, per standard deviation). Dashed: negative. Paths whose interval covers "
        "zero are not drawn."
    )
    figure = path_diagram.path_diagram(table, labels)
    return Picture("paths", svg(figure), caption, path_diagram.alt_text(table, labels))


def ranks_picture(inputs: Inputs) -> Picture | None:
    """Ranks of the chains' draws where chains agree least."""
    table = inputs.fit.table("ranks")
    if table.empty:
        return None
    caption = (
        "Ranks of the draws of every chain (lines) among those of all chains, for the quantities "
        "of the largest R-hat. Band: 95% of counts of independent draws of chains that agree."
    )
    return Picture("ranks", svg(rank_bars.rank_bars(table)), caption, rank_bars.alt_text(table))


def priors_picture(inputs: Inputs) -> Picture | None:
    """Densities of parameters before and after the data."""
    table = inputs.fit.table("priors")
    if table.empty:
        return None
    caption = "Marginal prior (grey) and posterior densities of parameters; of many, some."
    figure = updating.before_and_after(table)
    return Picture("priors-and-posteriors", svg(figure), caption, updating.alt_text(table))
