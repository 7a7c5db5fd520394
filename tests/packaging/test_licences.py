from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import qVersion

from gui import licences
from tests.packaging.scripts import ROOT, script
from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = ROOT / "resources" / "licences"


@pytest.fixture(scope="module")
def components() -> tuple[licences.Component, ...]:
    return licences.components_of_environment()


@pytest.fixture(scope="module")
def tool() -> Any:  # noqa: ANN401  # a script
    return script("licences")


@pytest.fixture
def distribution(tmp_path: Path) -> Iterator[Path]:
    """Yield the folder of a made-up distribution's metadata, to be filled."""
    folder = tmp_path / "made_up-1.dist-info"
    folder.mkdir()
    return iter([folder])


def made_up(folder: Path, lines: str, **texts: str) -> licences.Component:
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: made-up\nVersion: 1\n{lines}", encoding="utf-8")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    record = "".join(f"made_up-1.dist-info/{path.name},,\n" for path in folder.iterdir())
    (folder / "RECORD").write_text(record + "made_up/licence.py,,\n", encoding="utf-8")
    return licences.component_of(metadata.Distribution.at(folder))


def test_everything_that_is_locked_and_installed_is_listed(components: tuple[licences.Component, ...]) -> None:
    lock = (ROOT / ".ci" / "lock-run.txt").read_text(encoding="utf-8")
    named = {one.name.lower().replace("_", "-").replace(".", "-") for one in components}
    needed = {"h11", "jinja2", "keyring", "msgspec", "pyside6-essentials", "requests", "truststore", "urllib3"}
    assert needed <= set(licences.locked_names(lock))
    assert needed | {"python", "qt", "shiboken6", "certifi"} <= named
    assert "pytest" not in named


def test_each_has_version_licence_and_text(components: tuple[licences.Component, ...]) -> None:
    assert [one.name for one in components if not (one.version and one.licence)] == []
    assert [one.name for one in components if not any(len(text) > 10 for text in one.notices)] == []
    terms = ("Permission is", "Redistribution and use", "TERMS AND CONDITIONS", "Mozilla Public License", "AGREEMENT")
    silent = [one.name for one in components if not any(words in "".join(one.notices) for words in terms)]
    assert silent == ["PySide6_Essentials", "shiboken6"]  # these lead to Qt's


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        pytest.param("urllib3", "MIT", id="License-Expression"),
        pytest.param("requests", "Apache-2.0", id="License"),
        pytest.param("Jinja2", "BSD License", id="classifier"),
        pytest.param("PySide6_Essentials", "LGPL-3.0-only", id="one of several, chosen"),
    ],
)
def test_name_of_the_licence(components: tuple[licences.Component, ...], name: str, licence: str) -> None:
    assert [one.licence for one in components if one.name == name] == [licence]


def test_version_of_qt_is_that_of_its_wheel(components: tuple[licences.Component, ...]) -> None:
    assert [one.version for one in components if one.name == "Qt"] == [qVersion()]


def test_lgpl_is_honoured(components: tuple[licences.Component, ...]) -> None:
    (qt,) = [one for one in components if one.name == "Qt"]
    text = "\n".join(qt.notices)
    for words in (
        "LGPL-3.0-only",
        "unmodified",
        "links to them dynamically",
        "You may replace them",
        f"https://download.qt.io/archive/qt/ (version {qVersion()})",
        "GNU LESSER GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007",
        "GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007",
        "The FreeType Project LICENSE",
    ):
        assert words in text
    assert "$" not in qt.notices[0]


@pytest.mark.parametrize("name", ["LGPL-3.0.txt", "GPL-3.0.txt"])
def test_kept_texts_are_whole(name: str) -> None:
    common = Path("/usr/share/common-licenses", name.removesuffix(".0.txt"))
    if not common.is_file():
        skip_without("Debian's folder of licences")
    assert (KEPT / name).read_bytes() == common.read_bytes()


def test_text_is_taken_for_no_name(distribution: Iterator[Path]) -> None:
    lines = f"License: {'Permission is granted ' * 20}\nClassifier: License :: OSI Approved :: MIT License\n"
    assert made_up(next(distribution), lines).licence == "MIT License"


def test_texts_are_found_without_being_declared(distribution: Iterator[Path]) -> None:
    component = made_up(next(distribution), "License: MIT\n", LICENCE="a", NOTICE="b", COPYING="c", INSTALLER="pip")
    assert component.notices == ("c", "a", "b", "Its source: https://pypi.org/project/made-up/1/\n")


def test_what_has_no_text_has_no_notice(distribution: Iterator[Path]) -> None:
    assert made_up(next(distribution), "License: MIT\n", INSTALLER="pip").notices == ()


def test_tool_writes_what_about_reads(
    components: tuple[licences.Component, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, str(ROOT / ".ci" / "licences.py"), str(tmp_path / "licences")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    monkeypatch.setattr(licences, "resource_path", tmp_path.joinpath)
    notices = licences.read_notices()
    listed = [(one.name, one.version, one.licence) for one in notices.components]
    assert set(listed) >= {(one.name, one.version, one.licence) for one in components}
    assert "You may replace them" in notices.text
    assert all(f"\n{name} {version}\n{licence}\n" in notices.text for name, version, licence in listed)


def test_from_source_the_environment_is_read(components: tuple[licences.Component, ...]) -> None:
    assert not (KEPT / licences.LIST_NAME).exists(), "written by a build, and never to be committed"
    notices = licences.read_notices()
    assert notices.components == components
    assert len(notices.text) > 100_000


def test_list_goes_through_json() -> None:
    one = licences.Component("é\n", "1", 'a "b"')
    assert licences.components_of_json(licences.json_of_components([one])) == (one,)
    assert json.loads(licences.json_of_components([one])) == [{"name": "é\n", "version": "1", "licence": 'a "b"'}]


def test_build_stops_where_a_text_is_missing(tool: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    bare = licences.Component("bare", "1", "MIT")
    monkeypatch.setattr(licences, "components_of_environment", lambda: (bare,))
    with pytest.raises(tool.NoticeMissing, match="bare"):
        tool.write(tmp_path / "licences")
    assert list(tmp_path.iterdir()) == []


def needs_dpkg() -> None:
    if shutil.which("dpkg-query") is None:
        skip_without("dpkg")


def mapped_libraries() -> list[str]:
    """Return the shared libraries that this very process has loaded."""
    maps = Path("/proc/self/maps").read_text(encoding="utf-8").split()
    return sorted({word for word in maps if word.startswith("/") and ".so" in word and Path(word).is_file()})


def test_libraries_of_the_system_are_traced_to_their_packages(tool: Any) -> None:  # noqa: ANN401
    needs_dpkg()
    packages = tool.system_packages(mapped_libraries())
    names = {package.partition(":")[0] for package in packages}
    assert "libc6" in names
    assert all(path.is_file() for path in packages.values())


def test_either_name_of_the_same_folder_will_do(tool: Any) -> None:  # noqa: ANN401
    needs_dpkg()
    (libc,) = [path for path in mapped_libraries() if Path(path).name.startswith("libc.so")]
    rest = libc.removeprefix("/usr")
    assert list(tool.system_packages([rest])) == list(tool.system_packages([f"/usr{rest}"])) != []


def test_what_the_environment_brings_is_no_library_of_the_system(tool: Any) -> None:  # noqa: ANN401
    inside = Path(str(metadata.distribution("PySide6_Essentials").locate_file("PySide6/QtCore.abi3.so")))
    assert tool.system_packages([inside, "relative.so"]) == {}


def test_stray_library_stops_the_build(tool: Any, tmp_path: Path) -> None:  # noqa: ANN401
    needs_dpkg()
    stray = tmp_path / "libstray.so.1"
    stray.touch()
    with pytest.raises(tool.NoticeMissing, match="libstray"):
        tool.system_packages([stray])


def test_packages_are_listed_with_what_their_notices_point_to(tool: Any, tmp_path: Path) -> None:  # noqa: ANN401
    needs_dpkg()
    (libc,) = [path for path in mapped_libraries() if Path(path).name.startswith("libc.so")]
    text, listed = tool.write(tmp_path, [libc])
    row = next(row for row in json.loads(listed.read_text(encoding="utf-8")) if row["name"] == "libc6")
    assert row["version"][0].isdigit()
    assert "/usr/share/common-licenses/LGPL-2.1\n" in text.read_text(encoding="utf-8")
    assert "Version 2.1, February 1999" in text.read_text(encoding="utf-8")


def debian_says(tool: Any, monkeypatch: pytest.MonkeyPatch, copyright_file: Path, package: str) -> None:  # noqa: ANN401
    monkeypatch.setattr(tool, "system_packages", lambda _binaries: {f"{package}:amd64": copyright_file})
    monkeypatch.setattr(tool, "_output", lambda *_command: "1.2-3+b1\tmade-up\t1:1.2-3")


@pytest.mark.parametrize(
    ("package", "told", "licence"),
    [
        pytest.param("libuuid1", "License: GPL-2+\nLicense: BSD-3-clause\n", "BSD-3-Clause", id="most of it is tools"),
        pytest.param("libgcrypt20", "License (library): LGPLv2.1+\n", "LGPL-2.1-or-later", id="in words of its own"),
        pytest.param("libxcb-randr0", "Permission is hereby granted", "MIT", id="the text alone"),
        pytest.param("libglib2.0-0t64", "License: LGPL-2+ and CC0-1.0\n", "LGPL-2.1-or-later", id="a newer name"),
        pytest.param("libffi8", "License: Expat\n", "Expat", id="as it says"),
        pytest.param("libfree9", "Do what you like.", "see its notice", id="nobody says"),
    ],
)
def test_licence_of_a_package(
    tool: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    told: str,
    licence: str,
) -> None:
    (tmp_path / "copyright").write_text(told)
    debian_says(tool, monkeypatch, tmp_path / "copyright", package)
    assert [(one.name, one.licence) for one in tool.system_components([])] == [(package, licence)]


@pytest.mark.parametrize(
    ("system", "address"),
    [
        ({"ID": "debian", "NAME": "Debian"}, "https://snapshot.debian.org/package/made-up/1:1.2-3/"),
        ({"ID": "ubuntu", "NAME": "Ubuntu"}, "the source package made-up, version 1:1.2-3, of Ubuntu"),
    ],
)
def test_lgpl_of_the_system_is_honoured(
    tool: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: dict[str, str],
    address: str,
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: system)
    (tmp_path / "copyright").write_text("License: LGPL-2.1+\n")
    debian_says(tool, monkeypatch, tmp_path / "copyright", "libmade-up1")
    (one,) = tool.system_components([])
    assert address in one.notices[0]
    assert "You may replace it" in one.notices[0]
    (tmp_path / "copyright").write_text("License: Expat\n")
    (other,) = tool.system_components([])
    assert address in other.notices[0]
    assert "You may replace it" not in other.notices[0]


@pytest.mark.parametrize(
    "licence", ["GPL-2+", "GPLv3", "BSD-3-clause or GPL-2", "GNU General Public License v2 (GPLv2)"]
)
def test_gpl_that_nobody_decided_about_stops_the_build(
    tool: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    licence: str,
) -> None:
    (tmp_path / "copyright").write_text(f"License: {licence}\n")
    debian_says(tool, monkeypatch, tmp_path / "copyright", "libmade-up1")
    with pytest.raises(tool.LicenceUndecided, match="libmade-up1"):
        tool.write(tmp_path / "licences")
    assert not (tmp_path / "licences").exists()


@pytest.mark.parametrize(
    "licence", ["LGPL-2.1+", "GNU Lesser General Public License v3", "GNU Library General Public License"]
)
def test_lgpl_is_no_gpl(licence: str) -> None:
    assert not script("licence_names").is_gpl(licence)


def test_pyinstaller_is_named_with_its_exception(
    tool: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its distribution has a sentence there, which is too long for a name; the classifier says plain GPL."""
    told = licences.Component("pyinstaller", "6", "GNU General Public License v2 (GPLv2)", ("text",))
    monkeypatch.setattr(tool, "_built_with", lambda: (told,))
    tool.write(tmp_path)
    rows = {row["name"]: row["licence"] for row in json.loads((tmp_path / licences.LIST_NAME).read_text())}
    assert rows["pyinstaller"] == "GPL-2.0-or-later WITH Bootloader-exception"


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ("MIT OR Apache-2.0", "Apache-2.0"),
        ("Apache-2.0 OR GPL-2.0-only", "Apache-2.0"),
        ("GPL-2.0-only OR MIT", "MIT"),
        ("MIT", "MIT"),
        ("GPL-2.0-only", "GPL-2.0-only"),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", "(MIT OR Apache-2.0) AND Unicode-3.0"),
    ],
)
def test_of_several_licences_one_is_taken(offered: str, taken: str) -> None:
    assert script("licence_names").alternative(offered) == taken


def test_parts_of_wheels_are_listed(tmp_path: Path) -> None:
    """What cryptography has compiled in is nobody's distribution."""
    folder = tmp_path / "made_up-1.dist-info"
    (folder / "sboms").mkdir(parents=True)
    parts = [
        {"name": "openssl", "version": "4.0", "purl": "pkg:generic/openssl@4.0?download_url=https://example.org/o.tgz"},
        {"name": "asn1", "version": "2", "purl": "pkg:cargo/asn1@2", "licenses": [{"expression": "BSD-3-Clause"}]},
        {"name": "pem", "version": "3", "purl": "pkg:cargo/pem@3", "licenses": [{"license": {"id": "MIT"}}]},
        {"name": "wheel", "version": "1", "purl": "pkg:pypi/wheel@1"},
    ]
    (folder / "sboms" / "one.json").write_text(json.dumps({"components": parts}))
    (folder / "METADATA").write_text("Metadata-Version: 2.4\nName: made-up\nVersion: 1\n")
    (folder / "RECORD").write_text("made_up-1.dist-info/sboms/one.json,,\n")
    library, crates = script("wheel_parts").parts_of(metadata.Distribution.at(folder))
    assert (library.name, library.version, library.licence) == ("openssl", "4.0", "Apache-2.0")
    assert "https://example.org/o.tgz" in library.notices[0]
    assert (crates.name, crates.licence) == ("Rust crates in made-up", "BSD-3-Clause AND MIT")
    assert "asn1 2: BSD-3-Clause, https://crates.io/crates/asn1/2\n" in crates.notices[1]


@pytest.mark.skipif(sys.platform != "linux", reason="cryptography is for Linux' keyring")
def test_openssl_inside_cryptography_is_listed(tool: Any, tmp_path: Path) -> None:  # noqa: ANN401
    tool.write(tmp_path)
    rows = {row["name"]: row["licence"] for row in json.loads((tmp_path / licences.LIST_NAME).read_text())}
    assert rows["openssl"] == "Apache-2.0"
    assert "Rust crates in cryptography" in rows
