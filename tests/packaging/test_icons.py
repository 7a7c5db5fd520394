from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from gui.window import make_application
from tests.packaging.scripts import ROOT, script

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

ICONS = ROOT / "resources" / "icons"
SVG = ICONS / "app-center-flow.svg"
OTHER_QT = 3
"""How far a colour may be off where another version of Qt has drawn the edges."""


def image(content: bytes) -> QImage:
    picture = QImage.fromData(content)
    assert not picture.isNull()
    return picture.convertToFormat(QImage.Format.Format_ARGB32)


def pngs_of_ico(content: bytes) -> dict[int, bytes]:
    reserved, kind, count = struct.unpack_from("<HHH", content)
    assert (reserved, kind) == (0, 1)
    found = {}
    for number in range(count):
        width, height, _, _, planes, bits, length, offset = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert width == height
        assert (planes, bits) == (1, 32)
        found[width or 256] = content[offset : offset + length]
    assert sum(map(len, found.values())) + 6 + 16 * count == len(content)
    return found


def pngs_of_icns(content: bytes) -> dict[bytes, bytes]:
    kind, whole = struct.unpack_from(">4sI", content)
    assert (kind, whole) == (b"icns", len(content))
    found, at = {}, 8
    while at < len(content):
        name, length = struct.unpack_from(">4sI", content, at)
        found[name] = content[at + 8 : at + length]
        at += length
    assert at == len(content)
    return found


def differences(one: QImage, other: QImage) -> int:
    assert one.size() == other.size()
    pairs = zip(bytes(one.constBits()), bytes(other.constBits()), strict=True)
    return max(abs(left - right) for left, right in pairs)


@pytest.mark.parametrize("name", [f"app-center-flow-{size}.png" for size in (16, 24, 32, 48, 64, 128, 256, 512)])
def test_picture_is_what_the_script_draws(qapp: QApplication, name: str) -> None:
    del qapp
    size = int(name.removesuffix(".png").rpartition("-")[2])
    kept = image((ICONS / name).read_bytes())
    assert (kept.width(), kept.height()) == (size, size)
    assert differences(kept, image(script("make_icons").png(SVG, size))) <= OTHER_QT


def test_every_picture_is_kept_and_no_other(qapp: QApplication) -> None:
    del qapp
    made = script("make_icons").pictures(SVG)
    assert {path.name for path in ICONS.iterdir()} == {*made, SVG.name}


def test_same_qt_draws_the_same_bytes(qapp: QApplication) -> None:
    del qapp
    assert script("make_icons").pictures(SVG) == script("make_icons").pictures(SVG)


def test_icon_of_windows_holds_the_same_pictures() -> None:
    held = pngs_of_ico((ICONS / "app-center-flow.ico").read_bytes())
    assert sorted(held) == [16, 24, 32, 48, 64, 128, 256]
    for size, content in held.items():
        assert content == (ICONS / f"app-center-flow-{size}.png").read_bytes()


def test_icon_of_macos_holds_every_density() -> None:
    held = pngs_of_icns((ICONS / "app-center-flow.icns").read_bytes())
    sizes = {kind.decode(): image(content).width() for kind, content in held.items()}
    assert sizes == {
        "ic11": 32,
        "ic12": 64,
        "ic07": 128,
        "ic13": 256,
        "ic08": 256,
        "ic14": 512,
        "ic09": 512,
        "ic10": 1024,
    }


def test_icon_of_macos_has_air_around_it() -> None:
    picture = image(pngs_of_icns((ICONS / "app-center-flow.icns").read_bytes())[b"ic10"])
    row = [picture.pixelColor(x, 512).alpha() for x in range(1024)]
    assert row.index(255) == 100
    assert row[::-1].index(255) == 100


def luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ground", ["#ffffff", "#14171c", "#000000"])
def test_icon_stands_out_from_light_and_dark_grounds(ground: str) -> None:
    picture = image((ICONS / "app-center-flow-16.png").read_bytes())
    for y in (1, 8, 14):
        light, dark = sorted((luminance(picture.pixelColor(1, y)), luminance(QColor(ground))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 2.3


def test_smallest_picture_has_sharp_edges() -> None:
    picture = image((ICONS / "app-center-flow-16.png").read_bytes())
    document = [picture.pixelColor(x, 11).name() for x in range(5, 16)]
    assert document.count("#ffffff") == 7 - 1  # the arrow's tip takes one
    token = picture.pixelColor(4, 9)
    assert (token.red(), token.green()) > (230, 180)
    assert token.blue() < 120


@pytest.mark.qt_log_ignore("Cannot read file")
def test_file_without_a_drawing_is_refused(qapp: QApplication, tmp_path: Path) -> None:
    del qapp
    broken = tmp_path / "no.svg"
    broken.write_text("no drawing", encoding="utf-8")
    with pytest.raises(ValueError, match=r"no\.svg"):
        script("make_icons").png(broken, 16)


def test_windows_wear_the_icon(qapp: QApplication) -> None:
    del qapp
    icon = make_application().windowIcon()
    sizes = sorted(size.width() for size in icon.availableSizes())
    assert sizes == [16, 24, 32, 48, 64, 128]
    drawn = icon.pixmap(32, 32).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    assert differences(drawn, image((ICONS / "app-center-flow-32.png").read_bytes())) <= OTHER_QT
