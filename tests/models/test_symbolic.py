"""Every equation gives the same numbers in NumPy and in PyTensor."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytensor.tensor as pt
import pytest
from graphs import evaluate

from emotion_models.models.chain import _symbolic_features
from emotion_models.models.recall import recall_features
from emotion_models.science.equations import elicitation, memory, ordinal, outcomes
from tests.models import builders
