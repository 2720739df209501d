"""What a changed journey would do."""

from emotion_models.simulation.answers import Difference, Simulation
from emotion_models.simulation.change import Change
from emotion_models.simulation.simulate import simulate

__all__ = ["Change", "Difference", "Simulation", "simulate"]
