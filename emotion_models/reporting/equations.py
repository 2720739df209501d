"""The model's equations for print, stage by stage, with their meaning in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from emotion_models.reporting.blocks import Equation


@dataclass(frozen=True)
class Stage:
    """A stage of the model: what it says, its equations, and what the symbols are."""

    title: str
    text: str
    equations: tuple[Equation, ...]
    where: str


ELICITATION: Final = Stage(
    "Stage 1, elicitation: what makes people feel what",
    "The rating of emotion e at touchpoint t in journey j is an ordered category. Its latent "
    "intensity rises and falls with the design levers, with the person's response style and "
    "disposition, and with the core affect of the moment.",
    (
        Equation(
            r"P(y_{jte} \le k) = \operatorname{logit}^{-1}(\kappa_{ek} - \eta_{jte})",
            'P(y_(j t e) <= k) = op("logit")^(-1) (kappa_(e k) - eta_(j t e))',
            "The probability that the rating y of journey j, touchpoint t, emotion e is at most k "
            "is the inverse logit of cutpoint kappa minus the latent intensity eta.",
        ),
        Equation(
            r"\eta_{jte} = \alpha_{te} + \sum_l x_{jtl} B_{tle} + \mathrm{style}_i"
            r" + v_e\,\mathrm{mood}_i + \lambda_e\,\mathrm{affect}_{jt}",
            'eta_(j t e) = alpha_(t e) + sum_l x_(j t l) B_(t l e) + "style"_i '
            '+ v_e "mood"_i + lambda_e "affect"_(j t)',
            "The latent intensity eta is a base alpha of touchpoint and emotion, plus the sum over "
            "levers l of lever value x times effect B, plus the person's style, plus valence v "
            "times mood, plus loading lambda times the affect of the moment.",
        ),
    ),
    "Style raises all of a person's ratings, mood raises them along valence, affect is shared by "
    "the ratings of one moment. They keep the halo out of the lever effects.",
)
MEMORY: Final = Stage(
    "Stage 2, memory: what is kept",
    "The remembered intensity of an emotion is a weighted average of features of the journey. The "
    "weights add up to one and are estimated for each emotion, partially pooled; rules such as "
    "peak-end are special cases.",
    (
        Equation(
            r"M_{je} = \sum_k w_{ek} F_{jek}, \qquad \sum_k w_{ek} = 1",
            "M_(j e) = sum_k w_(e k) F_(j e k), quad sum_k w_(e k) = 1",
            "Remembered intensity M of journey j and emotion e is the sum over features k of "
            "weight w times feature F; the weights of an emotion add up to one.",
        ),
    ),
    "F holds the features named in the table of settings, of ratings rescaled to 0..1; the mean is "
    "weighted by the salience of each touchpoint.",
)
RELATIONSHIP: Final = Stage(
    "Stage 3, relationship: what it does to the bond",
    "Each relationship construct is latent and measured by its ordinal items.",
    (
        Equation(
            r"R_{jc} = \Gamma_c \cdot M_j + \beta_c \cdot C_j + u_{ic} + \varepsilon_{jc}",
            "R_(j c) = Gamma_c dot M_j + beta_c dot C_j + u_(i c) + epsilon_(j c)",
            "The construct R of journey j is Gamma times the remembered emotions M, plus beta "
            "times the controls C, plus a person effect u, plus a residual epsilon.",
        ),
        Equation(
            r"P(z_{jcq} \le k) = \operatorname{logit}^{-1}(\kappa_{qk} - \lambda_q R_{jc})",
            'P(z_(j c q) <= k) = op("logit")^(-1) (kappa_(q k) - lambda_q R_(j c))',
            "The probability that item q is answered at most k is the inverse logit of cutpoint "
            "kappa minus loading lambda times the construct R.",
        ),
    ),
    "Residuals are correlated over constructs and have unit variance; u is present when "
    "respondents have several journeys.",
)
BEHAVIOUR: Final = Stage(
    "Stage 4, behaviour: what they then do",
    "Each behaviour has the family of the codebook: yes or no, ordered answers, counts, "
    "amounts, numbers, or the time until an event. It may depend on the relationship and directly "
    "on remembered emotion.",
    (
        Equation(
            r"g_k(\mathrm{E}\,b_{jk}) = \delta_k + \Delta_k \cdot R_j + D_k \cdot M_j"
            r" + \beta_k \cdot C_j + u_{ik}",
            'g_k (upright("E") b_(j k)) = delta_k + Delta_k dot R_j + D_k dot M_j '
            "+ beta_k dot C_j + u_(i k)",
            "The link g of the expected behaviour b is an intercept delta, plus Delta times the "
            "relationship R, plus D times the remembered emotions M, plus beta times the controls "
            "C, plus a person effect u.",
        ),
    ),
    "For ordinal behaviours the right side is the latent predictor of a cumulative logit; for a "
    "time until an event it is the log-odds that the event happens in a period, given that it "
    "has not before, and each period has a level of its own.",
)
SPECIFICITY: Final = Stage(
    "Specific or merely positive",
    "Every row of effects of remembered emotions splits into what mere pleasantness does and what "
    "each emotion does beyond it.",
    (
        Equation(
            r"\mathrm{effect}_e = \mu\, v_e + m_e + \tau\, z_e, \qquad z_e \sim \mathrm{N}(0, 1)",
            '"effect"_e = mu v_e + m_e + tau z_e, quad z_e tilde upright("N")(0, 1)',
            "The effect of emotion e is mu times its valence v, plus a published part m, plus tau "
            "times a standard normal departure z.",
        ),
    ),
    "With tau = 0 this is the valence-only model: emotions would differ only in how pleasant they "
    "are. What the literature says, m, is zero unless literature priors were chosen; then it is "
    "uncertain, around half a logit with the published sign, beyond valence.",
)
