"""The terminal of `make run` shows what a person has to know; the log keeps all."""

from pathlib import Path

import pytest

from config.local.terminal import Terminal

# What each process says in its own way, and whether it is to be seen.
LINES = [
    ("worker", "[2026-11-27 03:42:01,123: INFO/MainProcess] Task core.tasks.heartbeat[1-2] received", False),
    ("worker", "2026-11-27 03:42:01,123 INFO core.jobs.running Job 5 (import) begins, attempt 1.", False),
    ("web", "[2026-11-27 03:42:01 +0000] [123] [INFO] Booting worker with pid: 124", False),
    ("mail", "INFO received <abc@city.example>", False),
    ("beat", "2026-11-27 03:42:01,123 DEBUG celery.beat waits", False),
    ("web", "2026-11-27 03:42:01,123 WARNING core.health The database does not answer.", True),
    ("worker", "[2026-11-27 03:42:01,123: ERROR/ForkPoolWorker-1] Job 5 failed.", True),
    ("worker", "Traceback (most recent call last):", True),
    ("worker", "ValueError: INFO is a word like any other here", True),
    ("worker", "2026-11-27 03:42:02,123 INFO core.jobs.running Job 5", False),
    ("worker", "is failed.", False),
]
CRASH = [("late", "Traceback (most recent call last):", True), ("late", "ImportError: no module", True)]


@pytest.mark.parametrize("verbose", ["", "0", "1"])
def test_warnings_and_errors_are_shown_and_every_line_is_kept(
    tmp_path: Path, capsys, monkeypatch, verbose
) -> None:
    monkeypatch.setenv("VERBOSE", verbose)
    terminal = Terminal(tmp_path)
    terminal.open()
    for name, text, _seen in LINES + CRASH:
        terminal.pass_on(name, text)
    terminal.say("", "Ready: http://localhost:8000/")
    wanted = [f"{name:<8} | {text}" for name, text, seen in LINES + CRASH if seen or verbose == "1"]
    assert capsys.readouterr().out.splitlines() == [*wanted, "Ready: http://localhost:8000/"]
    kept = (tmp_path / "run.log").read_text().splitlines()
    assert kept == [
        *(f"{name:<8} | {text}" for name, text, _ in LINES + CRASH),
        "Ready: http://localhost:8000/",
    ]


def test_a_servers_log_is_shown_where_it_is_out_of_the_ordinary(tmp_path: Path, capsys) -> None:
    log = tmp_path / "postgres.log"
    log.write_text("LOG: of another run, FATAL\n")
    terminal = Terminal(tmp_path)
    terminal.follow("postgres")
    with log.open("a") as more:
        more.write("LOG: checkpoint\nFATAL: too many connections\n")
    for _look in range(2):
        terminal.look_at_servers()
    assert capsys.readouterr().out.splitlines() == ["postgres | FATAL: too many connections"]
