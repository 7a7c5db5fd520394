"""The real window in every state and in what can be different within one: rendered with made-up views, no session."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QWidget
from shiboken6 import getCppPointer

from gui.concur.contract import CONTRACTS
from gui.session_state import Control, State
from gui.widgets import announcer
from gui.widgets.menu_table import MENUS
from gui.widgets.parts import Button
from gui.widgets.step_card import Step
from gui.widgets.token_times import local_text_with_zone, utc_text
from tests.gui.frame_samples import ARABIC, HEBREW, HOSTILE, LONG, notice, port_in_use
from tests.gui.looks import look
from tests.gui.walkers import (
    clipping_complaints,
    contrast_complaints,
    focus_complaints,
    keyboard_complaints,
    markup_complaints,
    name_complaints,
    secret_complaints,
    untranslated_complaints,
)
from tests.gui.window_scenes import (
    EXCUSED,
    LARGE,
    SECRETS,
    SIZES,
    SMALL,
    USUAL,
    RealWindow,
    current_view,
    hostile_views,
    real_view,
    sandbox_view,
    settle,
    states,
    sub_states,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication

    from gui.session_view import SessionView
    from tests.gui.pseudo import PseudoTranslator

STATES = {**states(), **{f"current, {name}": view for name, view in states(current_view).items()}}
"""Of both contracts."""
DIFFERENT = {**sub_states(), **hostile_views()}
FIELDS = {
    name: view
    for name, view in {"connected": STATES["connected"], "current": STATES["current, connected"], **DIFFERENT}.items()
    if view.shown is not None and ("current" in name or name == "connected")
}
"""In which the tab of the fields is looked at as well."""
OTHERS = {**{f"real, {name}": view for name, view in states(real_view).items()}, **DIFFERENT}
ALL = {**STATES, **OTHERS}
NOTHING_LEFT_RUNNING = sandbox_view(State.STOPPED)
IN_MENUS_ALONE = frozenset({Control.DUPLICATE_PROFILE, Control.DELETE_PROFILE, Control.EXPORT_PROFILE})
STEPS = {
    State.UNCONFIGURED: 1,
    State.STOPPED: 2,
    State.WAITING: 3,
    State.RECEIVED: 4,
    State.EXCHANGING: 4,
}
"""The number of the current step; afterwards there is none."""
in_both, in_light, in_dark = (
    pytest.mark.parametrize("opened", themes, indirect=True, scope="module")
    for themes in (["light", "dark"], ["light"], ["dark"])
)
each_state = pytest.mark.parametrize("view", STATES.values(), ids=STATES)
each_other = pytest.mark.parametrize("view", OTHERS.values(), ids=OTHERS)
each_view = pytest.mark.parametrize("view", ALL.values(), ids=ALL)


@pytest.fixture(scope="module")
def opened(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[RealWindow]:
    with look(qapp, request.param):
        yield from _opened()


@pytest.fixture
def window(opened: RealWindow) -> Iterator[RealWindow]:
    yield opened
    opened.fold_by_itself()
    opened.token.tabs.setCurrentIndex(0)
    opened.show_view(NOTHING_LEFT_RUNNING, SMALL)


def _opened() -> Iterator[RealWindow]:
    window = RealWindow()
    window.show_timeline()
    window.resize(*SMALL)
    window.show()
    window.show_view(NOTHING_LEFT_RUNNING)
    yield window
    window.close_for_good()
    window.deleteLater()
    settle()


# Looks and use.


@in_both
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@each_state
def test_state_is_neither_cut_nor_pale(window: RealWindow, view: SessionView, size: tuple[int, int]) -> None:
    window.show_view(view, size)
    assert window.size().toTuple() == size
    assert clipping_complaints(window) == []
    assert contrast_complaints(window) == []


@in_both
@each_state
def test_state_can_be_used_without_eyes_or_mouse(window: RealWindow, view: SessionView) -> None:
    window.show_view(view, SMALL)
    assert complaints_about_use(window) == []
    assert focus_complaints(window) == []
    window.unfold_all()
    assert clipping_complaints(window) == []


@in_light
@each_other
def test_what_differs_within_a_state_is_not_cut_and_can_be_used(window: RealWindow, view: SessionView) -> None:
    for size in (LARGE, USUAL, SMALL):
        window.show_view(view, size)
        assert window.size().toTuple() == size
        assert clipping_complaints(window) == [], size
    assert complaints_about_use(window) == []
    window.unfold_all()
    assert clipping_complaints(window) == []


@in_both
@pytest.mark.parametrize("view", FIELDS.values(), ids=FIELDS)
def test_fields_are_neither_cut_nor_pale_and_can_be_used(window: RealWindow, view: SessionView) -> None:
    for size in (LARGE, SMALL):
        window.show_view(view, size)
        window.token.tabs.setCurrentWidget(window.token.fields)
        for one in (window.token.fields.jwts.id_token, window.token.fields.jwts.access_token):
            one.fold_button.setChecked(one.fold_button.isEnabled())
        settle()
        assert clipping_complaints(window) == [], size
        assert contrast_complaints(window) == [], size
    assert complaints_about_use(window) == []
    assert focus_complaints(window) == []


@in_dark
@pytest.mark.parametrize("view", DIFFERENT.values(), ids=DIFFERENT)
def test_what_differs_within_a_state_can_be_read_in_the_dark(window: RealWindow, view: SessionView) -> None:
    window.show_view(view, SMALL)
    assert contrast_complaints(window) == []


def complaints_about_use(window: RealWindow) -> list[str]:
    found = [
        *keyboard_complaints(window),
        *name_complaints(window),
        *secret_complaints(window, SECRETS),
        *markup_complaints(window, ("<b>", " ".join(HOSTILE.split()), HOSTILE)),
    ]
    return [fault for fault in found if fault not in EXCUSED]


def test_every_text_goes_through_the_translator(pseudo: PseudoTranslator, qapp: QApplication) -> None:
    assert pseudo
    with look(qapp, "light"):
        for window in _opened():
            found = [f"{name}: {fault}" for name, view in ALL.items() for fault in untranslated_in(window, view)]
            assert found == []
    settle()  # the window of the other tests is still there and has changed its clothes


@pytest.mark.parametrize("make", [sandbox_view, current_view])
def test_every_text_about_a_token_goes_through_the_translator(
    make: Callable[[State], SessionView], pseudo: PseudoTranslator, qapp: QApplication
) -> None:
    assert pseudo
    view = make(State.CONNECTED)
    assert view.shown is not None
    assert view.shown.document is not None
    document, live = view.shown.document, view.shown.live
    moments = (view.shown.token.issued_at, document.expires_at, document.refresh_expires_at)
    times = [(utc_text(moment), local_text_with_zone(moment)) for moment in moments if moment is not None]
    facts = {live.base_url, live.instance_url or "", live.principal_id or "", document.subject, document.correlation_id}
    facts |= {" ".join(document.scopes), view.keyring.description, *(part for both in times for part in both)}
    facts |= {" · ".join(both) for both in times}
    with look(qapp, "light"):
        for window in _opened():
            window.show_view(view, LARGE)
            window.token.tabs.setCurrentWidget(window.token.fields)
            window.token.fields.jwts.id_token.fold_button.click()
            settle()
            assert untranslated_complaints(window, OUTSIDE | facts_of(view) | facts) == []
    settle()


def untranslated_in(window: RealWindow, view: SessionView) -> list[str]:
    window.show_view(view, SMALL)
    window.token.tabs.setCurrentIndex(0)  # of a token that was opened from the list the fields are shown
    settle()
    return untranslated_complaints(window, OUTSIDE | facts_of(view))


OUTSIDE = frozenset({LONG, HOSTILE, " ".join(HOSTILE.split()), HEBREW, ARABIC, "App Center Flow"}) | {
    word for contract in CONTRACTS.values() for word in (contract.exchange_method, contract.exchange_path)
}


def facts_of(view: SessionView) -> set[str]:
    """Return what stands alone in the window and comes from outside, in the forms in which it is shown."""
    names = {profile.name for profile in view.profiles} | {view.profile.name}
    urls = {view.application.base_url, view.listener.redirect_url, view.profile.redirect_url, *view.listener.addresses}
    return {part for text in names | urls | {view.application.consumer_key} for part in (text, " ".join(text.split()))}


# Controls.


@in_light
@each_view
def test_controls_are_as_the_view_says(window: RealWindow, view: SessionView) -> None:
    window.show_view(view, SMALL)
    for control in Control:
        allowed = control in view.controls
        wrong: list[str] = [one.text() for one in buttons_of(window, control) if one.isEnabled() is not allowed]
        wrong += [one.text() for one in commands_of(window, control) if one.isEnabled() is not allowed]
        assert wrong == [], control
    wanted = [] if view.next_control is None else [buttons_of(window, view.next_control)[0]]
    assert [button for button in window.findChildren(Button) if button.primary] == wanted
    assert [button for button in window.findChildren(QPushButton) if button.isDefault()] == wanted
    assert window.next_step.button is (wanted[0] if wanted else None)
    for button in wanted:
        assert button.isEnabled()
        assert button.visibleRegion().boundingRect().size() == button.size(), "scrolled out of sight"

    assert_current_step(window, view)


def assert_current_step(window: RealWindow, view: SessionView) -> None:
    """The card that stands open as the current one is that of the next thing to do."""
    current = [card for card in window.cards() if card.step is Step.CURRENT]
    number = 3 if view.state is State.STOPPED and view.paste_only else STEPS.get(view.state)
    assert current == ([] if number is None else [window.cards()[number - 1]])
    if current and view.next_control is not None:
        assert current[0].isAncestorOf(buttons_of(window, view.next_control)[0])


def buttons_of(window: RealWindow, control: Control) -> list[QPushButton]:
    """Return the buttons of a control; the first is the one that may be the next thing to do."""
    bar, panel = window.profiles, window.token
    cards = {
        Control.START_LISTENER: "start_listener",
        Control.STOP_LISTENER: "stop_listener",
        Control.SIMULATE_APP_CENTER: "simulate_app_center",
        Control.OPEN_BROWSER: "open_browser",
        Control.PASTE_REDIRECT: "paste_redirect",
        Control.EXCHANGE: "exchange",
        Control.DROP_REQUEST_TOKEN: "drop_request_token",
        Control.EDIT_APPLICATION: "edit_application",
    }
    others: dict[Control, list[QPushButton]] = {
        Control.EDIT_APPLICATION: [bar._edit],
        Control.SWITCH_PROFILE: [bar._new, bar._more],
        Control.CANCEL: [panel.activity.cancel_button],
        Control.COPY_TOKEN: [panel.copy_button],
        Control.SAVE_DOCUMENT: [panel.save_button],
        Control.REFRESH: [panel.refresh_button],
        Control.PROBE: [panel.probe_button],
        Control.REVOKE: [panel.revoke_button],
        Control.KEEP_TOKEN: [panel.keep_button],
        Control.START_OVER: [panel.start_over_button],
    }
    of_a_card = window.findChild(QPushButton, cards[control]) if control in cards else None
    assert of_a_card is not None or control not in cards
    found = [*([of_a_card] if of_a_card is not None else []), *others.get(control, [])]
    in_menus_alone = {Control.DUPLICATE_PROFILE, Control.DELETE_PROFILE, Control.EXPORT_PROFILE}
    assert found or control in in_menus_alone
    return found


def commands_of(window: RealWindow, control: Control) -> list[QAction]:
    """Return the entries of the menus, and of the profile bar's own, for a control."""
    bar = window.profiles
    menus = [item.command for _, items in MENUS for item in items if item is not None and item.control is control]
    assert menus, control
    own = {
        Control.SWITCH_PROFILE: [bar._import],
        Control.DUPLICATE_PROFILE: [bar._duplicate],
        Control.DELETE_PROFILE: [bar._delete],
        Control.EXPORT_PROFILE: [bar._export],
    }
    return [*(window.menus.action(command) for command in menus), *own.get(control, [])]


class Ear:
    """Hears what a screen reader would speak."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, _widget: QWidget, text: str, *, assertive: bool = False) -> None:
        del assertive
        self.heard.append(text)

    def take(self) -> list[str]:
        heard, self.heard = self.heard, []
        return heard


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    ear = Ear()
    monkeypatch.setattr(announcer, "announce", ear)
    return ear


# Quiet.


@in_light
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_state_moves_what_is_there_in_all(window: RealWindow, size: tuple[int, int]) -> None:
    def places() -> dict[str, object]:
        parts: dict[str, QWidget] = {
            "profile bar": window.profiles,
            "token": window.token,
            "actions": window.token.action_row,
            "issued tokens": window.token.issued_button,
            "timeline": window.timeline,
            "status line": window.status_line,
        }
        return {name: part.geometry().getRect() for name, part in parts.items()}

    window.show_view(NOTHING_LEFT_RUNNING, size)
    before = places()
    for name, view in ALL.items():
        window.show_view(replace(view, notices=()), size)
        now = places()
        if len(view.issued.live) > 9 or view.issued_problem is not None:  # other words, wider
            del now["issued tokens"]
        assert now == {part: place for part, place in before.items() if part in now}, name


@in_light
@each_view
def test_same_view_again_changes_nothing(window: RealWindow, ear: Ear, view: SessionView) -> None:
    window.token.progress.setRange(0, 1)  # an animation would differ
    window.show_view(view, USUAL)
    picture, objects, said = window.grab().toImage(), objects_of(window), ear.take()
    assert len(said) == len(set(said))
    if view.state not in {State.STOPPED, State.PROVING, State.WIPING}:
        assert said, "nothing was said of another state"
    window.show_view(replace(view), USUAL)
    assert window.grab().toImage() == picture
    assert objects_of(window) == objects, "something was made or destroyed"
    assert ear.take() == []
    window.token.progress.setRange(0, 0)


@in_light
def test_from_one_state_to_the_next_nothing_is_left_behind(window: RealWindow) -> None:
    for view in ALL.values():
        window.show_view(view)
    window.show_view(NOTHING_LEFT_RUNNING)
    count = len(objects_of(window))
    for view in ALL.values():
        window.show_view(view)
    window.show_view(NOTHING_LEFT_RUNNING)
    assert len(objects_of(window)) == count


def objects_of(window: RealWindow) -> set[int]:
    return {int(getCppPointer(one)[0]) for one in window.findChildren(QObject)}


# Spoken.
@in_light
def test_flow_is_told_as_it_goes(window: RealWindow, ear: Ear) -> None:
    for state in (State.WAITING, State.RECEIVED, State.EXCHANGING, State.CONNECTED, State.REVOKING, State.PROVING):
        window.show_view(sandbox_view(state))
    window.show_view(sandbox_view(State.WIPING))
    window.show_view(sandbox_view(State.REVOKED))
    assert ear.take() == [
        "Redirect listener is listening",
        "Waiting for the redirect",
        "Request token received",
        "Exchanging the request token",
        "Connected, the access token is shown",
        "Revoking",
        "Revoke at the server: done",
        "Proof of refusal: done",
        "The token is revoked",
        "Removal of the local copy: done",
    ]


@in_light
def test_notice_is_spoken_once_also_when_others_come_and_go(window: RealWindow, ear: Ear) -> None:
    first, second = notice(1, subject=port_in_use()), notice(2, subject=port_in_use())
    stopped = NOTHING_LEFT_RUNNING
    for notices in ((first,), (first, second), (second,), (second,), ()):
        window.show_view(replace(stopped, notices=notices))
    assert len([text for text in ear.take() if text.startswith("Port 8765 is taken")]) == 2
