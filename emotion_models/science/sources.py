"""Where the facts in this package come from, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Mark = Literal["V", "S", "M"]
MARKS: Final[dict[Mark, str]] = {
    "V": "verified in the paper's own abstract or data",
    "S": "read in a secondary source",
    "M": "general knowledge, not checked",
}


@dataclass(frozen=True)
class Source:
    """One published source and what it supports here.

    Parameters
    ----------
    key : str
        Short name used in text, e.g. ``"Soscia 2007"``.
    authors, title : str
        The title is empty where only the identifier was read.
    year : int
    doi : str
        Empty where none was read.
    supports : str
        The claim this package takes from it.
    mark : {"V", "S", "M"}
        How it was checked, see `MARKS`.
    """

    key: str
    authors: str
    year: int
    title: str
    doi: str
    supports: str
    mark: Mark


SOURCES: Final[dict[str, Source]] = {
    source.key: source
    for source in (
        Source(
            "Alaybek 2022",
            "Alaybek et al.",
            2022,
            "",
            "10.1016/j.obhdp.2022.104149",
            "peak-end predicts retrospective evaluation about as well as the mean",
            "V",
        ),
        Source(
            "Dimitriadis 2021",
            "Dimitriadis, Gneiting, Jordan",
            2021,
            "Stable reliability diagrams for probabilistic classifiers",
            "10.1073/pnas.2016191118",
            "calibration curves by isotonic regression, and the parts of the Brier score",
            "V",
        ),
        Source(
            "Bürkner & Vuorre 2019",
            "Bürkner, Vuorre",
            2019,
            "",
            "10.1177/2515245918823199",
            "ordinal answers need an ordinal likelihood",
            "V",
        ),
        Source(
            "Cinelli & Hazlett 2020",
            "Cinelli, Hazlett",
            2020,
            "Making sense of sensitivity: extending omitted variable bias",
            "10.1111/rssb.12348",
            "the robustness value: strength of an unmeasured cause that undoes an effect",
            "V",
        ),
        Source(
            "Derbaix & Vanhamme 2003",
            "Derbaix, Vanhamme",
            2003,
            "",
            "",
            "surprise raises word of mouth of either sign",
            "V",
        ),
        Source(
            "Fornell & Larcker 1981",
            "Fornell, Larcker",
            1981,
            "",
            "",
            "average variance extracted",
            "M",
        ),
        Source(
            "Gelbrich 2010",
            "Gelbrich",
            2010,
            "",
            "10.1007/s11747-009-0169-6",
            "anger and frustration with helplessness: complaining, negative word of mouth",
            "V",
        ),
        Source(
            "Gelman 2019",
            "Gelman, Goodrich, Gabry, Vehtari",
            2019,
            "R-squared for Bayesian regression models",
            "10.1080/00031305.2018.1549100",
            "explained variance is computed in every posterior draw",
            "S",
        ),
        Source(
            "Grömping 2007",
            "Grömping",
            2007,
            "",
            "10.1198/000313007X188252",
            "dividing explained variance by averaging over orders (LMG)",
            "M",
        ),
        Source(
            "Green & Yang 2009",
            "Green, Yang",
            2009,
            "",
            "10.1007/s11336-008-9099-3",
            "reliability of a sum of ordinal answers (categorical omega)",
            "S",
        ),
        Source(
            "Henseler 2015",
            "Henseler, Ringle, Sarstedt",
            2015,
            "",
            "10.1007/s11747-014-0403-8",
            "heterotrait-monotrait ratio and its limits .85 and .90",
            "S",
        ),
        Source(
            "Kallioinen 2023",
            "Kallioinen et al.",
            2023,
            "",
            "10.1007/s11222-023-10366-5",
            "power-scaling sensitivity of the posterior to prior and likelihood",
            "V",
        ),
        Source(
            "Kruschke 2021",
            "Kruschke",
            2021,
            "",
            "10.1038/s41562-021-01177-7",
            "reports follow the Bayesian analysis reporting guidelines (BARG)",
            "V",
        ),
        Source(
            "Liddell & Kruschke 2018",
            "Liddell, Kruschke",
            2018,
            "",
            "10.1016/j.jesp.2018.08.009",
            "treating ordinal answers as numbers causes false alarms and misses",
            "V",
        ),
        Source(
            "Louro 2005",
            "Louro et al.",
            2005,
            "",
            "10.1086/426619",
            "high pride can lower repurchase",
            "V",
        ),
        Source(
            "McKelvey & Zavoina 1975",
            "McKelvey, Zavoina",
            1975,
            "A statistical model for the analysis of ordinal level dependent variables",
            "",
            "explained variance of an ordinal answer on its latent scale",
            "S",
        ),
        Source(
            "McCullough 2024",
            "McCullough et al.",
            2024,
            "",
            "10.1016/j.jbusres.2024.114899",
            "first impressions matter most in hotel stays, more so with delay",
            "V",
        ),
        Source(
            "McDonald 1999",
            "McDonald",
            1999,
            "",
            "",
            "omega: reliability of congeneric items",
            "M",
        ),
        Source(
            "Pearl 2009",
            "Pearl",
            2009,
            "Causality",
            "",
            "separation in diagrams and the back-door criterion",
            "M",
        ),
        Source(
            "Russell & Mehrabian 1977",
            "Russell, Mehrabian",
            1977,
            "",
            "10.1016/0092-6566(77)90037-X",
            "arousal of emotion words",
            "V",
        ),
        Source(
            "Samejima 1969",
            "Samejima",
            1969,
            "",
            "",
            "information of a graded response",
            "M",
        ),
        Source(
            "Sánchez-García & Currás-Pérez 2020",
            "Sánchez-García, Currás-Pérez",
            2020,
            "",
            "10.1108/EJMBE-02-2018-0035",
            "regret is the main predictor of switching in a utilitarian service",
            "V",
        ),
        Source(
            "Scott 2019",
            "Scott et al.",
            2019,
            "",
            "10.3758/s13428-018-1099-3",
            "valence and dominance of emotion words (Glasgow Norms, CC BY 4.0)",
            "V",
        ),
        Source(
            "Soscia 2007",
            "Soscia",
            2007,
            "",
            "10.1002/mar.20188",
            "gratitude, not happiness, predicts repurchase and positive word of mouth",
            "V",
        ),
        Source(
            "Talarico 2004",
            "Talarico et al.",
            2004,
            "",
            "10.3758/BF03196886",
            "recall follows intensity more than valence",
            "V",
        ),
        Source(
            "Tronvoll 2011",
            "Tronvoll",
            2011,
            "",
            "10.1108/09564231111106947",
            "frustration best predicts complaining to the provider",
            "V",
        ),
        Source(
            "Van Vaerenbergh & Thomas 2013",
            "Van Vaerenbergh, Thomas",
            2013,
            "",
            "10.1093/ijpor/eds021",
            "response styles bias means and correlations",
            "S",
        ),
        Source(
            "VanderWeele & Ding 2017",
            "VanderWeele, Ding",
            2017,
            "",
            "10.7326/M16-2607",
            "the E-value: risk ratios of an unmeasured cause that explain an effect away",
            "S",
        ),
        Source(
            "Vehtari 2017",
            "Vehtari, Gelman, Gabry",
            2017,
            "",
            "10.1007/s11222-016-9696-4",
            "leave-one-out cross-validation by Pareto-smoothed importance sampling",
            "M",
        ),
        Source(
            "Vehtari 2021",
            "Vehtari et al.",
            2021,
            "",
            "10.1214/20-BA1221",
            "rank-normalised R-hat and effective sample size",
            "V",
        ),
        Source(
            "Warriner 2013",
            "Warriner, Kuperman, Brysbaert",
            2013,
            "",
            "10.3758/s13428-012-0314-x",
            "arousal of emotion words (quoted values)",
            "V",
        ),
        Source(
            "Zeelenberg & Pieters 2004",
            "Zeelenberg, Pieters",
            2004,
            "",
            "10.1016/S0148-2963(02)00278-3",
            "regret and disappointment act beyond dissatisfaction",
            "V",
        ),
    )
}
