"""Pages that are made from the project itself: the README, the evidence, the command line.

A Sphinx extension: it writes Markdown before anything is read, into folders that git ignores.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import click
    from sphinx.application import Sphinx

DOCS: Final = Path(__file__).resolve().parent
ROOT: Final = DOCS.parent
EXPERIMENTS: Final = ROOT / "experiments"
sys.path.append(str(EXPERIMENTS))

from readme import cell  # noqa: E402

IMAGE: Final = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
LINK: Final = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)\s#]+)(#[^)]*)?\)")


def setup(app: Sphinx) -> dict[str, Any]:
    """Let Sphinx make the pages before it looks for sources."""
    app.connect("config-inited", lambda *_: write_pages())
    return {"parallel_read_safe": True}


def write_pages() -> None:
    """Write all generated pages anew."""
    for name in ("evidence", "reference/commands.md"):
        old = DOCS / name
        shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
    write_evidence(DOCS / "evidence")
    (DOCS / "reference" / "commands.md").write_text(commands_page(), encoding="utf-8")


def lay_out(folder: Path, *, fit: Path) -> Path:
    """Put the hotel study where pages run their code: stays.csv, stays.toml, stays.fit."""
    folder.mkdir(parents=True, exist_ok=True)
    hotel = ROOT / "datasets" / "hotel-stays"
    for source, name in (("hotel-stays.csv", "stays.csv"), ("codebook.toml", "stays.toml")):
        shutil.copyfile(hotel / source, folder / name)
    shutil.copyfile(fit, folder / "stays.fit")
    return folder


def write_evidence(folder: Path) -> None:
    """Write one page for each experiment, its README, and one that lists all claims."""
    folder.mkdir()
    readmes = sorted(EXPERIMENTS.glob("*/README.md"))
    for readme in readmes:
        text = IMAGE.sub(lambda m: m[0] if made(readme, m[1]) else "", readme.read_text("utf-8"))  # noqa: B023
        for picture in IMAGE.findall(text):
            target = folder / readme.parent.name / picture
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(readme.parent / picture, target)
        page = IMAGE.sub(lambda m: m[0].replace(m[1], f"{readme.parent.name}/{m[1]}"), text)  # noqa: B023
        (folder / f"{readme.parent.name}.md").write_text(relinked(page, readme), encoding="utf-8")
    (folder / "index.md").write_text(evidence_page(readmes), encoding="utf-8")


def made(readme: Path, picture: str) -> bool:
    """Whether an experiment has its picture: one that was not run yet has none."""
    return (readme.parent / picture).is_file()


def relinked(text: str, source: Path) -> str:
    """Point links between files of the repository at their pages; others become plain words."""

    def replaced(match: re.Match[str]) -> str:
        words, target = match[1], (source.parent / match[2]).resolve()
        if target.is_relative_to(DOCS) and target.suffix == ".md":
            return f"[{words}](../{target.relative_to(DOCS)}{match[3] or ''})"
        if target.is_relative_to(EXPERIMENTS):
            name = target.relative_to(EXPERIMENTS).parts[0]
            return f"[{words}]({name}.md)"
        return words

    return LINK.sub(replaced, text)


def evidence_page(readmes: list[Path]) -> str:
    """List every claim of every experiment, those that do not hold as well."""
    lines = [
        "# Evidence",
        "",
        "Questions about the method, each with a script that anyone can run, its result and its "
        "answer. This page is generated from the results; what does not hold stands here too.",
        "",
        "| question | claim | figure | target | holds |",
        "| :-- | :-- | --: | :-- | :-- |",
    ]
    for readme in readmes:
        title = readme.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        link = f"[{title}]({readme.parent.name}.md)"
        found = list(claims(readme.parent / "results" / "summary.json"))
        for claim in found or [{"claim": "see the page", "figure": "", "target": "", "holds": ""}]:
            cells = (link, *(cell(claim.get(k)) for k in ("claim", "figure", "target", "holds")))
            lines.append("| " + " | ".join(cells) + " |")
            link = ""
    tree = ["```{toctree}", ":hidden:", *(f"{each.parent.name}" for each in readmes), "```"]
    return "\n".join([*lines, "", *tree, ""])


def claims(summary: Path) -> Iterator[dict[str, Any]]:
    """Claims of one experiment, none where it keeps no summary."""
    if not summary.is_file():
        return
    data = json.loads(summary.read_text(encoding="utf-8"))
    yield from data if isinstance(data, list) else data.get("claims", [])


def commands_page() -> str:
    """Help of every command, as the command line prints it."""
    import click

    from emotion_models.cli import group

    context = click.Context(group, info_name="emotion-models")
    parts = ["# Command line", "", *_help(group, context)]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            inner = click.Context(command, info_name=name, parent=context)
            parts += [f"## {name}", "", *_help(command, inner)]
    return "\n".join(parts)


def _help(command: click.Command, context: click.Context) -> list[str]:
    show: Callable[[click.Context], str] = command.get_help
    return ["```text", show(context), "```", ""]
