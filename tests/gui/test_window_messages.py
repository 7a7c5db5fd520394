"""Every message of the table, and every happening, in the banner of the real window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QWidget

from gui.notice_words import words_for
from gui.notices import Happening, Notice, NoticeAction, Severity
from gui.session_state import State
from gui.widgets.wrapped_label import WrappedLabel
from tests.gui.frame_samples import HEBREW, HOSTILE, LONG
from tests.gui.looks import look
from tests.gui.walkers import clipping_complaints, contrast_complaints, keyboard_complaints, markup_complaints
from tests.gui.window_scenes import EXCUSED, SMALL, RealWindow, consistent, sandbox_view, settle
from tests.sample_errors import CONCRETE, built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from gui.concur.errors import FlowError

CONNECTED = sandbox_view(State.CONNECTED)
ACTIONS = (NoticeAction.SHOW_ISSUED_TOKENS, NoticeAction.SHOW_TIMELINE, NoticeAction.EDIT_PROFILE)
"""As many as a notice of the session has at most."""
MOST_OF_THE_WINDOW = 0.36
in_both, in_light = (
    pytest.mark.parametrize("opened", themes, indirect=True, scope="module")
    for themes in (["light", "dark"], ["light"])
)


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[RealWindow]:
    with look(qapp, request.param):
        window = RealWindow()
        window.resize(*SMALL)
        window.show()
        settle()
        yield window
        window.close_for_good()
        window.deleteLater()
        settle()


@pytest.fixture
def window(opened: RealWindow) -> Iterator[RealWindow]:
    yield opened
    opened.show_view(sandbox_view(State.STOPPED), SMALL)


@in_light
@pytest.mark.parametrize("kind", CONCRETE, ids=[kind.__name__ for kind in CONCRETE])
def test_every_error_is_told_whole(window: RealWindow, kind: type[FlowError]) -> None:
    for number, error in enumerate((built(kind, bare=False), built(kind, bare=True))):
        show(window, Notice(number, Severity.ERROR, error, actions=ACTIONS))
        assert_told_whole(window, error)


@in_light
@pytest.mark.parametrize("kind", CONCRETE, ids=[kind.__name__ for kind in CONCRETE])
def test_facts_from_outside_break_no_banner(window: RealWindow, kind: type[FlowError]) -> None:
    for number, text in enumerate((LONG, HOSTILE, f"{HEBREW} " * 8)):
        error = built(kind, bare=False, text=text)
        show(window, Notice(number, Severity.WARNING, error, actions=ACTIONS))
        assert_told_whole(window, error)
        assert markup_complaints(window.banner, ("<b>", text)) == []


@in_light
@pytest.mark.parametrize("happening", Happening, ids=[happening.name.lower() for happening in Happening])
def test_every_happening_is_told_whole(window: RealWindow, happening: Happening) -> None:
    for number, fact in enumerate(("a fact", HOSTILE, LONG)):
        severity = list(Severity)[number]
        show(window, Notice(number, severity, happening, fact, ACTIONS))
        assert_told_whole(window, happening, fact)


@in_both
@pytest.mark.parametrize("severity", Severity, ids=[severity.name.lower() for severity in Severity])
def test_every_severity_can_be_read_and_used(window: RealWindow, severity: Severity) -> None:
    more = (built(CONCRETE[0], bare=False), built(CONCRETE[1], bare=False))
    show(window, Notice(1, severity, built(CONCRETE[2], bare=False), actions=ACTIONS, more=more))
    details = window.findChild(QPushButton, "notice_details")
    assert details is not None
    for _ in ("folded", "open"):
        assert contrast_complaints(window) == []
        assert [fault for fault in keyboard_complaints(window) if fault not in EXCUSED] == []
        assert clipping_complaints(window) == []
        details.click()
        settle()
    for error in more:
        assert words_for(error).title in "\n".join(label.whole_text for label in window.findChildren(WrappedLabel))


def show(window: RealWindow, notice: Notice) -> None:
    window.show_view(consistent(CONNECTED, notices=(notice,)), SMALL)


def assert_told_whole(window: RealWindow, subject: FlowError | Happening, fact: str = "") -> None:
    """Title, text and advice are there as plain text, none of it cut or out of reach; so are the buttons."""
    banner, message = window.banner, words_for(subject, fact)
    area = banner.findChild(QScrollArea)
    assert area is not None
    labels = [label for label in area.findChildren(WrappedLabel) if label.isVisibleTo(area)]
    assert [label.whole_text for label in labels] == [
        message.title,
        "\n".join(part for part in (message.text, message.advice) if part),
    ]
    assert {label.textFormat() for label in banner.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    assert clipping_complaints(banner) == []
    assert_scrolls_where_it_must(area)
    assert banner.height() <= MOST_OF_THE_WINDOW * window.height()
    for button in buttons_of(banner):
        assert button.visibleRegion().boundingRect().size() == button.size()


def assert_scrolls_where_it_must(area: QScrollArea) -> None:
    inside, bar = area.widget(), area.verticalScrollBar()
    assert inside is not None
    assert inside.height() >= inside.heightForWidth(inside.width())
    assert bar.maximum() == max(0, inside.height() - area.viewport().height())
    reached = area.focusPolicy() is Qt.FocusPolicy.StrongFocus
    assert reached is (bar.maximum() > 0), "what scrolls is scrolled with keys, what does not is no stop for Tab"


def buttons_of(banner: QWidget) -> list[QPushButton]:
    wanted = [f"notice_{action.name.lower()}" for action in ACTIONS] + ["dismiss_notice"]
    found = [button for button in banner.findChildren(QPushButton) if button.isVisibleTo(banner)]
    assert [button.objectName() for button in found if button.objectName() in wanted] == wanted
    return found
