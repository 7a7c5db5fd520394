"""Rules of this project that no linter has. Each takes source text and returns what breaks it, as "line: why"."""

from __future__ import annotations

import ast
import re

BROAD_EXCEPT_ALLOWED = frozenset(
    {
        (
            "gui/window.py",
            "open_program",
        ),  # said in a dialog and raised again: there is no window
        ("gui/faults.py", "_guarded"),  # a fault in what shows faults would come back as the next one to be shown
        ("gui/loopback/server.py", "_answer"),  # the loop outlives a fault in a handler
        ("gui/loopback/server.py", "_hear_of"),  # and one in whoever hears of contacts
        ("gui/store/call_lane.py", "_work"),  # the one door to background work on the keyring
        ("gui/workers/jobs.py", "_work"),  # the one door to background work: somebody waits for an end, whatever it is
        ("gui/workers/jobs.py", "_tell"),  # the other ends of the batch must still be told
    }
)
SECRET_FIELDS = frozenset(
    {"consumer_secret", "client_secret", "access_token", "refresh_token", "password", "token", "request_token_value"}
)
VAGUE_WORDS = ("manager", "helper", "util", "misc")
NAMES_OF_LIBRARIES = frozenset({"init_poolmanager", "proxy_manager_for"})
"""Methods of requests that ours take the place of."""

QT_ROOMS = (
    "gui/widgets/",
    "gui/session/",
    "gui/workers/",
    "gui/desktop/",
    "gui/wiring.py",
    "gui/errands.py",
    "gui/closing.py",
    "gui/faults.py",
    "gui/window.py",
)
QT_NAMES_IN_LOWER_CASE = frozenset(
    {"accept", "data", "done", "event", "flags", "index", "paint", "parent", "reject", "sort", "translate"}
)
"""Methods of Qt that are overridden and do not show by a capital letter that they are Qt's."""
NO_LAMBDAS = (
    "gui/session/",
    "gui/workers/",
    "gui/wiring.py",
    "gui/errands.py",
    "gui/closing.py",
    "gui/faults.py",
    "gui/window.py",
)
QT_CORE_ONLY = ("gui/session/", "gui/workers/")
DIALOGS = frozenset({"QMessageBox", "QFileDialog"})
DIALOG_ROOM = "gui/desktop/dialogs.py"
COLOUR_ROOM = "gui/widgets/theme.py"
_COLOUR = re.compile(r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\brgba?\(", re.IGNORECASE)


CONTRACT_ROOMS = ("gui/concur/contract.py", "gui/concur/legacy.py", "gui/concur/current.py", "gui/sandbox/")
"""Here alone it may be asked which contract it is: the simulated Concur is the other end of both."""
CONTRACT_LIST = "gui/flow/connection.py"
"""Lists both classes by name, and asks nothing."""
CONTRACT_NAMES = frozenset({"legacy", "current"})
CONTRACT_CONSTANTS = frozenset({"LEGACY", "CURRENT"})
CONTRACT_MODULES = frozenset({"contract", "legacy", "current"})
"""Of gui.concur: these have the constants."""
CONTRACT_DEFAULT = "DEFAULT_CONTRACT"
"""May be named, as a default; to compare something with it is to ask."""
CONTRACT_CLASSES = frozenset({"LegacyContract", "CurrentContract"})


def broad_excepts(path: str, source: str) -> list[str]:
    """`except Exception` stands only where a loop or a thread has to outlive anything."""
    found = []
    for function in _functions(source):
        for node in ast.walk(function):
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            if broad and (path, function.name) not in BROAD_EXCEPT_ALLOWED:
                found.append(f"{node.lineno}: broad except in {function.name}")
    return found


def branches_on_error_texts(_path: str, source: str) -> list[str]:
    """Errors are types with facts: no condition looks into str(error)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            continue
        caught = [
            part
            for part in ast.walk(node.test)
            if isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id in {"str", "repr"}
            and any(isinstance(argument, ast.Name) and _names_an_error(argument.id) for argument in part.args)
        ]
        found += [f"{part.lineno}: a condition on the text of an error" for part in caught]
    return found


def readable_secrets(_path: str, source: str) -> list[str]:
    """A dataclass field with a secret's name is kept out of the repr."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef) or not any("dataclass" in ast.unparse(d) for d in node.decorator_list):
            continue
        for line in node.body:
            if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name):
                continue
            kind = ast.unparse(line.annotation)
            holds_text = ("str" in kind or "bytes" in kind) and "Callable" not in kind
            if line.target.id in SECRET_FIELDS and holds_text and "repr=False" not in ast.unparse(line):
                found.append(f"{line.lineno}: {node.name}.{line.target.id} shows in the repr")
    return found


def vague_names(path: str, source: str) -> list[str]:
    """Names are the field's terms."""
    names = [(0, path.rpartition("/")[2].removesuffix(".py"))]
    names += [
        (node.lineno, node.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{line}: {name}"
        for line, name in names
        if name not in NAMES_OF_LIBRARIES and any(w in name.lower() for w in VAGUE_WORDS)
    ]


def sleeps(_path: str, source: str) -> list[str]:
    """Tests wait for what they wait for, never for time to pass."""
    return [
        f"{node.lineno}: sleeps"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    ]


def machine_facts(_path: str, text: str) -> list[str]:
    """Nothing about the machine this was written on: no home or work folder, no package index."""
    pattern = re.compile(r"/root/|/home/\w+/|/work/\w|/tmp/\w|--(?:extra-)?index-url|--find-links|file:///(?:opt|tmp)")
    return [
        f"{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        for found in (pattern.search(line),)
        if found
    ]


def undocumented_methods(path: str, source: str) -> list[str]:
    """A public method of ours in the window's rooms says what it does; Qt's own names need no words.

    Nor does what a class of the same module has said of the method that is overridden.
    """
    if not path.startswith(QT_ROOMS):
        return []
    said = {(owner.name, method.name) for owner, method in _methods(source) if ast.get_docstring(method)}
    return [
        f"{method.lineno}: {owner.name}.{method.name} has no docstring"
        for owner, method in _methods(source)
        if not owner.name.startswith("_")
        and not method.name.startswith("_")
        and method.name == method.name.lower()
        and method.name not in QT_NAMES_IN_LOWER_CASE
        and not any(ast.unparse(mark).endswith(".setter") for mark in method.decorator_list)
        and not any((name, method.name) in said for name in (owner.name, *map(ast.unparse, owner.bases)))
    ]


def connected_without_slot(path: str, source: str) -> list[str]:
    """What a signal is connected to is a @Slot: Qt may run anything else in the thread that emits."""
    if not path.startswith(QT_ROOMS):
        return []
    plain = {
        (owner.name, method.name)
        for owner, method in _methods(source)
        if not any(ast.unparse(mark).startswith("Slot") for mark in method.decorator_list)
    }
    return [
        f"{call.lineno}: {owner.name}.{target.attr} is connected and no @Slot"
        for owner in _classes(source)
        if any(not ast.unparse(base).startswith(("Generic", "Protocol")) for base in owner.bases)  # else no QObject
        for call in _connect_calls(owner)
        for target in call.args[:1]
        if isinstance(target, ast.Attribute)
        and ast.unparse(target.value) == "self"
        and (owner.name, target.attr) in plain
    ]


def connected_lambdas(path: str, source: str) -> list[str]:
    """Where signals cross threads nothing is connected that runs in the thread that emits."""
    if not path.startswith(NO_LAMBDAS):
        return []
    return [
        f"{call.lineno}: connected to {ast.unparse(target)[:40]}"
        for call in _connect_calls(ast.parse(source))
        for target in call.args[:1]
        if isinstance(target, ast.Lambda)
        or (isinstance(target, ast.Call) and ast.unparse(target.func) in {"partial", "functools.partial"})
    ]


def qt_beyond_core(path: str, source: str) -> list[str]:
    """The session and the workers know of Qt no more than signals and threads: they run without a screen."""
    if not path.startswith(QT_CORE_ONLY):
        return []
    imported: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "PySide6":
            imported += [(node.lineno, f"PySide6.{alias.name}") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append((node.lineno, node.module or ""))
    return [
        f"{line}: imports {name}"
        for line, name in imported
        if name.startswith("PySide6") and not name.startswith("PySide6.QtCore")
    ]


def dialogs_elsewhere(path: str, source: str) -> list[str]:
    """One module asks with dialogs of the system."""
    if path == DIALOG_ROOM:
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name | ast.Attribute | ast.alias):
            names = {getattr(node, attribute, "") for attribute in ("id", "attr", "name")}
            found += [f"{node.lineno}: {name}" for name in names & DIALOGS]
    return found


def fixed_colours(path: str, source: str) -> list[str]:
    """Widgets take their colours from the theme: a fixed one is wrong in one of the two."""
    if not path.startswith("gui/widgets/") or path == COLOUR_ROOM:
        return []
    tree = ast.parse(source)
    docstrings = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docstrings:
            found += [f"{node.lineno}: {match[0]}" for match in _COLOUR.finditer(node.value)]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("QColor") and _is_fixed(node.args):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value).endswith("GlobalColor"):
            found += [f"{node.lineno}: {ast.unparse(node)}"] if node.attr != "transparent" else []
    return found


def questions_of_contract(path: str, source: str) -> list[str]:
    """Nobody asks which contract a profile has: what differs is a method or a fact of the contract.

    Found are texts that are a contract's name, the constants that hold them, the two classes, and whatever is compared
    with the default. What only describes is none of it: docstrings, and longer texts that have the word in them.
    """
    if path.startswith(CONTRACT_ROOMS):
        return []
    tree = ast.parse(source)
    docstrings = _docstrings(tree)
    modules, defaults = _bound(tree, CONTRACT_MODULES), _bound(tree, frozenset({CONTRACT_DEFAULT}))
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        found += [(part.lineno, ast.unparse(part)) for part in _compared_with(node) if _last_name(part) in defaults]
        if isinstance(node, ast.Constant) and node not in docstrings and isinstance(node.value, str):
            found += [(node.lineno, repr(node.value))] if node.value.strip().lower() in CONTRACT_NAMES else []
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            of_a_contract = (node.module or "").startswith("gui.concur.")
            asked = (CONTRACT_CONSTANTS if of_a_contract else frozenset()) | _classes_barred(path)
            found += [(node.lineno, name) for name in sorted(names & asked)]
        elif isinstance(node, ast.Attribute):
            asked = (CONTRACT_CONSTANTS if _last_name(node.value) in modules else frozenset()) | _classes_barred(path)
            found += [(node.lineno, node.attr)] if node.attr in asked else []
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"isinstance", "issubclass"}:
            kinds = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & CONTRACT_CLASSES
            found += [(node.lineno, f"{ast.unparse(node.func)} on {kind}") for kind in sorted(kinds)]
    return [f"{line}: asks for the contract: {what}" for line, what in sorted(found)]


def _bound(tree: ast.AST, names: frozenset[str]) -> frozenset[str]:
    """These names, and what imports call them here."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    aliases = [alias for node in imports for alias in node.names]
    return names | {alias.asname for alias in aliases if alias.asname and alias.name.rpartition(".")[2] in names}


def _compared_with(node: ast.AST) -> list[ast.expr]:
    """What something else is held against: in a comparison, a case, or the keys of a table."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return [part for side in sides for part in (side.elts if isinstance(side, ast.Tuple | ast.Set) else [side])]
    if isinstance(node, ast.MatchValue):
        return [node.value]
    return [key for key in node.keys if key is not None] if isinstance(node, ast.Dict) else []


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _classes_barred(path: str) -> frozenset[str]:
    return frozenset() if path == CONTRACT_LIST else CONTRACT_CLASSES


def _docstrings(tree: ast.AST) -> set[ast.expr]:
    """Texts that stand by themselves: docstrings, of fields too."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _is_fixed(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and all(
        isinstance(one, ast.Constant) and one.value != "transparent" for one in arguments[:3]
    )


def _classes(source: str) -> list[ast.ClassDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]


def _methods(source: str) -> list[tuple[ast.ClassDef, ast.FunctionDef]]:
    return [(owner, node) for owner in _classes(source) for node in owner.body if isinstance(node, ast.FunctionDef)]


def _connect_calls(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"
    ]


def _functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _names_an_error(name: str) -> bool:
    return name in {"e", "err", "exc", "error", "problem", "failure", "exception", "refused"}
