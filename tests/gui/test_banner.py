from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.concur.errors import RedirectOfOtherContract
from gui.loopback.errors import LoopbackUnavailable, PortInUse
from gui.notice_words import HAPPENINGS
from gui.notices import Happening, Notice, NoticeAction, Severity
from gui.session_requests import NoticeChoice
from gui.session_state import State
from gui.widgets.banner import Banner
from gui.widgets.parts import Chip, Kind
from tests.gui.frame_samples import ARABIC, HEBREW, HOSTILE, LONG, labels_of, notice, press, shown, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Window(QWidget):
    """A banner over a rest, as in the window."""

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.rest = QWidget()
        layout = QVBoxLayout(self)
        layout.addWidget(self.banner)
        layout.addWidget(self.rest, 1)

    def show_notices(self, *notices: Notice) -> Banner:
        self.banner.render(view_of(State.STOPPED, notices=notices))
        QApplication.processEvents()  # lays out
        return self.banner


@pytest.fixture(params=["light", "dark"], scope="module")
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def window(qtbot: QtBot, theme: str) -> Window:
    window = Window()
    shown(qtbot, window, theme, (800, 600))
    return window


def button(banner: QWidget, name: str) -> QPushButton:
    found = banner.findChild(QPushButton, name)
    assert found is not None
    return found


def test_takes_no_room_while_there_is_nothing_to_say(window: Window) -> None:
    window.show_notices()
    assert not window.banner.isVisible()
    top = window.rest.y()
    window.show_notices(notice())
    assert window.banner.isVisible()
    window.show_notices()
    assert window.rest.y() == top


def test_says_what_happened_what_it_means_and_what_to_do(window: Window) -> None:
    text = labels_of(window.show_notices(notice()))
    assert "Port 8765 is taken" in text
    assert "Somebody else listens there" in text
    assert "use another port" in text


@pytest.mark.parametrize(
    ("severity", "word", "kind"),
    [
        pytest.param(Severity.INFO, "Note", Kind.INFO, id="info"),
        pytest.param(Severity.SUCCESS, "Done", Kind.SUCCESS, id="success"),
        pytest.param(Severity.WARNING, "Warning", Kind.WARNING, id="warning"),
        pytest.param(Severity.ERROR, "Error", Kind.DANGER, id="error"),
    ],
)
def test_severity_is_a_word_and_a_shape(window: Window, severity: Severity, word: str, kind: Kind) -> None:
    banner = window.show_notices(notice(severity=severity))
    chip = banner.findChild(Chip)
    assert chip is not None
    assert (chip.text, chip.kind) == (word, kind)
    assert banner.accessibleName().startswith(word)


@pytest.mark.parametrize("happening", Happening, ids=lambda happening: happening.name.lower())
def test_every_happening_has_its_words(window: Window, happening: Happening) -> None:
    banner = window.show_notices(notice(subject=happening, fact="a fact"))
    assert HAPPENINGS[happening].title.format(fact="a fact") in labels_of(banner)


@pytest.mark.parametrize("action", NoticeAction, ids=lambda action: action.name.lower())
def test_every_action_is_a_button_that_says_which(window: Window, qtbot: QtBot, action: NoticeAction) -> None:
    banner = window.show_notices(notice(7, actions=(action,)))
    visible = [b for b in banner.findChildren(QPushButton) if b.isVisible() and b.objectName().startswith("notice_")]
    assert [b.objectName() for b in visible] == [f"notice_{action.name.lower()}"]
    with qtbot.waitSignal(banner.action_chosen) as chosen:
        visible[0].click()
    assert chosen.args == [NoticeChoice(7, action)]


def test_a_contract_that_is_deprecated_is_told_quietly_with_a_way_on(window: Window, qtbot: QtBot) -> None:
    action = NoticeAction.OPEN_MIGRATION_PAGE
    deprecated = Notice(7, Severity.INFO, Happening.CONTRACT_DEPRECATED, "2017-02-04", actions=(action,))
    banner = window.show_notices(deprecated)
    assert "Concur calls this contract deprecated since 2017-02-04" in labels_of(banner)
    assert "New apps connect by the other one." in labels_of(banner)
    assert button(banner, "notice_open_migration_page").text() == "Concur's migration page"
    with qtbot.waitSignal(banner.action_chosen) as chosen:
        button(banner, "notice_open_migration_page").click()
    assert chosen.args == [NoticeChoice(7, action)]


def test_a_redirect_of_the_other_contract_offers_to_switch(window: Window) -> None:
    error = RedirectOfOtherContract(expected="id and requestToken", found="code", other="legacy")
    banner = window.show_notices(Notice(8, Severity.WARNING, error, actions=(NoticeAction.SWITCH_CONTRACT,)))
    assert "It carries code; by this profile's contract it would carry id and requestToken." in labels_of(banner)
    assert button(banner, "notice_switch_contract").text() == "Switch this profile…"


def test_actions_stand_in_their_order_whatever_the_notice_says(window: Window) -> None:
    banner = window.show_notices(notice(actions=tuple(reversed(NoticeAction))))
    window.resize(1600, 900)
    QApplication.processEvents()
    places = [button(banner, f"notice_{action.name.lower()}").x() for action in NoticeAction]
    assert places == sorted(places)


def test_further_errors_stand_behind_details(window: Window) -> None:
    more = (LoopbackUnavailable(reason="no such luck"),)
    banner = window.show_notices(notice(more=more))
    assert "no such luck" not in labels_of(banner)
    button(banner, "notice_details").click()
    assert "no such luck" in labels_of(banner)
    button(banner, "notice_details").click()
    assert "no such luck" not in labels_of(banner)
    assert not button(window.show_notices(notice(2)), "notice_details").isVisible()


def test_details_stay_open_when_the_same_view_comes_again(window: Window) -> None:
    one = notice(more=(LoopbackUnavailable(reason="no such luck"),))
    banner = window.show_notices(one)
    button(banner, "notice_details").click()
    window.show_notices(one)
    assert "no such luck" in labels_of(banner)
    window.show_notices(notice(2, more=one.more))
    assert "no such luck" not in labels_of(banner)


def test_last_notice_is_shown_and_the_others_are_counted(window: Window) -> None:
    banner = window.show_notices(notice(1), notice(2), notice(3, subject=Happening.HTTPS_FORCED))
    assert "1 of 3" in labels_of(banner)
    assert "insists on https" in labels_of(banner)
    assert "of 1" not in labels_of(window.show_notices(notice(1)))


def test_dismiss_names_the_notice(window: Window, qtbot: QtBot) -> None:
    banner = window.show_notices(notice(1), notice(9))
    with qtbot.waitSignal(banner.dismissed) as dismissed:
        button(banner, "dismiss_notice").click()
    assert dismissed.args == [9]


def test_escape_dismisses_while_the_focus_is_inside(window: Window, qtbot: QtBot) -> None:
    banner = window.show_notices(notice(4))
    button(banner, "notice_use_free_port").setFocus()
    with qtbot.waitSignal(banner.dismissed) as dismissed:
        press(button(banner, "notice_use_free_port"), Qt.Key.Key_Escape)
    assert dismissed.args == [4]
    window.rest.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.rest.setFocus()
    with qtbot.assertNotEmitted(banner.dismissed):
        press(window.rest, Qt.Key.Key_Escape)


@pytest.mark.parametrize("size", [(720, 480), (800, 600), (1600, 1000)], ids=["least", "small", "large"])
@pytest.mark.parametrize("text", [LONG, f"{HEBREW} " * 300, "many words " * 400], ids=["long", "hebrew", "words"])
def test_long_texts_scroll_and_leave_the_window_usable(window: Window, size: tuple[int, int], text: str) -> None:
    subject = PortInUse(port=1, addresses=(text,), holder=text)
    window.resize(*size)
    banner = window.show_notices(notice(subject=subject, more=(subject,)))
    button(banner, "notice_details").click()
    QApplication.processEvents()
    assert window.size().toTuple() == size
    assert banner.height() <= max(size[1] * 0.3 + 2, 170)
    assert button(banner, "notice_use_free_port").isVisible()
    assert banner._scroll.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_short_text_needs_no_scroll_bar(window: Window) -> None:
    banner = window.show_notices(notice())
    assert not banner._scroll.verticalScrollBar().isVisible()
    assert banner._scroll.focusPolicy() is Qt.FocusPolicy.NoFocus


@pytest.mark.parametrize("text", [HOSTILE, ARABIC], ids=["markup", "arabic"])
def test_texts_from_outside_are_plain(window: Window, text: str) -> None:
    banner = window.show_notices(notice(subject=Happening.SAVED, fact=text))
    assert text in labels_of(banner)
    labels = banner.findChildren(QLabel)
    assert labels
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
