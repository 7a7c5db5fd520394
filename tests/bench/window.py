"""The window: how quick it stays under a flood, how soon it shows a document, how soon it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench import window_document, window_flood, window_quit, window_render

if TYPE_CHECKING:
    from tests.bench.report import Report


def run(report: Report) -> None:
    window_flood.run(report)
    window_document.run(report)
    window_quit.run(report)
    window_render.run(report)
