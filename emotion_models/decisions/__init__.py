"""From answers to choices: worth, the best of many options, what to learn first, priorities."""

from emotion_models.decisions.answers import Worth
from emotion_models.decisions.information import information
from emotion_models.decisions.learning import Information
from emotion_models.decisions.optimise import optimise
from emotion_models.decisions.optimum import Optimum
from emotion_models.decisions.options import Option, Options
from emotion_models.decisions.priorities import priorities
from emotion_models.decisions.priority_map import Priorities
from emotion_models.decisions.sequence import sequence
from emotion_models.decisions.sequences import Sequences
from emotion_models.decisions.worth import worth

__all__ = [
    "Information",
    "Optimum",
    "Option",
    "Options",
    "Priorities",
    "Sequences",
    "Worth",
    "information",
    "optimise",
    "priorities",
    "sequence",
    "worth",
]
