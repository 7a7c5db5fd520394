"""What a bench says: measured, bar, OK or MISSED."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO


class Report:
    """Writes one line for each bar and keeps count."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._met = 0
        self._missed: list[str] = []

    def heading(self, topic: str) -> None:
        self._write(f"\n{topic}")

    def note(self, text: str) -> None:
        self._write(f"    {text}")

    def at_most(self, what: str, measured: float, bar: float, unit: str = "") -> None:
        self._judge(what, f"{measured:.3f} {unit}", f"at most {bar:g} {unit}", met=measured <= bar)

    def at_least(self, what: str, measured: float, bar: float, unit: str = "") -> None:
        self._judge(what, f"{measured:.3f} {unit}", f"at least {bar:g} {unit}", met=measured >= bar)

    def equal(self, what: str, measured: object, due: object) -> None:
        self._judge(what, str(measured), str(due), met=measured == due)

    def conclude(self) -> int:
        self._write(f"\n{self._met} bars met, {len(self._missed)} missed")
        for what in self._missed:
            self._write(f"    MISSED {what}")
        return 1 if self._missed else 0

    def _judge(self, what: str, measured: str, bar: str, *, met: bool) -> None:
        if met:
            self._met += 1
        else:
            self._missed.append(what)
        self._write(f"  {'OK    ' if met else 'MISSED'} {what}: {measured.strip()} (bar: {bar.strip()})")

    def _write(self, line: str) -> None:
        print(line, file=self._out, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
