"""`gongche dispatch simulate`: its tables and charts, and a sentence for what is no scenario."""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from gateway.cli import simulating
from gateway.cli.commands import app

SCENARIO = """
[places.hall]
latitude = 43.30
longitude = 114.60
[places.office]
latitude = 43.32
longitude = 114.62
[[vehicles]]
base = "hall"
count = 2
[[requests]]
asked_s = 0
start_s = 36000
origin = "office"
destination = "hall"
"""


def told(tmp_path: Path, *words: str) -> str:
    """Return what the command prints, or its sentence of trouble."""
    end = CliRunner().invoke(
        app, ["dispatch", "simulate", *words], env={"GONGCHE_DATA_DIR": str(tmp_path / "data")}
    )
    return end.output if end.exit_code == 0 else f"{type(end.exception).__name__}: {end.exception}"


def test_a_scenario_gives_a_table_and_a_chart_in_two_languages(tmp_path: Path) -> None:
    file, chart = tmp_path / "day.toml", tmp_path / "day.svg"
    file.write_text(SCENARIO)
    out = told(tmp_path, "--scenario", str(file), "--compare", "--chart", str(chart))
    assert "1 requests, 1 of them in advance; 2 vehicles" in out
    assert "| greedy nearest | 1 | 0 | 0 | 100.0 %" in out
    ElementTree.fromstring(chart.read_text())
    chinese = ("--sizes", "1,2", "--language", "zh", "--chart", str(chart))
    assert "| 车辆数 |" in told(tmp_path, "--scenario", str(file), *chinese)
    assert "车辆数与服务水平" in chart.read_text()


def test_where_nothing_is_asked_nothing_is_said_to_be_in_time(tmp_path: Path) -> None:
    file, chart = tmp_path / "quiet.toml", tmp_path / "quiet.svg"
    nobody = "[invented]\nrequests_a_day = 0.0001\ndays = 1\n"
    file.write_text(SCENARIO[: SCENARIO.index("[[requests]]")] + nobody)
    out = told(tmp_path, "--scenario", str(file), "--chart", str(chart))
    assert "| 0 | 0 | 0 | — | 0 / 0 |" in out
    ElementTree.fromstring(chart.read_text())


def test_an_empty_list_of_requests_is_a_day_on_which_nobody_asks(tmp_path: Path) -> None:
    file = tmp_path / "quiet.toml"
    file.write_text("requests = []\n" + SCENARIO[: SCENARIO.index("[[requests]]")])
    assert "| 0 | 0 | 0 | — | 0 / 0 |" in told(tmp_path, "--scenario", str(file))


@pytest.mark.parametrize("text", ["[1,2]", "null", "3"])
def test_json_that_holds_no_names_is_told_without_a_class_of_ours(
    text: str, tmp_path: Path
) -> None:
    file = tmp_path / "day.json"
    file.write_text(text)
    out = told(tmp_path, "--scenario", str(file))
    assert out == "BadScenario: day.json is no scenario: it holds no names with values."


def test_a_chart_that_cannot_be_written_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulating, "run_policy", None)
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    for chart, word in (("no/week.svg", "no folder"), (".", "is a folder"), ("x.svg", "can't be")):
        out = told(tmp_path, "--chart", str(tmp_path / chart))
        assert out.startswith("BadChoice: ")
        assert word in out


def test_a_file_of_an_editor_that_marks_its_byte_order_is_read(tmp_path: Path) -> None:
    file = tmp_path / "day.toml"
    file.write_text(SCENARIO, encoding="utf-8-sig")
    assert "1 requests" in told(tmp_path, "--scenario", str(file))


def test_what_is_no_file_is_not_read_and_a_scenario_not_overwritten(tmp_path: Path) -> None:
    for endless in (Path("/dev/zero"), tmp_path):
        assert "is no file" in told(tmp_path, "--scenario", str(endless))
    file = tmp_path / "day.toml"
    file.write_text(SCENARIO)
    beside = f"{tmp_path}/../{tmp_path.name}/day.toml"
    assert "would overwrite" in told(tmp_path, "--scenario", str(file), "--chart", beside)
    assert file.read_text() == SCENARIO


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[places", "is neither TOML nor JSON"),
        ("places = 3", "is no scenario: places"),
        (SCENARIO.replace("count = 2", "count = 9999"), "vehicles.0.count"),
        (SCENARIO.replace("start_s = 36000", "start_s = -1"), "requests.0.start_s"),
        (SCENARIO.replace("start_s = 36000", "start_s = nan"), "requests.0.start_s"),
        (SCENARIO.replace('origin = "office"', 'origin = "moon"'), "there is no place moon"),
        (SCENARIO[: SCENARIO.index("[[requests]]")], "is no scenario: a scenario has either"),
        (SCENARIO + "\n[house]\nlunch_s = 1", "the house has no rule lunch_s"),
    ],
)
def test_a_file_that_is_no_scenario_gives_a_sentence(
    text: str, sentence: str, tmp_path: Path
) -> None:
    file = tmp_path / "day.toml"
    file.write_text(text)
    out = told(tmp_path, "--scenario", str(file))
    assert out.startswith("BadScenario: ")
    assert sentence in out
    assert "Value error" not in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--sizes", "ten"), "Sizes are numbers of vehicles"),
        (("--sizes", "0,3"), "1 to 5000 vehicles"),
        (("--scenario", "no.toml"), "can't be read"),
        (("--scenario", "no.toml", "--from-history", "2026-11-02"), "not both"),
        (("--organisation", "00000000-0000-0000-0000-000000000001"), "for --from-history"),
        (("--from-history", "2026-11-02"), "database"),
        (("--from-history", "9999-12-31"), "9999"),
        (("--from-history", "0001-01-01"), "of the year 1."),
    ],
)
def test_options_that_make_no_sense_give_a_sentence(
    words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    assert sentence.lower() in told(tmp_path, *words).lower()
