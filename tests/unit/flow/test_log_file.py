from __future__ import annotations

import faulthandler
import io
import logging
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from gui.concur.redaction import Redactor
from gui.flow.fault_reports import redacted_fault_reports
from gui.flow.log_file import CRASH_NAME, LOG_NAME, crashes_noted, log_exchange, open_log
from tests.unit.flow.test_timeline import row

ROOT = Path(__file__).resolve().parents[3]
SECRET = "canary+secret/value=="


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.learn(SECRET)
    return redactor


def log_of(folder: Path) -> str:
    return (folder / LOG_NAME).read_text(encoding="utf-8")


def test_one_line_without_query_for_each_exchange(tmp_path: Path, redactor: Redactor) -> None:
    with open_log(tmp_path / "new" / "folder", redactor) as log:
        log_exchange(log, replace(row(12), url="https://concur.example/net2/x.ashx?code=0_abc&client_secret=y"))
        log_exchange(log, replace(row(3), status=None, failure="AnswerCutOff"))
    lines = log_of(tmp_path / "new" / "folder").splitlines()
    assert lines[0].endswith("INFO out probe concur.example/net2/x.ashx 200 12 ms")
    assert lines[1].endswith("INFO out probe 127.0.0.1/ AnswerCutOff 3 ms")
    assert len(lines) == 2


@pytest.mark.logs_warnings
def test_known_secrets_are_taken_out_of_messages_arguments_and_tracebacks(tmp_path: Path, redactor: Redactor) -> None:
    with open_log(tmp_path, redactor) as log:
        log.warning("a %s b", SECRET)
        try:
            int(SECRET)
        except ValueError:
            log.exception("oh")
    text = log_of(tmp_path)
    assert SECRET not in text
    assert text.count("[redacted]") >= 2
    assert "ValueError" in text


@pytest.mark.logs_warnings
def test_other_loggers_do_not_get_in_and_ours_does_not_get_out(tmp_path: Path, redactor: Redactor) -> None:
    everybody_elses = io.StringIO()
    root_handler = logging.StreamHandler(everybody_elses)
    logging.getLogger().addHandler(root_handler)
    with open_log(tmp_path, redactor) as log:
        logging.getLogger("another_library").warning("GET /?client_secret=%s", SECRET)
        log.info("ours")
    assert "client_secret" not in log_of(tmp_path)
    assert "ours" in log_of(tmp_path)
    logging.getLogger().removeHandler(root_handler)
    assert "client_secret" in everybody_elses.getvalue()
    assert "ours" not in everybody_elses.getvalue()


def test_after_the_block_nothing_is_written_and_no_handler_is_left(tmp_path: Path, redactor: Redactor) -> None:
    before = list(logging.getLogger("app_center_flow").handlers)
    with open_log(tmp_path, redactor) as log:
        log.info("inside")
    log.info("outside")
    assert logging.getLogger("app_center_flow").handlers == before
    assert "outside" not in log_of(tmp_path)


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "log").write_text("in the way")
    with open_log(tmp_path / "log", redactor) as log:
        log.info("nowhere")
    assert (tmp_path / "log").read_text() == "in the way"


def test_a_line_that_cannot_be_written_is_dropped_in_silence(
    tmp_path: Path, redactor: Redactor, capfd: pytest.CaptureFixture[str]
) -> None:
    if sys.platform != "linux":
        pytest.skip("/dev/full is Linux's")
    (tmp_path / LOG_NAME).symlink_to("/dev/full")
    with open_log(tmp_path, redactor) as log:
        log.info("lost")
    assert capfd.readouterr().err == ""


def test_the_log_is_bounded(tmp_path: Path, redactor: Redactor) -> None:
    with open_log(tmp_path, redactor) as log:
        for _ in range(70):
            log.info("x" * 100_000)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == [LOG_NAME, *(f"{LOG_NAME}.{number}" for number in (1, 2, 3))]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4.5 * 1024 * 1024


@pytest.mark.logs_warnings
def test_faults_of_every_thread_are_reported_redacted(
    tmp_path: Path, redactor: Redactor, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError(SECRET)

    hooks = (sys.excepthook, threading.excepthook)
    with open_log(tmp_path, redactor) as log, redacted_fault_reports(log, redactor):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        try:
            fail()
        except RuntimeError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert (sys.excepthook, threading.excepthook) == hooks
    shown = capsys.readouterr().err
    for text in (shown, log_of(tmp_path)):
        assert text.count("RuntimeError: [redacted]") == 2
        assert SECRET not in text


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_only_the_owner_may_read_the_log(tmp_path: Path, redactor: Redactor) -> None:
    with open_log(tmp_path / "home" / "log", redactor) as log:
        log.info("x")
    folder = tmp_path / "home" / "log"
    assert [place.stat().st_mode & 0o777 for place in (folder.parent, folder, folder / LOG_NAME)] == [
        0o700,
        0o700,
        0o600,
    ]


CRASH = """
import ctypes, sys
from pathlib import Path
from gui.flow.log_file import crashes_noted
secret = "canary-value"
with crashes_noted(Path(sys.argv[1])):
    ctypes.string_at(0)
"""


def test_crash_of_the_process_leaves_where_it_was(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path)], cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode != 0
    noted = (tmp_path / CRASH_NAME).read_text(encoding="utf-8")
    assert "string_at" in noted
    assert "canary" not in noted


def test_crashes_are_left_to_whoever_notes_them_already(tmp_path: Path) -> None:
    assert faulthandler.is_enabled()  # by pytest
    with crashes_noted(tmp_path):
        assert list(tmp_path.iterdir()) == []
    assert faulthandler.is_enabled()
