"""What the page answers, asked without a browser."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest

import emotion_models as em
from emotion_models.app.study import study_of
from emotion_models.inference import Fit
from tests.app.conftest import Page, page_of


def test_first_page_has_all_of_it(page: Page) -> None:
    home = page.get("/")
    assert home.status_code == 200
    text = home.text
    assert "Tiny stays" in text
    assert "Checks of this fit FAIL" in text
    for station in page.study.stations:
        assert station.label in text
    assert text.count('type="range"') == 2 + 2 + 3 * 4  # levers, whom, feelings
    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick" not in text


def test_moving_a_lever_is_simulated_and_saved(page: Page) -> None:
    page.open(page_id(page))
    reply = page.edit("first-idea", **{"l.0.0.on": "1", "l.0.0": "5", "moved": "l.0.0"})
    assert reply.status_code == 200
    assert "<svg" in reply.text
    assert re.search(r"90% between [+−].* and [+−]", reply.text)
    saved = em.Change.from_text(page.file("first-idea"))
    assert saved.steps == em.Change().at("check-in").lever("wait_minutes", to=5).steps
    expected = em.simulate(page.desk.fit, saved, draws=20).everybody("return").mean() * 100
    shown = re.search(r">Return</h3>\s*<p class=\"amount\">([+−][\d.]+)", reply.text)
    assert shown
    assert float(shown[1].replace("−", "-")) == pytest.approx(expected, abs=0.5)


def page_id(page: Page) -> str:
    return str(page.get("/").url.path).rpartition("/")[2]


def test_words_follow_the_claim(page: Page) -> None:
    page.open(page_id(page))
    text = page.edit("first-idea", **{"e.1.0": "1"}).text
    assert "What goes along with this change, other things measured being equal" in text
    assert "of 100 stays" in text
    assert "chance of harm" in text


def test_order_stations_and_undo(page: Page) -> None:
    page.open(page_id(page))
    assert page.form["stop"] == ["s:0", "s:1", "s:2"]
    page.edit("first-idea", stop=["s:1", "s:0", "s:2"])
    page.edit("first-idea", off=["s:2"])
    added = page.post(
        "/s/first-idea/add", {**page.form, "add_name": "Thank-you call", "add_like": "1"}
    )
    assert added.status_code == 200
    assert 'value="a:1:Thank-you call"' in added.text
    steps = [str(step) for step in em.Change.from_text(page.file("first-idea")).steps]
    assert steps == [
        "check-out removed",
        "order room, check-in",
        "Thank-you call added after check-in (like room)",
    ]
    page.open("first-idea")
    undone = page.post("/s/first-idea/undo", page.form)
    assert 'value="a:1:Thank-you call"' not in undone.text
    page.open("first-idea")  # a reload forgets nothing
    redone = page.post("/s/first-idea/redo", page.form)
    assert 'value="a:1:Thank-you call"' in redone.text


def test_one_slider_is_one_step_to_undo(page: Page) -> None:
    page.open(page_id(page))
    for value in ("9", "8", "7"):
        page.edit("first-idea", **{"l.0.0.on": "1", "l.0.0": value, "moved": "l.0.0"})
    page.edit("first-idea", **{"e.1.0": "1", "moved": "e.1.0"})
    page.post("/s/first-idea/undo", page.form)
    page.open("first-idea")
    page.post("/s/first-idea/undo", page.form)
    assert "[[step]]" not in page.file("first-idea")
    assert page.post("/s/first-idea/undo", page.form).status_code == 200  # nothing left: no harm


def test_added_stations_can_be_felt(page: Page) -> None:
    page.open(page_id(page))
    page.form["stop"] = ["s:0", "s:1", "a:1:call", "r:0:check-in (2)", "s:2"]
    reply = page.edit("first-idea", **{"e.+call.0": "2"})
    assert reply.status_code == 200
    steps = [str(step) for step in em.Change.from_text(page.file("first-idea")).steps]
    assert steps[-1] == "joy at call changed by +2"


def test_for_whom(page: Page) -> None:
    page.open(page_id(page))
    page.edit("first-idea", group="business", share="50", **{"e.1.0": "1"})
    step = em.Change.from_text(page.file("first-idea")).steps[0]
    assert (step.who.group, step.who.share) == ("business", 0.5)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"where": "wait_minutes at check-in > 44"}, "fewer than 10 people"),
        ({"where": "__import__('os')"}, "cannot read"),
        ({"where": "x" * 400}, "too long"),
        ({"share": "1e9"}, "give 0 to 100"),
        ({"share": "nan"}, "not a number"),
        ({"group": "staff"}, "no group"),
        ({"l.0.0.on": "1", "l.0.0": "inf"}, "not a number"),
        ({"l.0.0.on": "1", "l.0.0": "9999"}, "the codebook says"),
        ({"l.0.1": "teleport"}, "no &#39;teleport&#39;"),
        ({"e.1.0": "99"}, "its scale has"),
        ({"stop": ["s:0", "s:0", "s:1", "s:2"]}, "there twice"),
        ({"stop": ["s:0"]}, "missing"),
        ({"stop": ["s:0", "s:1", "s:2", "a:7:x"]}, "is not one"),
        ({"stop": ["s:0", "s:1", "s:2", "../../etc"]}, "is not one"),
        ({"kept": ["0"]}, "changed meanwhile"),
    ],
)
def test_hostile_forms_are_refused_and_nothing_is_saved(
    page: Page, fields: dict[str, str], words: str
) -> None:
    page.open(page_id(page))
    before = page.file("first-idea")
    page.form["e.1.1"] = "1"
    reply = page.edit("first-idea", **fields)
    assert reply.status_code == 422
    assert words in reply.text
    assert reply.headers["hx-retarget"] == "#notice"
    assert page.file("first-idea") == before
    assert page.get("/").status_code == 200


@pytest.mark.parametrize("sign", ["<", ">"])
def test_neither_few_people_nor_all_but_few(tiny: Fit, page: Page, sign: str) -> None:
    page.open(page_id(page))
    waits = np.sort(tiny.data["lever_value"].isel(lever=0, touchpoint=0).to_numpy())
    waits = waits[np.isfinite(waits)]
    for at in (waits[4], waits[-5]):
        where = f"wait_minutes at check-in {sign} {at}"
        reply = page.edit("first-idea", where=where, **{"e.1.0": "1"})
        assert reply.status_code == 422, where
        assert "fewer than 10 people" in reply.text
    middle = f"wait_minutes at check-in {sign} {np.median(waits)}"
    assert page.edit("first-idea", where=middle).status_code == 200


def test_two_tabs_lose_nothing(page: Page) -> None:
    page.open(page_id(page))
    mine = dict(page.form)
    page.tab = "b" * 16
    page.open("first-idea")
    assert page.edit("first-idea", **{"e.1.0": "1"}).status_code == 200
    theirs = page.file("first-idea")
    page.form = {**mine, "e.1.1": "-1"}
    reply = page.edit("first-idea")
    assert reply.status_code == 409
    assert "changed elsewhere" in reply.text
    assert page.file("first-idea") == theirs
    kept = page.post("/s/first-idea/mine", page.form)
    id_ = kept.headers["hx-redirect"].rpartition("/")[2]
    assert "gratitude" in page.file(id_)
    assert page.file("first-idea") == theirs


def test_the_same_tab_may_answer_late(page: Page) -> None:
    page.open(page_id(page))
    old = page.form["version"]
    page.edit("first-idea", **{"e.1.0": "1"})
    page.form["version"] = old
    assert page.edit("first-idea", **{"e.1.0": "2"}).status_code == 200


def test_scenarios_come_go_and_come_back(page: Page) -> None:
    page.get("/")
    made = page.post("/new", {"name": "../../Faster: <b>check-in</b>"})
    id_ = made.headers["location"].rpartition("/")[2]
    assert re.fullmatch(r"[a-z0-9-]+", id_)
    assert (page.folder / f"{id_}.toml").is_file()
    assert "<b>check-in" not in page.get(f"/s/{id_}").text
    copied = page.post(f"/s/{id_}/copy", {"name": "Second"})
    assert copied.headers["location"] == "/s/second"
    renamed = page.post("/s/second/rename", {"name": "Third", "tab": page.tab})
    assert renamed.headers["hx-redirect"] == "/s/second"
    assert "Third" in page.get("/s/second").text
    gone = page.post("/s/second/delete")
    kept = re.search(r'name="kept" value="([^"]+)"', gone.text)
    assert kept
    assert page.get("/s/second").status_code == 404
    back = page.post("/restore", {"kept": kept[1]})
    assert "Third" in page.get(back.headers["location"]).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml [", "not TOML"),
        ('[[step]]\ntouchpoint = "moon"\nlever = "wait_minutes"\nto = 1', "no touchpoint"),
        ("[[step]]\n" * 400, "problem"),
        ("step = " + "[" * 5000, "problem"),
        ('[[step]]\nremove = "room"\nhack = 1', "hack"),
    ],
)
def test_hostile_files_are_refused(page: Page, text: str, words: str) -> None:
    page.get("/")
    reply = page.post("/import", {"name": "x.toml", "text": text})
    assert reply.status_code in {400, 422}
    assert words in reply.text or "cannot be done" in reply.text
    assert page.get("/").status_code == 200


def test_a_good_file_is_taken_in(page: Page) -> None:
    change = em.Change().at("room").lever("upgrade", to=1).move("room", before="check-in")
    made = page.post("/import", {"name": "better room.toml", "text": change.to_toml()})
    text = page.get(made.headers["location"]).text
    assert "better room" in text
    assert "room moved before check-in" in text


def test_files_from_elsewhere_are_shown_not_changed(page: Page) -> None:
    page.get("/")
    other = page.file("first-idea").replace(page.study.hash, "f" * 64).replace("First", "Other")
    (page.folder / "other.toml").write_text(other, encoding="utf-8")
    (page.folder / "broken.toml").write_text("[[", encoding="utf-8")
    (page.folder / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (page.folder / "huge.toml").write_bytes(b"#" * 100_000)
    shown = page.get("/s/other")
    assert "made for another fit" in shown.text
    assert page.edit("other", **{"e.1.0": "1"}).status_code == 409
    assert page.file("other") == other
    adopted = page.post("/s/other/adopt")
    assert "Other idea" in page.get(adopted.headers["location"]).text
    for broken in ("broken", "binary", "huge"):
        reply = page.get(f"/s/{broken}")
        assert 400 <= reply.status_code < 500
    assert "broken" in page.get("/s/first-idea").text


@pytest.mark.parametrize("path", ["/s/..%2f..%2fetc", "/s/.x", "/s/A", "/nowhere", "/static/x/y"])
def test_no_path_reaches_the_disk(page: Page, path: str) -> None:
    page.get("/")
    assert page.get(path).status_code == 404


def test_exports(page: Page, tmp_path: Path) -> None:
    page.open(page_id(page))
    page.edit("first-idea", **{"l.0.0.on": "1", "l.0.0": "5"})
    caution = "Checks of this fit FAIL"
    for kind in ("toml", "csv", "svg", "png", "md", "html"):
        reply = page.get(f"/s/first-idea/export.{kind}")
        assert reply.status_code == 200, kind
        assert f'filename="first-idea.{kind}"' in reply.headers["content-disposition"]
        if kind != "png":
            assert caution in reply.text.replace("\n", " "), kind
    assert page.get("/s/first-idea/export.png").content.startswith(b"\x89PNG")
    assert page.get("/s/first-idea/export.exe").status_code == 404
    path = tmp_path / "change.toml"
    path.write_text(page.get("/s/first-idea/export.toml").text, encoding="utf-8")
    again = em.Change.from_toml(path)
    assert again.steps == em.Change().at("check-in").lever("wait_minutes", to=5).steps
    rows = list(csv.DictReader(io.StringIO(page.get("/s/first-idea/export.csv").text)))
    assert {row["group"] for row in rows} == {"everybody", "business", "leisure"}
    assert float(rows[0]["lower"]) <= float(rows[0]["difference"]) <= float(rows[0]["upper"])


def test_compare_side_by_side(page: Page) -> None:
    page.open(page_id(page))
    page.edit("first-idea", **{"l.0.0.on": "1", "l.0.0": "5"})
    for name in ("b", "c", "d", "e"):
        page.post("/new", {"name": name})
    text = page.get("/compare?s=first-idea&s=b&s=c&s=d&s=e&s=../x").text
    assert text.count('<th scope="col">') == 4
    assert "Only 4 at once" in text
    assert "best of these with" in text
    assert caution_of(text)
    table = page.get("/compare.csv?s=first-idea&s=b").text
    assert {row["scenario"] for row in csv.DictReader(io.StringIO(table))} == {"First idea", "b"}
    assert page.get("/compare?s=nope").status_code == 200


def caution_of(text: str) -> bool:
    return "Checks of this fit FAIL" in text


def test_small_groups_are_not_shown(tiny: Fit, page: Page) -> None:
    from dataclasses import replace

    from emotion_models.app.findings import findings_of

    study = replace(page.study, segments=(("leisure", "leisure"),), hidden=frozenset({"business"}))
    found = findings_of(study, em.simulate(tiny, em.Change(), draws=10))
    assert all([line.segment for line in lines] == ["leisure"] for lines in found.groups.values())
    hidden = replace(page.study, few=frozenset({("room", "joy")}))
    hidden = replace(hidden, points={k: v for k, v in study.points.items() if k not in hidden.few})
    from emotion_models.app.curves import curves_of
    from emotion_models.app.sketch import Sketch

    change = em.Change().at("room").emotion("joy", by=1)
    sketch = Sketch.of(change, study.touchpoints)
    (curve,) = curves_of(hidden, em.simulate(tiny, change, draws=10), sketch, ("joy",))
    assert curve.before[1] is None
    assert curve.after[1] is None


def test_without_stage_1_there_are_no_levers_and_it_is_said(tiny: Fit, tmp_path: Path) -> None:
    from dataclasses import replace

    model = tiny.model.model_copy(update={"elicitation": False})
    fit = replace(tiny, model=model)
    page = page_of(fit, study_of(fit), tmp_path / "x.scenarios")
    text = page.open(page_id(page))
    assert "has no stage 1" in text
    assert 'name="l.' not in text
    assert page.edit("first-idea", **{"e.1.0": "1"}).status_code == 200


def test_no_answer_of_one_person_is_on_the_page(page: Page) -> None:
    """The slider's ends are the codebook's, today's value is a mean over ten or more."""
    for station in page.study.stations:
        for dial in station.dials:
            if dial.kind == "numeric":
                assert (dial.low, dial.high) == (0.0, 45.0)
