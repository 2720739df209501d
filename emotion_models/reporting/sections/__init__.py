"""One module per part of the report: inputs in, blocks out."""
