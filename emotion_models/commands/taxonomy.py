"""``emotion-models taxonomy``: words to ask about, from a named set of emotions."""

from __future__ import annotations

import click

import emotion_models as em
from emotion_models.commands.console import EXIT_OK, show


@click.command(short_help="Show a named set of emotion words.")
@click.argument("name")
@click.option("--toml", is_flag=True, help="Print emotion tables for a codebook.")
@click.option("--scale", default="rating", show_default=True, help="Scale named in those tables.")
def taxonomy(name: str, toml: bool, scale: str) -> int:
    """Show the taxonomy NAME: default, ekman, plutchik, goemotions or consumer."""
    chosen = em.taxonomy(name)
    if toml:
        show(chosen.to_toml(scale=scale))
        return EXIT_OK
    show(chosen.summary())
    show("")
    show(chosen.table().to_string(index=False, na_rep=""))
    return EXIT_OK
