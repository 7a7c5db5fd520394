from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6 import QtWidgets

from gui import __version__
from tests.meta import rules
from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]

PROGRAM_RULES = [
    rules.broad_excepts,
    rules.branches_on_error_texts,
    rules.readable_secrets,
    rules.vague_names,
    rules.undocumented_methods,
    rules.connected_without_slot,
    rules.connected_lambdas,
    rules.qt_beyond_core,
    rules.dialogs_elsewhere,
    rules.fixed_colours,
    rules.questions_of_contract,
]
BAD_SAMPLES = {
    "broad_excepts": "def f():\n    try:\n        g()\n    except Exception:\n        pass\n",
    "branches_on_error_texts": "try:\n    g()\nexcept OSError as error:\n    if '5' in str(error):\n        raise\n",
    "readable_secrets": "@dataclass(frozen=True)\nclass Grant:\n    access_token: str\n",
    "vague_names": "class TokenManager:\n    pass\n",
    "sleeps": "import time\ntime.sleep(1)\n",
    "machine_facts": "see /root/notes\n",
}


def _files(pattern: str) -> list[Path]:
    return sorted(path for path in ROOT.glob(pattern) if "__pycache__" not in path.parts)


@pytest.mark.parametrize("rule", PROGRAM_RULES, ids=lambda rule: rule.__name__)
def test_program_keeps_the_rule(rule: Callable[[str, str], list[str]]) -> None:
    files = [ROOT / "main.py", *_files("gui/**/*.py")]
    assert len(files) > 30
    broken = {
        str(path.relative_to(ROOT)): found
        for path in files
        if (found := rule(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
    }
    assert broken == {}


def test_tests_never_sleep() -> None:
    broken = {
        str(path.relative_to(ROOT)): found
        for path in _files("tests/**/*.py")
        if "bench" not in path.parts and (found := rules.sleeps("", path.read_text(encoding="utf-8")))
    }
    assert broken == {}


def test_nothing_tells_about_the_machine() -> None:
    git = shutil.which("git")
    listing = [git, "-c", "safe.directory=*", "ls-files"] if git else [sys.executable, "-c", ""]
    tracked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        skip_without("git, or a checkout")
    broken = {}
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".png", ".ico", ".icns"} or path.parent.name == "meta" or not path.is_file():
            continue
        found = rules.machine_facts(name, path.read_text(encoding="utf-8"))
        if found:
            broken[name] = found
    assert broken == {}


@pytest.mark.parametrize("name", BAD_SAMPLES)
def test_rule_catches_a_bad_sample(name: str) -> None:
    assert getattr(rules, name)("gui/sample.py", BAD_SAMPLES[name])


SLOT_SAMPLE = """
class Panel(QWidget):
    def __init__(self):
        self.button.clicked.connect(self._on_button_clicked)
        self.timer.timeout.connect(self.update)
    {mark}
    def _on_button_clicked(self):
        pass
"""
IN_THEIR_ROOMS = [
    pytest.param(
        rules.undocumented_methods,
        "gui/widgets/panel.py",
        "class Panel(QWidget):\n    def render(self, view):\n        pass\n",
        id="undocumented",
    ),
    pytest.param(
        rules.undocumented_methods,
        "gui/session/desk.py",
        "class Desk:\n    @property\n    def state(self):\n        return 1\n",
        id="undocumented property",
    ),
    pytest.param(rules.connected_without_slot, "gui/widgets/panel.py", SLOT_SAMPLE.format(mark=""), id="no slot"),
    pytest.param(
        rules.connected_without_slot, "gui/workers/panel.py", SLOT_SAMPLE.format(mark="@property"), id="no slot either"
    ),
    pytest.param(rules.connected_lambdas, "gui/session/desk.py", "a.told.connect(lambda: b.hear())", id="lambda"),
    pytest.param(rules.connected_lambdas, "gui/wiring.py", "a.told.connect(partial(b.hear, 1))", id="partial"),
    pytest.param(rules.connected_lambdas, "gui/workers/job.py", "a.told.connect(functools.partial(b))", id="partial 2"),
    pytest.param(rules.qt_beyond_core, "gui/workers/job.py", "from PySide6.QtGui import QColor", id="QtGui"),
    pytest.param(rules.qt_beyond_core, "gui/session/desk.py", "def f():\n    import PySide6.QtWidgets", id="QtWidgets"),
    pytest.param(rules.qt_beyond_core, "gui/session/desk.py", "from PySide6 import QtWidgets", id="from PySide6"),
    pytest.param(
        rules.dialogs_elsewhere, "gui/widgets/panel.py", "from PySide6.QtWidgets import QMessageBox", id="message box"
    ),
    pytest.param(rules.dialogs_elsewhere, "gui/wiring.py", "QtWidgets.QFileDialog.getOpenFileName()", id="file dialog"),
    pytest.param(rules.fixed_colours, "gui/widgets/panel.py", 'x.setStyleSheet("color: #FF0000")', id="style sheet"),
    pytest.param(rules.fixed_colours, "gui/widgets/panel.py", 'x.setStyleSheet("color: rgb(1, 2, 3)")', id="rgb"),
    pytest.param(rules.fixed_colours, "gui/widgets/panel.py", "QColor(255, 0, 0)", id="QColor of numbers"),
    pytest.param(rules.fixed_colours, "gui/widgets/panel.py", 'QtGui.QColor("red")', id="QColor of a name"),
    pytest.param(rules.fixed_colours, "gui/widgets/panel.py", "p.setPen(Qt.GlobalColor.red)", id="GlobalColor"),
    pytest.param(rules.questions_of_contract, "gui/flow/x.py", "if p.contract == 'legacy':\n    f()\n", id="by name"),
    pytest.param(rules.questions_of_contract, "gui/widgets/x.py", "wide = {'current': 1}[p.contract]", id="by a table"),
    pytest.param(
        rules.questions_of_contract, "gui/session/x.py", "match c:\n    case 'current':\n        f()", id="match"
    ),
    pytest.param(rules.questions_of_contract, "gui/x.py", "def f(contract='legacy'):\n    pass", id="as a default"),
    pytest.param(
        rules.questions_of_contract, "gui/flow/x.py", "from gui.concur.contract import CONTRACTS, LEGACY", id="constant"
    ),
    pytest.param(
        rules.questions_of_contract, "gui/flow/x.py", "from gui.concur.contract import CURRENT as NOW", id="renamed"
    ),
    pytest.param(
        rules.questions_of_contract, "gui/flow/x.py", "from gui.concur.current import CURRENT", id="from elsewhere"
    ),
    pytest.param(rules.questions_of_contract, "gui/flow/x.py", "a = contract.LEGACY", id="constant of the module"),
    pytest.param(
        rules.questions_of_contract, "gui/flow/x.py", "from gui.concur.legacy import LegacyContract", id="class"
    ),
    pytest.param(rules.questions_of_contract, "gui/flow/x.py", "a = legacy.LegacyContract()", id="class of the module"),
    pytest.param(rules.questions_of_contract, "gui/flow/x.py", "a = legacy.LEGACY", id="constant of another module"),
    pytest.param(rules.questions_of_contract, "gui/flow/x.py", "a = gui.concur.current.CURRENT", id="its whole name"),
    pytest.param(
        rules.questions_of_contract, "gui/x.py", "from gui.concur import legacy as l\na = l.LEGACY", id="module renamed"
    ),
    pytest.param(rules.questions_of_contract, "gui/x.py", "a = p.contract == DEFAULT_CONTRACT", id="the default"),
    pytest.param(rules.questions_of_contract, "gui/x.py", "a = contract.DEFAULT_CONTRACT != c", id="not the default"),
    pytest.param(rules.questions_of_contract, "gui/x.py", "a = c in (DEFAULT_CONTRACT, '')", id="among others"),
    pytest.param(rules.questions_of_contract, "gui/x.py", "a = {DEFAULT_CONTRACT: 1}[c]", id="a table by the default"),
    pytest.param(
        rules.questions_of_contract,
        "gui/x.py",
        "from gui.concur.contract import DEFAULT_CONTRACT as D\na = c == D",
        id="default renamed",
    ),
    pytest.param(
        rules.questions_of_contract,
        "gui/x.py",
        "match c:\n    case contract.DEFAULT_CONTRACT:\n        f()",
        id="case of the default",
    ),
    pytest.param(
        rules.questions_of_contract,
        "gui/flow/connection.py",
        "if isinstance(c, (LegacyContract, int)):\n    f()",
        id="isinstance in the very list",
    ),
    pytest.param(
        rules.questions_of_contract, "gui/concur/token_answers.py", "a = name == 'current'", id="elsewhere in the room"
    ),
]
ALLOWED_IN_THEIR_ROOMS = [
    pytest.param(
        rules.undocumented_methods,
        "gui/widgets/panel.py",
        "class Panel(QWidget):\n"
        "    def paintEvent(self, event):\n        pass\n"
        "    def data(self, index, role):\n        pass\n"
        "    def render(self, view):\n        'Show it.'\n"
        "class Wide(Panel):\n    def render(self, view):\n        pass\n",
        id="Qt's names, and what is said of the overridden method",
    ),
    pytest.param(
        rules.connected_without_slot, "gui/widgets/panel.py", SLOT_SAMPLE.format(mark="@Slot(bool)"), id="slot"
    ),
    pytest.param(rules.connected_lambdas, "gui/widgets/panel.py", "a.told.connect(lambda: b())", id="in a widget"),
    pytest.param(rules.qt_beyond_core, "gui/workers/job.py", "from PySide6.QtCore import QObject", id="QtCore"),
    pytest.param(rules.dialogs_elsewhere, "gui/desktop/dialogs.py", "QMessageBox()", id="dialogs"),
    pytest.param(
        rules.fixed_colours,
        "gui/widgets/panel.py",
        '"""Colours as #rrggbb, say #ff0000."""\nQColor(theme.text)\nQt.GlobalColor.transparent\nf("issue #12")\n',
        id="no colours",
    ),
    pytest.param(
        rules.questions_of_contract,
        "gui/widgets/panel.py",
        '"""legacy"""\n'
        'class Panel:\n    name = 1\n    "current"\n'
        "    def f(self):\n        'legacy'\n"
        "        self.tr('the legacy contract')\n        return Step.CURRENT, CONTRACTS[self.contract]\n",
        id="words about a contract, and another thing's CURRENT",
    ),
    pytest.param(
        rules.questions_of_contract,
        "gui/flow/connection.py",
        "from gui.concur.legacy import LegacyContract\n_ALL = {LegacyContract.name: LegacyContract}\n",
        id="the list of both",
    ),
    pytest.param(
        rules.questions_of_contract,
        "gui/app.py",
        "from gui.concur.contract import DEFAULT_CONTRACT\ndef f(c=DEFAULT_CONTRACT):\n    a = c or DEFAULT_CONTRACT",
        id="the default as one",
    ),
    pytest.param(rules.questions_of_contract, "gui/sandbox/records.py", "LEGACY = 'legacy'", id="the other end"),
    pytest.param(rules.questions_of_contract, "gui/concur/contract.py", "LEGACY = 'legacy'", id="where it is named"),
]


@pytest.mark.parametrize(("rule", "path", "source"), IN_THEIR_ROOMS)
def test_rule_of_the_window_catches_a_bad_sample(rule: Callable[[str, str], list[str]], path: str, source: str) -> None:
    assert len(rule(path, source)) == 1


@pytest.mark.parametrize(("rule", "path", "source"), ALLOWED_IN_THEIR_ROOMS)
def test_rule_of_the_window_allows(rule: Callable[[str, str], list[str]], path: str, source: str) -> None:
    assert rule(path, source) == []


def test_style_sheet_has_no_colours_of_its_own() -> None:
    sheet = (ROOT / "resources" / "style" / "window.qss").read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", sheet) == []


def dead_rules(sheet: str, sources: str) -> list[str]:
    """Return what a style sheet speaks of and no source makes: classes of Qt, and values of our properties."""
    selectors = "".join(re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)))
    made = [getattr(QtWidgets, name) for name in set(re.findall(r"\bQ[A-Z]\w+", sources)) if hasattr(QtWidgets, name)]
    dead = [
        name
        for name in sorted(set(re.findall(r"\bQ[A-Z]\w+", selectors)))
        if name not in MADE_BY_QT and not any(issubclass(kind, getattr(QtWidgets, name)) for kind in made)
    ]
    values = sorted(set(re.findall(r'\[(?:role|severity)="(\w+)"\]', selectors)))
    return dead + [value for value in values if f'"{value}"' not in sources]


MADE_BY_QT = frozenset({"QHeaderView", "QMenuBar", "QScrollBar", "QTabBar", "QToolTip"})
"""Parts of other widgets, which no source has to name."""


def test_style_sheet_speaks_of_what_there_is() -> None:
    sheet = (ROOT / "resources" / "style" / "window.qss").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "gui").rglob("*.py")))
    assert dead_rules(sheet, sources) == []


def test_style_sheet_is_rules_and_comments_alone() -> None:
    """A fault costs the rules after it, and Qt says no more than a warning. The marks of a merge are one."""
    sheet = (ROOT / "resources" / "style" / "window.qss").read_text(encoding="utf-8")
    assert re.sub(r"/\*.*?\*/|[^{}<>@;]+\{[^{}]*\}", "", sheet.replace(" > ", " "), flags=re.DOTALL).strip() == ""


def test_dead_rule_is_found() -> None:
    sheet = '/* QDial */ QLabel[role="line"], QSpinBox::up-button { color: red; } QAbstractButton { width: 1px; }'
    assert dead_rules(sheet, 'QLabel QPushButton "lines"') == ["QSpinBox", "line"]


IMPORTS_THAT_MUST_BREAK = [
    pytest.param("gui/concur/models.py", "import gui.store.files", "Imports go down the rooms only", id="upwards"),
    pytest.param("gui/flow/state.py", "import PySide6.QtCore", "No Qt below the window", id="qt"),
    pytest.param("gui/sandbox/log.py", "import keyring", "Only the store speaks to the keyring", id="keyring"),
    pytest.param("gui/sandbox/log.py", "import h11", "Only the loopback server speaks h11", id="h11"),
    pytest.param("gui/sandbox/log.py", "import jinja2", "Only the pages speak jinja2", id="jinja2"),
    pytest.param("gui/sandbox/log.py", "import defusedxml", "Only documents reads XML", id="defusedxml"),
    pytest.param("gui/sandbox/log.py", "import requests", "Only the transport speaks requests", id="requests"),
]


@pytest.mark.parametrize(("module", "line", "contract"), IMPORTS_THAT_MUST_BREAK)
def test_import_contract_bites(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "gui", tmp_path / "gui", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout
    broken = re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)
    assert any(name.startswith(contract) for name in broken), done.stdout


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == __version__
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_readme_names_the_commands_that_ci_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python3 .ci/do.py run" in readme
    assert "python3 .ci/do.py test" in readme
    assert "python3 .ci/do.py test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "ot affiliated with SAP" in readme


def test_every_room_stands_on_the_map() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.name for path in (ROOT / "gui").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert rooms
    assert [room for room in rooms if f"gui/{room}/" not in page] == []


def test_every_dependency_earns_its_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    wanted = project["project"]["dependencies"]
    names = [re.split(r"[<>=;\s\[]", line, maxsplit=1)[0] for line in wanted]
    assert [name for name in names if f"**{name}**" not in page] == []
