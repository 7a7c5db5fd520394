"""A language in which every text that went through tr() can be told from one that did not."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

OPENING, CLOSING = "⟦", "⟧"


class PseudoTranslator(QTranslator):
    """Puts brackets around every text."""

    def translate(
        self, _context: str, source_text: str, _disambiguation: str | bytes | None = None, _n: int = -1
    ) -> str:
        return f"{OPENING}{source_text}{CLOSING}" if source_text else ""

    def isEmpty(self) -> bool:
        return False
