"""What has been imported when the window is painted for the first time: nothing that it can be painted without."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from gui import window
from gui.store.folders import HOME_VARIABLE
from tests.flow.scene import ROOT

if TYPE_CHECKING:
    from pathlib import Path

CHILD = """
import builtins, gc, json, linecache, os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
import gui.app
import gui.window

class Looking(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not seen:
            seen.update(modules=sorted(sys.modules), collecting=gc.isenabled())
        return False

def show(program):
    program.window.installEventFilter(looking)
    program.ready.connect(on_ready)
    program.window.show()

def on_ready():
    seen.update(at_ready=sorted(sys.modules), collecting_at_ready=gc.isenabled())
    sources = [name for name in linecache.cache if name.endswith(os.path.join("requests", "api.py"))]
    seen.update(looks_on=builtins.__import__ is builtins.__feature_import__, sources=sources)
    QTimer.singleShot(0, app.quit)

seen, looking, app = {}, Looking(), gui.window.make_application()
gui.window.WindowProgram.show = show
code = gui.app.main([])
print(json.dumps(seen))
sys.exit(code)
"""
LATER = (
    "requests",
    "urllib3",
    "keyring",
    "secretstorage",
    "cryptography",
    "truststore",
    "defusedxml",
    "h11",
    "jinja2",
    "psutil",
    "ssl",
    "http.client",
    "email",
    "asyncio",
    "msgspec",
    "platformdirs",
    "logging.handlers",
    "gui.messages",
    "gui.notice_words",
    "gui.concur.errors",
    "gui.concur.models",
    "gui.store.errors",
    "gui.store.files",
    "gui.flow.log_file",
    "gui.desktop.clipboard",
    "gui.wiring",
    "gui.widgets.document_view",
    "gui.widgets.raw_view",
    "gui.widgets.fields_view",
    "gui.widgets.timeline_table",
    "gui.widgets.exchange_view",
    "gui.concur.transport",
    "gui.session.session",
    "gui.sandbox.service",
    "gui.loopback.server",
    "gui.errands",
    "gui.closing",
    "gui.desktop.dialogs",
    "gui.widgets.profile_editor",
    "gui.widgets.issued_tokens",
    "gui.widgets.check_list_dialog",
    "gui.widgets.about_dialog",
)

ONLY_ON_LINUX = ("secretstorage", "cryptography")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    home: Path = tmp_path_factory.mktemp("home")
    ended = subprocess.run(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env={**os.environ, HOME_VARIABLE: str(home), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: dict[str, object] = json.loads(ended.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("module", LATER)
def test_what_is_looked_for_has_not_got_another_name(module: str) -> None:
    """A name that is nobody's any more is never imported, before the first paint or after it."""
    if module in ONLY_ON_LINUX and not sys.platform.startswith("linux"):
        pytest.skip("for Linux alone")
    assert find_spec(module) is not None


@pytest.mark.parametrize("module", LATER)
def test_it_is_imported_after_the_first_paint(seen: dict[str, object], module: str) -> None:
    assert module not in _names(seen["modules"])


@pytest.mark.parametrize(
    "module", ["requests", "h11", "gui.session.session", "gui.errands", "gui.notice_words", "gui.flow.log_file"]
)
def test_it_is_there_when_the_window_is_ready(seen: dict[str, object], module: str) -> None:
    assert module in _names(seen["at_ready"])


def test_garbage_is_collected_again_after_the_first_paint(seen: dict[str, object]) -> None:
    assert seen["collecting"] is False
    assert seen["collecting_at_ready"] is True


def test_nobody_reads_the_source_of_what_is_imported(seen: dict[str, object]) -> None:
    assert seen["looks_on"] is False
    assert seen["sources"] == []


def test_what_is_imported_beside_the_loop_has_nothing_of_qt_in_it() -> None:
    script = (
        f"import importlib, sys; [importlib.import_module(n) for n in {window._BESIDE_THE_LOOP!r}]; "
        "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))])"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


@pytest.mark.parametrize("module", [*window._BESIDE_THE_LOOP, *window._IN_THE_LOOP])
def test_a_bundle_finds_what_is_imported_by_its_name(module: str) -> None:
    """PyInstaller looks at import statements, so there has to be one of each, wherever."""
    assert module in _imported_anywhere()


@cache
def _imported_anywhere() -> frozenset[str]:
    found: set[str] = set()
    for path in (ROOT / "gui").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_types = {id(each) for node in ast.walk(tree) if _is_for_types(node) for each in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and id(node) not in for_types and node.module:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _names(value: object) -> list[str]:
    assert isinstance(value, list)
    return value
