from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BAD_TESTS = [
    pytest.param(
        """
        import threading
        release = threading.Event()
        def test_leaves_a_thread():
            threading.Thread(target=release.wait, args=(30,), daemon=True, name="left-over").start()
        """,
        "threads left behind: left-over",
        id="thread",
    ),
    pytest.param(
        """
        import logging
        def test_logs_a_warning():
            logging.getLogger("anything").warning("watch out")
        """,
        "anything logged: watch out",
        id="log",
    ),
    pytest.param(
        """
        import warnings
        def test_warns():
            warnings.warn("old ways", DeprecationWarning)
        """,
        "DeprecationWarning: old ways",
        id="warning",
    ),
    pytest.param(
        """
        import threading
        def fail():
            raise ValueError("lost in a thread")
        def test_thread_raises():
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
        """,
        "lost in a thread",
        id="exception in a thread",
    ),
    pytest.param(
        """
        import gc, socket
        def test_leaves_a_socket():
            socket.socket()
            gc.collect()
        """,
        "unclosed",
        id="socket",
    ),
]


def _guards() -> str:
    """Return the suite's conftest without the real parts, and quick to complain."""
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    for line, quick in (
        ('pytest_plugins = ["pytester", "tests.real_browser", "tests.real_keyring", "tests.real_window"]', ""),
        ("THREAD_LIMIT_S = 5.0", "THREAD_LIMIT_S = 0.1"),
    ):
        assert line in conftest
        conftest = conftest.replace(line, quick)
    return conftest


@pytest.mark.parametrize(("source", "complaint"), BAD_TESTS)
def test_suite_fails_for(pytester: pytest.Pytester, source: str, complaint: str) -> None:
    pytester.makeconftest(_guards())
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\nfilterwarnings = ["error"]\n')
    pytester.makepyfile(source)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    outcomes = done.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) >= 1
    done.stdout.fnmatch_lines([f"*{complaint}*"])


def test_suite_passes_a_clean_test(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(_guards())
    pytester.makepyfile("def test_is_fine():\n    assert 1 + 1 == 2\n")
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
