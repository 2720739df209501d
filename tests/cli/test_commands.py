"""Each command parses, calls one verb and shows its result; errors are words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import emotion_models as em
from emotion_models import cli
from emotion_models.commands.simulate import split_setting
from emotion_models.errors import InputProblems, Problem, SamplingError, StoreError
from emotion_models.previews import caution_of
from tests.cli.fakes import FakePackage


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("stays.csv", "stays.toml", "stays.fit", "change.toml"):
        Path(name).write_text("")
    return tmp_path


pytestmark = pytest.mark.usefixtures("files")


def run(line: str) -> int:
    return cli.main(line.split())


def fail(error: BaseException) -> Any:
    def verb(*_: Any, **__: Any) -> None:
        raise error

    return verb


PROBLEMS = InputProblems(
    "stays.csv",
    [Problem("row 17, touchpoint 'chekin'", "not in the codebook", "did you mean 'check-in'?")],
)


def test_codebook(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("codebook stays.csv") == 0
    assert 'name = "stays"' in capsys.readouterr().out
    assert run("codebook stays.csv --out draft.toml") == 0
    assert Path("draft.toml").read_text().startswith("[study]")


def test_taxonomy(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("taxonomy ekman") == 0
    shown = capsys.readouterr().out
    assert "six basic emotions" in shown
    assert "no coordinates known here" in shown
    assert run("taxonomy ekman --toml --scale felt") == 0
    assert capsys.readouterr().out.count('scale = "felt"') == 6
    assert run("taxonomy ekmann") == 2
    assert "did you mean 'ekman'?" in capsys.readouterr().err


def test_check(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check stays.csv --codebook stays.toml --json") == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["ok"] is True
    assert verdict["journeys"] == 3


def test_check_lists_every_problem(
    package: FakePackage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(em.__dict__, "read_survey", fail(PROBLEMS))
    assert run("check stays.csv --codebook stays.toml") == 1
    assert "did you mean 'check-in'?" in capsys.readouterr().err
    assert run("check stays.csv --codebook stays.toml --json") == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["problems"][0]["where"] == "row 17, touchpoint 'chekin'"


def test_fit(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    line = "fit stays.csv --codebook stays.toml --out new.fit --seed 7 --draws 10 --chains 2"
    assert run(f"{line} --memory mean+end --priors literature --quiet") == 0
    assert package.calls[-1] == ("fit", "mean+end, literature", 7, 10, 400, 2, "auto", False)
    assert Path("new.fit").read_text() == "saved"
    package.status, package.caution = "FAIL", caution_of("laplace")
    assert run(f"{line} --method laplace") == 1
    assert package.calls[-1][-2] == "laplace"
    assert package.caution in capsys.readouterr().out
    assert run(f"{line} --method guess") == 2


def test_fit_takes_any_option_of_the_model(package: FakePackage) -> None:
    line = "fit stays.csv --codebook stays.toml --out new.fit"
    assert run(f"{line} --option scoring=monotonic --option weighted=true") == 0
    said = {"scoring": "monotonic", "weighted": True}
    assert package.calls[-1][1] == f"mean+peak+end+first, weak, {said}"
    assert run(f"{line} --option weighted") == 2


def test_fit_minds_its_output_before_it_samples(package: FakePackage) -> None:
    assert run("fit stays.csv --codebook stays.toml --out absent/new.fit") == 2
    assert package.calls == []


def test_effects(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("effects stays.fit --on return --by segment --csv effects.csv") == 0
    assert package.calls == [("effects", "return", "segment")]
    assert "summary of effects" in capsys.readouterr().out
    assert Path("effects.csv").read_text().startswith("outcome,mean,lower\nreturn,")
    assert run("effects stays.fit --json") == 0
    assert package.calls[-1] == ("effects", None, "emotion")
    assert run("effects stays.fit --by identity --json") == 0
    assert package.calls[-1] == ("effects", None, "identity")
    capsys.readouterr()
    assert run("effects stays.fit --json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows == [{"outcome": "return", "mean": pytest.approx(0.3), "lower": None}]


def test_measure(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("measure stays.fit --csv items.csv") == 0
    assert package.calls == [("measure",)]
    assert "summary of measurement" in capsys.readouterr().out
    assert Path("items.csv").read_text().startswith("outcome,mean,lower\nreturn,")
    assert run("measure stays.fit --json") == 0
    assert json.loads(capsys.readouterr().out)[0]["lower"] is None


@pytest.mark.parametrize("verb", ["importance", "robustness", "halo", "specificity"])
def test_other_answers(verb: str, package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    on = "" if verb == "specificity" else "--on return"
    assert run(f"{verb} stays.fit {on} --csv table.csv") == 0
    assert package.calls[-1][0] == verb
    assert f"summary of {verb}" in capsys.readouterr().out
    assert Path("table.csv").read_text().startswith("outcome,mean,lower\nreturn,")
    assert run(f"{verb} stays.fit --json") == 0
    assert json.loads(capsys.readouterr().out)[0]["lower"] is None
    calls = len(package.calls)
    assert run(f"{verb} stays.fit --csv absent/table.csv") == 2
    assert len(package.calls) == calls


def test_compare(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("compare stays.fit valence-only mean-only") == 0
    assert package.calls == [("compare", "valence-only", "mean-only", "journey")]
    assert "summary of comparison" in capsys.readouterr().out
    assert run("compare stays.fit mean-only --by respondent") == 0
    assert package.calls[-1] == ("compare", "mean-only", "respondent")


def test_criticise(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("criticise stays.fit --csv answers.csv") == 0
    assert package.calls == [("criticise",)]
    assert "summary of criticism" in capsys.readouterr().out
    assert Path("answers.csv").read_text().startswith("outcome,mean,lower\nreturn,")
    assert run("criticise stays.fit --json") == 0
    tables = json.loads(capsys.readouterr().out)
    assert list(tables) == ["answers", "calibration", "reliability", "transforms"]


def test_simulate(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    line = "simulate stays.fit change.toml --set check-in.wait_minutes=5 --set check-in.desk=app"
    assert run(f"{line} --shift check-in.frustration=-1 --json") == 0
    assert package.calls == [
        (
            "simulate",
            ("file", "change.toml"),
            ("at", "check-in"),
            ("lever", "wait_minutes", 5.0),
            ("at", "check-in"),
            ("lever", "desk", "app"),
            ("at", "check-in"),
            ("emotion", "frustration", -1.0),
        )
    ]
    assert json.loads(capsys.readouterr().out)[0]["outcome"] == "return"


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("--why return", "why return"),
        ("--uncertainty return", "uncertainty of return"),
        ("--remembered", "memory"),
        ("--winners", "winners"),
        ("--draws 9", "simulation"),
    ],
)
def test_simulate_says_more(
    package: FakePackage, capsys: pytest.CaptureFixture[str], asked: str, word: str
) -> None:
    line = "simulate stays.fit --shift room.joy=1 --for leisure --reach 0.5"
    assert run(f"{line} {asked}") == 0
    assert f"summary of {word}" in capsys.readouterr().out
    first = package.calls[0][1:3]
    assert first == (("among", "leisure", ""), ("reaching", 0.5))
    assert (("draws", 9) in package.calls[0]) == ("--draws" in asked)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("simulate stays.fit", "nothing to simulate"),
        ("simulate stays.fit --shift room.joy=1 --why return --winners", "give one of"),
        ("simulate stays.fit --set wait_minutes=5", "TOUCHPOINT.NAME=VALUE"),
        ("simulate stays.fit --set check-in.wait_minutes", "TOUCHPOINT.NAME=VALUE"),
        ("simulate stays.fit --shift check-in.joy=much", "not a number of scale points"),
        ("report stays.fit --out stays.docx", "a report ends in one of .pdf"),
        ("effects absent.fit", "does not exist"),
        ("effekts stays.fit", "No such command"),
        ("fit stays.csv", "Missing option"),
    ],
)
def test_bad_input(
    package: FakePackage, capsys: pytest.CaptureFixture[str], line: str, words: str
) -> None:
    assert run(line) == 2
    shown = capsys.readouterr()
    assert words in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_names_may_hold_dots() -> None:
    assert split_setting("lobby.2.wait_minutes = 5=") == ("lobby.2", "wait_minutes", "5=")


@pytest.mark.parametrize("ending", ["pdf", "html", "md", "json"])
def test_report(package: FakePackage, ending: str) -> None:
    assert run(f"report stays.fit --out stays.{ending} --change change.toml") == 0
    assert package.calls[-1] == ("report", 1)
    assert Path(f"stays.{ending}").read_text() == "report"
    assert run(f"report stays.fit --out stays.{ending}") == 0
    assert package.calls[-1] == ("report", 0)


def test_what_a_report_is_to_be(package: FakePackage) -> None:
    asked = "--audience board --section limits --section audit --title Stays --smallest-group 0"
    assert run(f"report stays.fit --out stays.pdf {asked}") == 0
    assert package.calls[-1][2:] == (
        ("audience", "board"), ("sections", ("limits", "audit")), ("smallest_group", 0),
        ("title", "Stays"),
    )  # fmt: skip
    assert run("report stays.fit --out stays.pdf --audience crowd") == 2


def test_a_supplement_is_a_new_folder(
    package: FakePackage, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("report stays.fit --out stays.pdf --supplement pieces") == 0
    assert Path("pieces").is_dir()
    asked = len(package.calls)
    assert run("report stays.fit --out stays.pdf --supplement pieces") == 2
    assert "exists already" in capsys.readouterr().err
    assert len(package.calls) == asked  # refused before anything is computed


def test_demo(package: FakePackage, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("demo --out all/here --quick") == 0
    made = {path.name for path in Path("all/here").iterdir()}
    assert made >= {"stays.fit", "report.pdf", "report.html", "effects.csv", "simulation.png"}
    assert package.calls[0] == ("load_dataset", "hotel-stays")
    shown = capsys.readouterr().out
    assert "summary of simulation" in shown
    assert "Seconds per step" in shown
    Path("file").write_text("")
    assert run("demo --out file") == 2
    assert run("demo --out file/folder") == 3


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PROBLEMS, 2, "not in the codebook"),
        (em.EmotionModelsError("cannot be typeset"), 3, "cannot be typeset"),
        (SamplingError("no chain started"), 3, "no chain started"),
        (OSError(28, "No space left on device"), 3, "No space left"),
        (RuntimeError("odd"), 3, "This was not foreseen"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_exit_codes(
    package: FakePackage,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    words: str,
) -> None:
    monkeypatch.setitem(em.__dict__, "effects", fail(error))
    assert run("effects stays.fit") == code
    shown = capsys.readouterr().err
    assert words in shown
    assert "Traceback" not in shown


def test_store_errors_are_bad_input_when_loading_and_failures_when_saving(
    package: FakePackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(em.__dict__, "load", fail(StoreError("cut short")))
    assert run("effects stays.fit") == 2
    monkeypatch.setitem(em.__dict__, "save", fail(StoreError("the disk is full")))
    assert run("fit stays.csv --codebook stays.toml --out new.fit") == 3


def test_a_traceback_on_request(
    package: FakePackage, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cli.TRACEBACK, "1")
    monkeypatch.setitem(em.__dict__, "effects", fail(RuntimeError("odd")))
    assert run("effects stays.fit") == 3
    assert "Traceback" in capsys.readouterr().err


def test_a_failed_check_is_remarked(
    package: FakePackage, capsys: pytest.CaptureFixture[str]
) -> None:
    package.status = "FAIL"
    assert run("effects stays.fit") == 0
    assert "checks of this fit say FAIL" in capsys.readouterr().err


COMMANDS = [
    *("codebook", "check", "fit", "measure", "effects", "importance", "memory", "identify"),
    *("robustness", "halo", "compare", "specificity", "criticise", "simulate", "worth"),
    *("optimise", "sequence", "priorities", "report", "app", "demo"),
    "taxonomy",
]


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in COMMANDS)
    assert list(cli.group.commands) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"{command} --help") == 0
    assert f"Usage: emotion-models {command}" in capsys.readouterr().out
