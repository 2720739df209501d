"""Facts and equations: pure functions and constants, each with its source."""
