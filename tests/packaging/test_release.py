from __future__ import annotations

import re

from tests.packaging.scripts import ROOT, script

WORKFLOW = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")


def test_workflow_calls_what_do_py_knows() -> None:
    called = set(re.findall(r"python3? \.ci/do\.py (\w+)", WORKFLOW))
    known = set(re.findall(r"^    python3 \.ci/do\.py (\w+)", script("do").__doc__ or "", re.MULTILINE))
    assert called == {"bundle"}
    assert called <= known


def test_workflow_uses_a_python_that_do_py_takes() -> None:
    (told,) = re.findall(r'python-version: "3\.(\d+)"', WORKFLOW)
    do = script("do")
    assert do.OLDEST_PYTHON <= (3, int(told)) <= do.NEWEST_PYTHON


def test_all_three_systems_are_built_and_archived() -> None:
    (systems,) = re.findall(r"system: \[(.+)\]", WORKFLOW)
    assert [name.split("-")[0] for name in systems.split(", ")] == ["ubuntu", "windows", "macos"]
    assert re.findall(r"runner\.os == '(\w+)'", WORKFLOW) == ["Linux", "Windows", "macOS"]
    assert [
        kind for kind in ("tar --create --gzip", "Compress-Archive", "ditto -c -k") if WORKFLOW.count(kind) != 1
    ] == []


def test_only_the_draft_may_write() -> None:
    assert re.findall(r"^permissions: (.+)$", WORKFLOW, re.MULTILINE) == ["{}"]
    assert re.findall(r"^      (\w+): (read|write)\b", WORKFLOW, re.MULTILINE) == [
        ("contents", "read"),
        ("contents", "write"),
    ]
    assert "persist-credentials: false" in WORKFLOW
    assert "gh release create" in WORKFLOW
    assert "--draft" in WORKFLOW


def test_no_expression_is_pasted_into_a_script() -> None:
    scripts = re.findall(r"^ +run: (?:\|\n((?:(?: {10}.*)?\n)+)|(.+))", WORKFLOW, re.MULTILINE)
    assert len(scripts) == 7
    assert [both for both in scripts if "${{" in "".join(both)] == []


def test_sums_go_with_the_archives() -> None:
    assert "sha256sum app-center-flow-* > SHA256SUMS" in WORKFLOW
    assert re.search(r"^ +app-center-flow-\* SHA256SUMS$", WORKFLOW, re.MULTILINE)


def test_version_ends_in_no_line_break_of_windows() -> None:
    """The shell takes off the line feed alone, and no tag has a carriage return."""
    (told,) = re.findall(r"version=\$\((.+)\)$", WORKFLOW, re.MULTILINE)
    assert 'end=""' in told


def test_linux_opens_the_window_on_a_screen() -> None:
    assert re.search(r"xvfb-run --auto-servernum python \.ci/do\.py bundle", WORKFLOW)


def test_identifier_is_one_that_apple_takes() -> None:
    (identifier,) = re.findall(r'bundle_identifier="(.+)"', (ROOT / "build.spec").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[A-Za-z0-9.-]+", identifier)
