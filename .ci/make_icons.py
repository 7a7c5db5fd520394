"""Draws every picture of the icon anew from its SVG: PNGs, the .ico of Windows, the .icns of macOS.

    .venv/bin/python .ci/make_icons.py [FOLDER]    default: resources/icons, where the SVG is

Uses the QtSvg of the project's own environment and no tool besides. The same Qt makes the same bytes.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
NAME = "app-center-flow"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_SIZES = {
    b"ic11": 32,  # 16 points, twice as dense; older systems cannot read a PNG of 16 pixels from an .icns
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
    b"ic09": 512,
    b"ic10": 1024,
}
ICNS_MARGIN = 100 / 1024
"""Icons on macOS stand in a frame of air; without it ours would be larger than its neighbours in the Dock."""

_ICO_ENTRY = struct.Struct("<BBBBHHII")
_ICO_LARGEST_NAMED = 255
"""A byte holds the size; 0 stands for 256."""


def main(arguments: list[str]) -> int:
    """Write all pictures into a folder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    folder = Path(arguments[0]) if arguments else ICONS
    for name, content in pictures(ICONS / f"{NAME}.svg").items():
        (folder / name).write_bytes(content)
    del application
    return 0


def pictures(svg: Path) -> dict[str, bytes]:
    """Return every file that is made from the SVG, by name. Needs a QGuiApplication."""
    made = {f"{NAME}-{size}.png": png(svg, size) for size in SIZES}
    made[f"{NAME}.ico"] = ico({size: png(svg, size) for size in ICO_SIZES})
    made[f"{NAME}.icns"] = icns({kind: png(svg, size, ICNS_MARGIN) for kind, size in ICNS_SIZES.items()})
    return made


def png(svg: Path, size: int, margin: float = 0.0) -> bytes:
    """Draw the SVG as a square PNG; `margin` is the part of the width that is left free on each side."""
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg.name} is no SVG that Qt can draw")
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    room = round(size * margin)
    renderer.render(painter, QRectF(room, room, size - 2 * room, size - 2 * room))
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):
        raise OSError(f"no PNG of {size} pixels could be written")
    return content.data()


def ico(pngs: dict[int, bytes]) -> bytes:
    """Return an .ico of PNGs, which Windows reads since Vista."""
    head = struct.pack("<HHH", 0, 1, len(pngs))
    offset = len(head) + _ICO_ENTRY.size * len(pngs)
    entries = b""
    for size, content in pngs.items():
        named = size if size <= _ICO_LARGEST_NAMED else 0
        entries += _ICO_ENTRY.pack(named, named, 0, 0, 1, 32, len(content), offset)
        offset += len(content)
    return head + entries + b"".join(pngs.values())


def icns(pngs: dict[bytes, bytes]) -> bytes:
    """Return an .icns of PNGs by their four-letter kinds."""
    body = b"".join(kind + struct.pack(">I", 8 + len(content)) + content for kind, content in pngs.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
