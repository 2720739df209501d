"""The paper part: steps of the Bayesian analysis reporting guidelines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from emotion_models.inference.diagnostics import EXPANSION_CHECK
from emotion_models.intervals import WORDS
from emotion_models.reporting import equations
from emotion_models.reporting.blocks import Block, Paragraph, Picture, Section, Terms
from emotion_models.reporting.inputs import Inputs
from emotion_models.reporting.numbers import capital, exact, listed, number, plural
from emotion_models.reporting.references import cite
from emotion_models.reporting.sections import pictures
from emotion_models.reporting.sections.answering_style import halo_section
from emotion_models.reporting.sections.answers import held_back
from emotion_models.reporting.sections.evidence import reproducibility_section
from emotion_models.reporting.tables import Column, Table

FEATURES = {"mean": "mean", "peak": "peak", "end": "end", "first": "first moment"}
# Options that add to the equations of this report: in words, and what they are unless asked for.
_OPTIONS: Final = {
    "peak": ("The peak is where the strongest was", "emotion"),
    "scoring": ("Steps between answer categories", "linear"),
    "fading": ("Emotions fade with the delay of answers", False),
    "memory_by_segment": ("Memory weights differ by segment", False),
    "by_touchpoint": ("Effects differ by touchpoint", False),
    "levers_by_segment": ("Levers move segments differently", False),
    "moderator": ("Effects change with the customer's", "none"),
    "weighted": ("Survey weights in the likelihood", False),
    "invariance": ("Items may be used differently by", "none"),
}


def methods_section(inputs: Inputs) -> Section:
    """Question, model, computation, posterior, comparison and sensitivity, step by step."""
    guide = cite("Kruschke 2021")
    intro = Paragraph(
        f"This part follows the Bayesian analysis reporting guidelines {guide}, step by step."
    )
    return Section(
        "Methods",
        (intro,),
        (
            _question(inputs),
            _model(inputs),
            *_stages(inputs),
            _priors(inputs),
            _computation(inputs),
            _posterior(inputs),
            _comparison(inputs),
            _sensitivity(inputs),
            *halo_section(inputs),
            reproducibility_section(inputs),
        ),
    )


def _question(inputs: Inputs) -> Section:
    text = (
        f"What does a specific emotion at a specific touchpoint of the {inputs.names.journey} do "
        "to memory, to the relationship and to behaviour? The analysis is Bayesian because the "
        "question needs probabilities of effects and of consequences of a change, because many "
        "correlated emotions have to be pooled towards what is known of them, and because "
        "uncertainty has to be carried through the whole chain."
    )
    return Section("Question, and why Bayesian", (Paragraph(text),))


def _model(inputs: Inputs) -> Section:
    survey, book, model = inputs.fit.survey, inputs.fit.survey.codebook, inputs.fit.model
    data = (
        f"{plural(survey.n_journeys, inputs.names.journey)} of "
        f"{plural(survey.n_respondents, 'respondent')}; {plural(len(book.emotions), 'emotion')} "
        f"rated at {plural(len(book.touchpoints), 'touchpoint')}; "
        f"{plural(len(book.levers), 'design lever')}; outcomes: "
        f"{listed(list(inputs.names.outcomes.values())) or 'none'}. Ticked scales are ordered "
        "categories, never numbers: treating them as numbers causes false alarms and misses "
        f"{cite('Liddell & Kruschke 2018')}. Categories come from the codebook, also those "
        "nobody used."
    )
    return Section(
        "Step 1. The model: data, likelihood, parameters",
        (Paragraph(data), Terms(tuple(_settings(model)))),
    )


def _settings(model: Any) -> list[tuple[str, str]]:
    yes = {True: "yes", False: "no"}
    return [
        ("Memory features", listed([FEATURES.get(name, str(name)) for name in model.memory])),
        ("Touchpoints may weigh differently", yes[bool(model.salience)]),
        ("Effects of specific emotions", yes[bool(model.specific)]),
        ("Priors", str(model.priors)),
        ("Answering style as a control", yes[bool(model.halo)]),
        ("Effects differ by segment", yes[bool(model.segments)]),
        ("Respondent effects", yes[bool(model.respondents)]),
        ("Ratings not given at visited touchpoints", _missing(model)),
        *_extensions(model),
    ]


def _extensions(model: Any) -> Iterator[tuple[str, str]]:
    for name, (words, usual) in _OPTIONS.items():
        value = getattr(model, name, usual)
        if value != usual:
            yield words, "yes" if value is True else str(value)
    overridden = dict(getattr(model, "overrides", {}))
    if overridden:
        yield "Priors set by name", listed(list(overridden))


def _missing(model: Any) -> str:
    if model.missing == "impute":
        return f"imputed {model.imputations} times, fits pooled"
    return "left out (available cases)"


def _stages(inputs: Inputs) -> tuple[Section, ...]:
    model, book = inputs.fit.model, inputs.fit.survey.codebook
    wanted = (
        (equations.ELICITATION, model.elicitation),
        (equations.MEMORY, model.outcomes),
        (equations.RELATIONSHIP, model.outcomes and book.relationship),
        (equations.BEHAVIOUR, model.outcomes and book.behaviours),
        (equations.SPECIFICITY, model.outcomes and model.specific),
    )
    return tuple(
        Section(
            stage.title,
            (Paragraph(stage.text), *stage.equations, Paragraph(stage.where)),
        )
        for stage, present in wanted
        if present
    )


def _priors(inputs: Inputs) -> Section:
    table = inputs.fit.priors_table()
    text = (
        "Effects are in logits per full scale of a rating, so that the same weak priors serve "
        "every survey. Priors of answer categories are set on the category probabilities, so that "
        "no category is impossible. The prior predictive checks are listed among the checks."
    )
    columns = (
        Column("stage", "Stage"),
        Column("parameter", "Parameter"),
        Column("prior", "Prior"),
        Column("about", "What it says"),
    )
    records = [{**row, "parameter": str(row["parameter"])} for row in table.to_dict("records")]
    blocks: tuple[Block, ...] = (Paragraph(text),)
    if records:
        caption = "Prior distributions"
        blocks = (*blocks, Table.from_records(caption, columns, records=records))
    return Section(
        "Priors", (*blocks, *_of_posterior(inputs, "posteriors", pictures.priors_picture))
    )


def _of_posterior(
    inputs: Inputs, what: str, draw: Callable[[Inputs], Picture | None]
) -> tuple[Block, ...]:
    """A picture of the posterior, if there is something in it and no check failed."""
    failed = tuple(check.name for check in inputs.fit.checks if check.status == "FAIL")
    if failed:
        return (held_back(what, failed),)
    picture = draw(inputs)
    return () if picture is None else (picture,)


def _computation(inputs: Inputs) -> Section:
    seconds = [f"{name} {number(float(s), 1)} s" for name, s in inputs.fit.seconds.items()]
    text = (
        "The posterior was drawn by Hamiltonian Monte Carlo (the no-U-turn sampler). Convergence "
        "and resolution were judged by rank-normalised R-hat and effective sample sizes "
        f"{cite('Vehtari 2021')}, divergences and energy; every figure, its threshold and advice "
        "are in the table of checks."
    )
    text += _expanded(inputs)
    if seconds:
        text += f" Time: {', '.join(seconds)}."
    ranks = pictures.ranks_picture(inputs)
    shown = () if ranks is None else (ranks,)
    return Section("Step 2. Computation", (Paragraph(text), *shown))


def _expanded(inputs: Inputs) -> str:
    """How blocks were sampled whose likelihood was expanded; a check of each says so."""
    named = [check.name.partition(EXPANSION_CHECK)[2] for check in inputs.fit.checks]
    blocks = [block for block in named if block]
    if not blocks:
        return ""
    return (
        f" For {listed(blocks)} it walked through the likelihood expanded to second order, people "
        "integrated out, and every draw was weighted to the posterior itself by Pareto-smoothed "
        "importance sampling; the Pareto k of these weights is among the checks."
    )


def _posterior(inputs: Inputs) -> Section:
    text = (
        f"Every estimate is a posterior mean with its {WORDS}. Effects are contrasts of the same "
        "generative model with an emotion set one scale point higher, averaged over the journeys "
        "with their survey weights, on the scale of the answers. Rank probabilities come from the "
        "joint draws, so that correlated drivers are not counted twice. Posterior predictive "
        "checks per outcome are among the checks."
    )
    shown = _of_posterior(inputs, "paths through the model", pictures.paths_picture)
    return Section("Step 3. Describing the posterior", (Paragraph(text), *shown))


def _comparison(inputs: Inputs) -> Section:
    title = "Step 4. Comparing models"
    if inputs.comparison is None:
        return Section(title, (Paragraph("No other model was set beside this one."),))
    table = inputs.comparison.table()
    text = (
        "Models are compared by expected log predictive density, estimated by leave-one-out "
        f"cross-validation {cite('Vehtari 2017')}. Probabilities are a normal approximation."
    )
    shown = Table.from_records(
        "Predictive accuracy of the models",
        (
            Column("model", "Model"),
            Column("elpd", "elpd", "number", 1),
            Column("difference", "Difference", "signed", 1),
            Column("se", "Standard error", "number", 1),
            Column("p_better", "Chance it is better", "percent"),
            Column("worst_k", "Worst Pareto k", "number", 2),
            Column("weight", "Weight", "number", 2),
        ),
        records=[_own(row) for row in table.to_dict("records")],
        note="Difference: against the fitted model. Weight: for averaging predictions.",
    )
    blocks = (Paragraph(text), shown, pictures.comparison_picture(table))
    return Section(title, blocks)


def _own(row: dict[Any, Any]) -> dict[Any, Any]:
    """The fitted model's own row compares it with itself: no probability."""
    own = float(row["difference"]) == 0 and float(row["se"]) == 0
    return {**row, "p_better": "" if own else row["p_better"]}


def _sensitivity(inputs: Inputs) -> Section:
    found = [check for check in inputs.fit.checks if "sensitiv" in check.name.lower()]
    base = "Whether priors drive the answers is judged by power-scaling "
    base += f"{cite('Kallioinen 2023')}. "
    if found:
        words = [f"{c.name} {exact(c.figure)}, threshold {exact(c.threshold)}" for c in found]
        base += capital("; ".join(words)) + "."
    else:
        base += "This fit holds no such check; nothing is known here about prior sensitivity."
    return Section("Step 5. Sensitivity", (Paragraph(base),))
