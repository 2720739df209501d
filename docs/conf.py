"""How the documentation is built (``make docs``); its pages load nothing from elsewhere."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from generated_pages import lay_out  # noqa: E402

import emotion_models  # noqa: E402

# Pages that run code do so where a survey, its codebook and its fit lie.
desk = lay_out(ROOT / "docs" / "_build" / "desk", fit=ROOT / "demo-output" / "stays.fit")
os.environ["EMOTION_MODELS_DESK"] = str(desk)

project = "emotion_models"
author = "The emotion_models authors"
project_copyright = "The emotion_models authors, BSD 3-Clause"
version = release = emotion_models.__version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx-mathjax-offline",
    "generated_pages",
]
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]  # links out of docs/ are for readers of the repository

myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 120

autosummary_generate = True
autodoc_typehints = "none"  # numpydoc says them in words, with shapes and units
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_title = "emotion_models"
html_context = {"default_mode": "auto"}
html_static_path = ["_static"]
html_css_files = ["emotion_models.css"]
html_sidebars: dict[str, list[str]] = {"index": []}
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "show_prev_next": True,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_show_sourcelink = False
