"""Rules of this project that no linter has. Each takes source text and returns what breaks it, as "line: why"."""

from __future__ import annotations

import ast
import re

BROAD_EXCEPT_ALLOWED = frozenset(
    {
        ("gui/loopback/server.py", "_answer"),  # the loop outlives a fault in a handler
        ("gui/loopback/server.py", "_hear_of"),  # and one in whoever hears of contacts
        ("gui/store/call_lane.py", "_work"),  # the one door to background work on the keyring
    }
)
SECRET_FIELDS = frozenset(
    {"consumer_secret", "client_secret", "access_token", "refresh_token", "password", "token", "request_token_value"}
)
VAGUE_WORDS = ("manager", "helper", "util", "misc")
NAMES_OF_LIBRARIES = frozenset({"init_poolmanager", "proxy_manager_for"})
"""Methods of requests that ours take the place of."""


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


def _functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def _names_an_error(name: str) -> bool:
    return name in {"e", "err", "exc", "error", "problem", "failure", "exception", "refused"}
