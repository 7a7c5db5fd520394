from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QRadioButton, QWidget

from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.session_requests import ProfileDraft
from gui.store.profile import Profile, built_in_profile
from gui.widgets.field_box import FieldBox, ReasonText
from gui.widgets.parts import Button, Kind
from gui.widgets.profile_editor import ProfileEditor
from gui.widgets.profile_form import ProfileForm
from tests.gui.looks import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    Opener = Callable[..., ProfileEditor]

CANARY = "canary-c0de-secret"
ACME = Profile(
    profile_id="a" * 32,
    name="Acme",
    base_url="https://eu1.concursolutions.com",
    consumer_key="VDV5Y532NafYX8vQ0yP3aB",
    redirect_url="http://localhost:8765/redirect",
    scopes=("USER", "EXPRPT"),
)
KEYRING = "GNOME Keyring / Secret Service"
NEW = replace(ACME, base_url="", contract="", scopes=(), consumer_key="")
"""As the window's errands begin a new one: its contract is still to be chosen."""
DATA_CENTRES = CONTRACTS[LEGACY].data_centres
OWN_BASE_URL = len(DATA_CENTRES)
each_contract = pytest.mark.parametrize("contract", CONTRACTS)


@pytest.fixture
def opened(qtbot: QtBot) -> Opener:
    def open_editor(profile: Profile = ACME, **changes: object) -> ProfileEditor:
        wanted = {"is_new": False, "has_secret": True, "kept_in": KEYRING, "other_names": ("Taken",), **changes}
        editor = ProfileEditor(profile, **wanted)  # type: ignore[arg-type]  # each test names real arguments
        qtbot.addWidget(editor)
        with qtbot.waitExposed(editor):
            editor.show()
        return editor

    return open_editor


def form(editor: ProfileEditor) -> ProfileForm:
    (found,) = editor.findChildren(ProfileForm)
    return found


def button(editor: ProfileEditor, text: str) -> Button:
    (found,) = [one for one in editor.findChildren(Button) if one.text() == text]
    return found


def word(editor: ProfileEditor) -> ReasonText:
    inside = {box.reason for box in editor.findChildren(FieldBox)}
    (found,) = [one for one in editor.findChildren(ReasonText) if one not in inside]
    return found


def reason(editor: ProfileEditor, field: QWidget) -> ReasonText:
    return form(editor).boxes[field].reason


def rewrite(line: QLineEdit, text: str) -> None:
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(line, text)
    else:  # QTest aborts the process: it has no keys for these
        paste(line, text)


def paste(line: QLineEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()


def save(editor: ProfileEditor, qtbot: QtBot) -> ProfileDraft:
    with qtbot.waitSignal(editor.saved) as caught:
        button(editor, "Save").click()
    draft = caught.args[0]
    assert isinstance(draft, ProfileDraft)
    return draft


def test_what_is_opened_and_saved_is_the_same(opened: Opener, qtbot: QtBot) -> None:
    draft = save(opened(), qtbot)
    assert draft == ProfileDraft(profile=ACME, consumer_secret=None, is_new=False)


def test_every_field_arrives_in_the_draft(opened: Opener, qtbot: QtBot) -> None:
    editor = opened(is_new=True, has_secret=False)
    fields = form(editor)
    rewrite(fields.name, "New one")
    rewrite(fields.base_url, "http://localhost:49215")
    rewrite(fields.key, "OtherKey")
    rewrite(fields.secret.line, CANARY)
    rewrite(fields.redirect_url, "http://127.0.0.1:9000/r")
    fields.scopes.set_scopes(("LIST",))
    fields.exchange_at_once.click()
    fields.revoke_on_failure.click()
    draft = save(editor, qtbot)
    assert draft.profile == Profile(
        profile_id=ACME.profile_id,
        name="New one",
        base_url="http://localhost:49215",
        consumer_key="OtherKey",
        redirect_url="http://127.0.0.1:9000/r",
        scopes=("LIST",),
        exchange_at_once=False,
        revoke_on_failure=False,
    )
    assert draft.consumer_secret == CANARY
    assert draft.is_new
    assert draft.trimmed == ()
    assert CANARY not in repr(draft)


@pytest.mark.parametrize(
    ("field", "text", "part"),
    [
        pytest.param("name", "x" * 81, "longer than 80", id="name too long"),
        pytest.param("name", " TAKEN", "already", id="name taken"),
        pytest.param("base_url", "http://www.concursolutions.com", "unencrypted", id="http"),
        pytest.param("base_url", "https://host/path", "path after the host", id="path"),
        pytest.param("key", "a b", "do not belong", id="space in the key"),
        pytest.param("key", "a\u201db", "do not belong", id="typographic character"),
        pytest.param("redirect_url", "", "empty", id="no redirect URL"),
        pytest.param("redirect_url", "ftp://localhost:1/x", "http or https", id="ftp"),
        pytest.param("redirect_url", "http://localhost:8765/r?x=1", "query", id="query"),
        pytest.param("redirect_url", "https://host/r?x=1", "query", id="query elsewhere"),
    ],
)
def test_what_cannot_be_saved(field: str, text: str, part: str, opened: Opener) -> None:
    editor = opened()
    line = getattr(form(editor), field)
    assert reason(editor, line).kind is Kind.QUIET
    place = reason(editor, line).geometry()
    rewrite(line, text)
    shown = reason(editor, line)
    assert shown.kind is Kind.DANGER
    assert part in shown.whole_text
    assert shown.geometry() == place
    assert line.property("faulty")
    assert line.accessibleDescription() == shown.whole_text
    assert not button(editor, "Save").isEnabled()
    assert word(editor).kind is Kind.WARNING
    rewrite(line, getattr(ACME, "consumer_key" if field == "key" else field))
    assert reason(editor, line).kind is Kind.QUIET
    assert not line.property("faulty")
    assert button(editor, "Save").isEnabled()
    assert word(editor).whole_text == ""


def test_a_secret_that_cannot_be_sent(opened: Opener) -> None:
    editor = opened()
    line = form(editor).secret
    rewrite(line.line, "in side")
    assert "consumer secret holds characters" in reason(editor, line).whole_text
    assert line.line.property("faulty")
    assert not button(editor, "Save").isEnabled()


@pytest.mark.parametrize("field", ["name", "base_url"])
def test_what_is_blank_is_asked_for(field: str, opened: Opener) -> None:
    blank = replace(ACME, name="") if field == "name" else replace(ACME, base_url="")
    editor = opened(blank, is_new=True)
    line = getattr(form(editor), field)
    assert reason(editor, line).kind is Kind.WARNING
    assert not button(editor, "Save").isEnabled()
    assert word(editor).whole_text.startswith("▲ Cannot be saved before this is corrected")
    assert line.hasFocus()


@pytest.mark.parametrize(
    ("url", "part"),
    [
        pytest.param("https://app.example.com/redirect", "http only", id="https elsewhere"),
        pytest.param("http://app.example.com:8765/r", "leads to app.example.com", id="another computer"),
        pytest.param("http://localhost/redirect", "no port", id="no port"),
        pytest.param("http://localhost:80/redirect", "Port 80", id="privileged port"),
    ],
)
def test_a_redirect_url_for_pasting_only_is_a_warning(url: str, part: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).redirect_url, url)
    shown = reason(editor, form(editor).redirect_url)
    assert shown.kind is Kind.WARNING
    assert part in shown.whole_text
    assert "have to be pasted" in shown.whole_text
    assert save(editor, qtbot).profile.redirect_url == url


def test_a_draft_can_be_saved_and_says_what_is_missing(opened: Opener, qtbot: QtBot) -> None:
    editor = opened(replace(ACME, consumer_key=""), has_secret=False)
    assert word(editor).kind is Kind.INFO
    assert "consumer key, consumer secret" in word(editor).whole_text
    rewrite(form(editor).key, "Key")
    rewrite(form(editor).secret.line, CANARY)
    assert word(editor).whole_text == ""
    rewrite(form(editor).key, "")
    assert save(editor, qtbot).profile.consumer_key == ""


@pytest.mark.parametrize("field", ["name", "base_url", "key", "redirect_url"])
def test_what_is_pasted_is_trimmed_and_said(field: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    line = getattr(form(editor), field)
    whole = line.text()
    paste(line, f"\n {whole} \r\n")
    assert line.text() == whole
    assert reason(editor, line).whole_text == "◆ Spaces around it were removed."
    draft = save(editor, qtbot)
    assert draft.profile == ACME
    assert draft.trimmed == (
        {"base_url": "base URL", "key": "consumer key", "redirect_url": "redirect URL"}.get(field, "name"),
    )


def test_a_pasted_secret_is_trimmed_and_said(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    paste(form(editor).secret.line, f" {CANARY}\n")
    assert "removed" in reason(editor, form(editor).secret).whole_text
    draft = save(editor, qtbot)
    assert draft.consumer_secret == CANARY
    assert draft.trimmed == ("consumer secret",)


def test_the_same_with_a_line_end_is_trimmed_too(opened: Opener) -> None:
    editor = opened()
    key = form(editor).key
    paste(key, f"{ACME.consumer_key}\n")
    assert key.text() == ACME.consumer_key
    assert "removed" in reason(editor, key).whole_text


def test_the_word_about_trimming_goes_with_the_next_key(opened: Opener) -> None:
    editor = opened()
    key = form(editor).key
    paste(key, " Key ")
    assert "removed" in reason(editor, key).whole_text
    QTest.keyClicks(key, "x")
    assert "removed" not in reason(editor, key).whole_text


def test_spaces_inside_a_name_can_be_typed(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).name, "My own name ")
    draft = save(editor, qtbot)
    assert draft.profile.name == "My own name"
    assert draft.trimmed == ("name",)


def test_spaces_typed_around_a_secret_are_removed_on_saving(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).secret.line, f"{CANARY} ")
    draft = save(editor, qtbot)
    assert draft.consumer_secret == CANARY
    assert draft.trimmed == ("consumer secret",)


def test_a_data_centre_fills_in_its_url(opened: Opener) -> None:
    editor = opened()
    fields = form(editor)
    assert fields.centre.currentText() == "EMEA"
    QTest.keyClick(fields.centre, Qt.Key.Key_Home)
    assert fields.base_url.text() == DATA_CENTRES[0].base_url
    rewrite(fields.base_url, "http://localhost:1")
    assert fields.centre.currentIndex() == OWN_BASE_URL
    paste(fields.base_url, DATA_CENTRES[2].base_url)
    assert fields.centre.currentIndex() == 2


def test_own_base_url_leads_to_the_field(opened: Opener) -> None:
    editor = opened()
    fields = form(editor)
    QTest.keyClick(fields.centre, Qt.Key.Key_End)
    assert fields.base_url.text() == ""
    assert fields.base_url.hasFocus()
    assert fields.centre.currentIndex() == OWN_BASE_URL
    rewrite(fields.base_url, "http://localhost:1")
    fields.centre.activated.emit(OWN_BASE_URL)
    assert fields.base_url.text() == "http://localhost:1"


def test_a_kept_secret_is_told_and_replaced(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    assert form(editor).secret.line.placeholderText() == "kept; type to replace"
    rewrite(form(editor).secret.line, CANARY)
    assert save(editor, qtbot).consumer_secret == CANARY


def test_a_kept_secret_is_removed_on_request(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    button(editor, "Remove").click()
    assert form(editor).secret.line.placeholderText() == "removed on saving"
    assert "consumer secret" in word(editor).whole_text
    button(editor, "Keep it").click()
    assert form(editor).secret.line.placeholderText() == "kept; type to replace"
    button(editor, "Remove").click()
    QTest.keyClicks(form(editor).secret.line, "x")
    assert button(editor, "Remove").isVisible()
    rewrite(form(editor).secret.line, "")
    button(editor, "Remove").click()
    assert save(editor, qtbot).consumer_secret == ""


def test_without_a_kept_secret_there_is_nothing_to_remove(opened: Opener) -> None:
    editor = opened(has_secret=False)
    assert not button(editor, "Remove").isVisible()
    assert form(editor).secret.line.placeholderText() == ""


@pytest.mark.parametrize(
    ("kept_in", "part"),
    [
        pytest.param(KEYRING, KEYRING, id="keyring"),
        pytest.param(None, "this session only", id="memory"),
        pytest.param("", "system's keyring", id="not known yet"),
    ],
)
def test_where_a_secret_goes_is_said(kept_in: str, part: str, opened: Opener) -> None:
    editor = opened(kept_in=kept_in, has_secret=False)
    assert part in reason(editor, form(editor).secret).whole_text


def radio(editor: ProfileEditor, contract: str) -> QRadioButton:
    found = editor.findChild(QRadioButton, f"contract_{contract}")
    assert isinstance(found, QRadioButton)
    return found


def changed_to(editor: ProfileEditor, contract: str) -> ProfileForm:
    radio(editor, contract).click()
    return form(editor)


def test_a_new_profile_asks_for_the_contract_first(opened: Opener) -> None:
    editor = opened(NEW, is_new=True, has_secret=False)
    assert not any(one.isChecked() for one in editor.findChildren(QRadioButton))
    assert radio(editor, LEGACY).hasFocus()
    assert not form(editor).fields.isEnabled()
    assert not button(editor, "Save").isEnabled()
    assert word(editor).whole_text == "◆ Choose a contract to go on."
    assert all(box.reason.kind is Kind.QUIET for box in editor.findChildren(FieldBox))


@each_contract
def test_choosing_it_by_keyboard_fills_in_where_an_app_begins(contract: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened(NEW, is_new=True, has_secret=False)
    facts, fields = CONTRACTS[contract], form(editor)
    size = editor.size()
    if contract != LEGACY:
        QTest.keyClick(editor.focusWidget(), Qt.Key.Key_Down)
    assert not any(one.isChecked() for one in editor.findChildren(QRadioButton)), "looking is not choosing"
    QTest.keyClick(editor.focusWidget(), Qt.Key.Key_Space)
    assert radio(editor, contract).isChecked()
    assert fields.fields.isEnabled()
    assert fields.base_url.text() == facts.data_centres[0].base_url
    assert [fields.centre.itemText(index) for index in range(fields.centre.count())] == [
        *(centre.name for centre in facts.data_centres),
        "own base URL",
    ]
    assert fields.scopes.scopes() == facts.new_app_scopes
    assert editor.size() == size
    QTest.keyClick(radio(editor, contract), Qt.Key.Key_Tab)
    assert fields.name.hasFocus()
    saved = save(editor, qtbot).profile
    assert (saved.contract, saved.base_url) == (contract, facts.data_centres[0].base_url)


def test_with_the_arrow_keys_a_contract_that_is_chosen_becomes_the_other_one(opened: Opener) -> None:
    editor = opened()
    radio(editor, LEGACY).setFocus()
    QTest.keyClick(radio(editor, LEGACY), Qt.Key.Key_Down)
    assert radio(editor, CURRENT).isChecked()
    assert form(editor).chosen_centre in CONTRACTS[CURRENT].data_centres
    QTest.keyClick(radio(editor, CURRENT), Qt.Key.Key_Up)
    assert radio(editor, LEGACY).isChecked()


def test_the_words_of_both_contracts_stand_there(opened: Opener) -> None:
    editor = opened()
    texts = "\n".join(label.text() for label in editor.findChildren(QLabel)).replace("\u200b", "")
    for facts in CONTRACTS.values():
        assert facts.redirect_words in texts
        assert facts.about in texts
        assert radio(editor, facts.name).accessibleName() == facts.redirect_words
        assert radio(editor, facts.name).accessibleDescription() == facts.about


def test_a_card_can_be_pressed_anywhere(opened: Opener, qtbot: QtBot) -> None:
    editor = opened(NEW, is_new=True, has_secret=False)
    card = radio(editor, CURRENT)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().bottomRight() - QPoint(3, 3))
    assert card.isChecked()
    assert save(editor, qtbot).profile.contract == CURRENT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("https://www.concursolutions.com", "https://us.api.concursolutions.com", id="US"),
        pytest.param("https://EU1.concursolutions.com/", "https://emea.api.concursolutions.com", id="EMEA, untidy"),
        pytest.param(
            "https://implementation.concursolutions.com", "https://us-impl.api.concursolutions.com", id="implementation"
        ),
        pytest.param("http://localhost:49215", "http://localhost:49215", id="own"),
        pytest.param("nonsense", "nonsense", id="no URL"),
        pytest.param("", "https://glz.api.concursolutions.com", id="none"),
    ],
)
def test_another_contract_moves_the_base_url(before: str, after: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened(replace(ACME, base_url=before))
    fields = changed_to(editor, CURRENT)
    assert fields.base_url.text() == after
    if after.startswith("https"):
        assert fields.chosen_centre in CONTRACTS[CURRENT].data_centres
        draft = save(editor, qtbot)
        assert (draft.profile.contract, draft.profile.base_url) == (CURRENT, after)
    else:
        assert fields.centre.currentText() == "own base URL"


def test_a_data_centre_without_a_namesake_becomes_the_first(opened: Opener) -> None:
    editor = opened(replace(ACME, contract=CURRENT, base_url="https://usg.api.concursolutions.com"))
    assert changed_to(editor, LEGACY).base_url.text() == DATA_CENTRES[0].base_url


def test_a_contract_that_was_chosen_by_mistake_changes_nothing(opened: Opener, qtbot: QtBot) -> None:
    profile = replace(
        ACME, contract=CURRENT, base_url="https://usg.api.concursolutions.com", scopes=CONTRACTS[CURRENT].new_app_scopes
    )
    editor = opened(profile)
    changed_to(editor, LEGACY)
    changed_to(editor, CURRENT)
    assert save(editor, qtbot).profile == profile


def test_what_was_typed_meanwhile_is_kept(opened: Opener) -> None:
    editor = opened(replace(ACME, contract=CURRENT, base_url="https://usg.api.concursolutions.com"))
    rewrite(changed_to(editor, LEGACY).base_url, "http://localhost:1")
    assert changed_to(editor, CURRENT).base_url.text() == "http://localhost:1"


def test_another_contract_changes_scopes_that_nobody_chose(opened: Opener) -> None:
    editor = opened(replace(ACME, scopes=CONTRACTS[LEGACY].new_app_scopes))
    fields = changed_to(editor, CURRENT)
    assert fields.scopes.scopes() == CONTRACTS[CURRENT].new_app_scopes


def test_another_contract_leaves_own_scopes_and_no_others(opened: Opener, qtbot: QtBot) -> None:
    editor = opened(replace(ACME, scopes=(*ACME.scopes, "own.scope")))
    assert changed_to(editor, CURRENT).scopes.scopes() == ("own.scope",)
    assert save(editor, qtbot).profile.scopes == ("own.scope",)


@pytest.mark.parametrize("name", ["v9", "<b>BOLD</b>", "שלום", "x" * 500])
def test_a_contract_that_is_not_known_is_named(name: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened(replace(ACME, contract=name))
    assert not any(one.isChecked() for one in editor.findChildren(QRadioButton))
    shown = "\n".join(label.text() for label in editor.findChildren(QLabel)).replace("\u200b", "")
    assert f'The profile names "{name}"' in shown
    assert form(editor).fields.isEnabled()
    assert form(editor).base_url.text() == ACME.base_url
    assert form(editor).scopes.scopes() == ACME.scopes
    assert "corrected: contract" in word(editor).whole_text
    assert not button(editor, "Save").isEnabled()
    changed_to(editor, CURRENT)
    assert save(editor, qtbot).profile == replace(ACME, contract=CURRENT)


@each_contract
def test_the_built_in_sandbox_can_have_either(contract: str, opened: Opener, qtbot: QtBot) -> None:
    editor = opened(built_in_profile(), has_secret=False)
    changed_to(editor, contract)
    assert save(editor, qtbot).profile == replace(built_in_profile(), contract=contract)


def test_the_built_in_sandbox_lets_four_fields_be_changed(opened: Opener, qtbot: QtBot) -> None:
    editor = opened(built_in_profile(), has_secret=False)
    fields = form(editor)
    changeable = [line for line in editor.findChildren(QLineEdit) if line.isEnabled() and not line.isReadOnly()]
    assert changeable == [fields.redirect_url]
    assert fields.redirect_url.hasFocus()
    assert [box.isEnabled() for box in editor.findChildren(QCheckBox)] == [True, True]
    assert not any(one.isEnabled() for one in (fields.scopes, fields.secret.toggle))
    assert not fields.centre.isVisible()
    assert "made up at each start" in reason(editor, fields.key).whole_text
    assert word(editor).whole_text == ""
    rewrite(fields.redirect_url, "http://localhost:0/r")
    fields.revoke_on_failure.click()
    draft = save(editor, qtbot)
    assert draft.profile == replace(built_in_profile(), redirect_url="http://localhost:0/r", revoke_on_failure=False)
    assert draft.consumer_secret is None


def test_saving_waits_for_an_answer(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    save(editor, qtbot)
    assert editor.saving
    assert editor.isVisible()
    assert not button(editor, "Save").isEnabled()
    assert not form(editor).isEnabled()
    with qtbot.waitSignal(editor.accepted):
        editor.accept_saved()
    assert not editor.isVisible()


def test_a_failure_is_shown_and_can_be_mended(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    save(editor, qtbot)
    editor.show_failure("The keyring is <b>locked</b>", "Nothing was kept.", "Unlock it.")
    assert word(editor).whole_text == "■ The keyring is <b>locked</b>. Nothing was kept. Unlock it."
    assert word(editor).textFormat() == Qt.TextFormat.PlainText
    assert form(editor).isEnabled()
    assert button(editor, "Save").hasFocus()
    rewrite(form(editor).name, "Acme 2")
    assert word(editor).whole_text == ""
    assert save(editor, qtbot).profile.name == "Acme 2"


def test_it_can_be_closed_while_the_answer_is_awaited(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).name, "Acme 2")
    save(editor, qtbot)
    button(editor, "Close").click()
    assert not editor.isVisible()
    editor.show_failure("t", "x", "a")
    editor.accept_saved()


def test_without_changes_escape_closes(opened: Opener) -> None:
    editor = opened()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()


def test_with_changes_escape_asks_and_escape_goes_back(opened: Opener) -> None:
    editor = opened()
    rewrite(form(editor).key, "Other")
    form(editor).key.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.isVisible()
    keep = button(editor, "Keep editing")
    assert keep.isVisible()
    assert keep.hasFocus()
    assert not button(editor, "Save").isVisible()
    QTest.keyClick(keep, Qt.Key.Key_Escape)
    assert not keep.isVisible()
    assert form(editor).key.hasFocus()
    assert form(editor).key.text() == "Other"


def test_enter_keeps_editing(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).secret.line, CANARY)
    button(editor, "Cancel").click()
    with qtbot.assertNotEmitted(editor.saved):
        QTest.keyClick(button(editor, "Keep editing"), Qt.Key.Key_Return)
    assert editor.isVisible()
    assert form(editor).secret.secret() == CANARY


def test_discarding_wipes_what_was_typed(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    rewrite(form(editor).secret.line, CANARY)
    editor.close()
    assert editor.isVisible()
    with qtbot.waitSignal(editor.rejected):
        QTest.keyClick(button(editor, "Discard changes"), Qt.Key.Key_Return)
    assert not editor.isVisible()
    assert form(editor).secret.secret() == ""


def test_enter_saves_from_a_field_and_presses_the_focused_button(opened: Opener, qtbot: QtBot) -> None:
    editor = opened()
    show = form(editor).secret.toggle
    show.setFocus()
    with qtbot.assertNotEmitted(editor.saved):
        QTest.keyClick(show, Qt.Key.Key_Return)
    assert not form(editor).secret.masked
    form(editor).name.setFocus()
    with qtbot.waitSignal(editor.saved):
        QTest.keyClick(form(editor).name, Qt.Key.Key_Return)


def test_tab_goes_through_all_fields_in_their_order(opened: Opener) -> None:
    editor = opened()
    fields = form(editor)
    wanted = [
        radio(editor, LEGACY),
        fields.name,
        fields.centre,
        fields.base_url,
        fields.key,
        fields.secret.line,
        fields.secret.toggle,
        fields.redirect_url,
        fields.exchange_at_once,
        fields.revoke_on_failure,
        button(editor, "Cancel"),
        button(editor, "Save"),
    ]
    seen: list[QWidget] = []
    radio(editor, LEGACY).setFocus()
    for _ in range(40):
        focused = editor.focusWidget()
        if focused in seen:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert [one for one in seen if one in wanted] == wanted
    assert button(editor, "Remove") in seen


def test_every_control_has_a_name_and_every_label_a_field(opened: Opener) -> None:
    editor = opened()
    for widget in (*editor.findChildren(QLineEdit), *editor.findChildren(Button), form(editor).centre):
        text = widget.text() if isinstance(widget, Button) else ""
        assert widget.accessibleName() or text
    labelled = [label.text() for label in editor.findChildren(QLabel) if label.buddy() is not None]
    letters = [text[text.index("&") + 1].lower() for text in labelled]
    letters += [box.text()[box.text().index("&") + 1].lower() for box in editor.findChildren(QCheckBox)]
    assert len(letters) == len(set(letters)) == 9


@pytest.mark.parametrize("field", ["name", "base_url", "key", "secret", "redirect_url"])
def test_the_letter_of_a_label_leads_to_its_field(field: str, opened: Opener) -> None:
    editor = opened()
    target = getattr(form(editor), field)
    (label,) = [one for one in form(editor).boxes[target].findChildren(QLabel) if one.buddy() is not None]
    letter = label.text()[label.text().index("&") + 1].upper()
    button(editor, "Save").setFocus()
    QTest.keyClick(editor, Qt.Key[f"Key_{letter}"], Qt.KeyboardModifier.AltModifier)
    assert editor.focusWidget() is (target.focusProxy() or target)


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("<b>BOLD</b>", id="markup"),
        pytest.param("שם פרופיל", id="right to left"),
        pytest.param("X" * 5000, id="5,000 characters"),
    ],
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_hostile_texts_stay_plain_and_in_their_place(
    hostile: str, theme: str, opened: Opener, qapp: QApplication
) -> None:
    with look(qapp, theme):
        editor = opened(other_names=(hostile,))
        size = editor.size()
        for line in (form(editor).name, form(editor).base_url, form(editor).key, form(editor).redirect_url):
            paste(line, hostile)
        paste(form(editor).redirect_url, f"http://{hostile}:8765/r")
        paste(form(editor).secret.line, hostile)
        editor.show_failure(hostile, hostile, hostile)
        assert not editor.grab().isNull()
        assert editor.size() == size
        for widget in editor.findChildren(QWidget):
            assert "<b>" not in widget.toolTip()
            if isinstance(widget, QLabel) and "BOLD" in widget.text():
                assert widget.textFormat() == Qt.TextFormat.PlainText


def test_it_fits_the_smallest_window(opened: Opener) -> None:
    editor = opened()
    editor.resize(editor.minimumSize())
    assert editor.width() <= 800
    assert editor.height() <= 600
    for box in editor.findChildren(FieldBox):
        assert box.width() <= editor.width()


def test_a_field_that_is_scrolled_away_comes_into_view_with_the_focus(opened: Opener) -> None:
    editor = opened()
    editor.resize(editor.minimumSize())
    box = form(editor).revoke_on_failure
    assert box.visibleRegion().isEmpty()
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    assert box.hasFocus()
    assert box.visibleRegion().boundingRect() == box.rect()


def test_the_secret_is_in_no_word_about_anything(opened: Opener) -> None:
    editor = opened()
    rewrite(form(editor).secret.line, f"{CANARY} x")
    form(editor).secret.toggle.click()
    for widget in (editor, *editor.findChildren(QWidget)):
        words = (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
        assert not any(CANARY in one for one in words)
