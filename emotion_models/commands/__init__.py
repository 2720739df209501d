"""The commands of ``emotion-models``: each parses, calls one verb and shows its result."""
