"""What a window says: names for screen readers, secrets, texts that nobody can translate, markup from outside."""

from __future__ import annotations

import re
from collections import defaultdict
from html import escape, unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtGui import Qt as QtOfGui
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QGroupBox,
    QLabel,
    QMenuBar,
    QTabBar,
    QTextEdit,
    QWidget,
)

from tests.gui.pseudo import CLOSING, OPENING
from tests.gui.widget_tree import (
    FIELDS,
    Text,
    accessible_name,
    inner_widgets,
    is_used,
    menu_actions,
    menus_of,
    named,
    texts_of,
    visible_widgets,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_READ_AS_PROSE = frozenset(
    {
        "text",
        "tooltip",
        "status tip",
        "what's this",
        "title",
        "placeholder",
        "tab",
        "header",
        "action",
        "accessible name",
        "accessible description",
    }
)
_MAY_BE_MARKUP = frozenset({"tooltip", "what's this"})


def name_complaints(window: QWidget) -> list[str]:
    """A screen reader has a name for everything that can be used, and no mnemonic is given twice."""
    found = []
    for widget in visible_widgets(window):
        if isinstance(widget, QTabBar):
            found += [
                f"tab {index} of {named(widget)} has no name"
                for index in range(widget.count())
                if not _says_something(widget.tabText(index) or widget.accessibleTabName(index))
            ]
        elif is_used(widget) and not _says_something(_own_name(widget)):
            wish = "no label that is its buddy and no accessible name" if isinstance(widget, FIELDS) else "no name"
            found.append(f"{named(widget)} has {wish}")
        elif isinstance(widget, QLabel) and not widget.pixmap().isNull() and not accessible_name(widget):
            found.append(f"picture {named(widget)} has no accessible name")
    for menu in menus_of(window):
        found += [f"an entry of {named(menu)} has no text" for action in menu_actions(menu) if not action.text()]
        found += _given_twice(((action.text(), action.text()) for action in menu_actions(menu)), named(menu))
    return found + _given_twice(_mnemonics(window), "the window")


def secret_complaints(window: QWidget, secrets: Iterable[str]) -> list[str]:
    """None of the secrets stands in anything that is shown, read out or kept for a pointer, hidden widgets included."""
    needles = [form for secret in secrets for form in (secret, quote(secret, safe=""), escape(secret)) if secret]
    found = []
    for text in _all_texts(window):
        if any(needle in text.text for needle in needles):
            owner = text.owner
            for needle in needles:
                owner = owner.replace(needle, "(secret)")
            found.append(f"{text.kind} of {owner} holds a secret")
    return list(dict.fromkeys(found))


def untranslated_complaints(window: QWidget, outside: Iterable[str] = ()) -> list[str]:
    """With the pseudo-translator installed before the window was built, every text with letters went through tr().

    `outside` are facts from elsewhere that stand alone: names of profiles, URLs, values.
    """
    facts = sorted({fact for fact in outside if fact}, key=len, reverse=True)
    found = [
        f"{text.kind} of {text.owner} is not translated: {text.text[:80]!r}"
        for widget in (*visible_widgets(window), *menus_of(window))
        for text in texts_of(widget)
        if text.kind in _READ_AS_PROSE and _is_hard_coded(text.text, facts) and not _is_only_a_value(widget, text)
    ]
    return list(dict.fromkeys(found))


def markup_complaints(window: QWidget, hostile: Iterable[str]) -> list[str]:
    """Text from outside that looks like markup is not taken for markup anywhere."""
    found = []
    for needle in hostile:
        found += [
            f"{text.kind} of {text.owner} takes {needle!r} for markup"
            for text in _all_texts(window)
            if text.kind in _MAY_BE_MARKUP and needle in text.text and QtOfGui.mightBeRichText(text.text)
        ]
        for widget in inner_widgets(window):
            if isinstance(widget, QLabel) and needle in widget.text() and _reads_markup(widget):
                found.append(f"text of {named(widget)} takes {needle!r} for markup")
            if isinstance(widget, QTextEdit) and _has_swallowed_tags(widget.toPlainText(), needle):
                found.append(f"document of {named(widget)} takes {needle!r} for markup")
    return found


def _all_texts(window: QWidget) -> Iterator[Text]:
    for widget in (window, *inner_widgets(window), *menus_of(window)):
        yield from texts_of(widget)


def _says_something(name: str) -> bool:
    return any(character.isalnum() for character in name)


def _own_name(widget: QWidget) -> str:
    if not isinstance(widget, QComboBox):
        return accessible_name(widget)
    # On Linux Qt names a combo box by what is chosen in it, and tells of its label apart.
    labels = [one.text() for one in widget.window().findChildren(QLabel) if one.buddy() is widget]
    return " ".join([widget.accessibleName(), *labels])


def _mnemonics(window: QWidget) -> Iterator[tuple[str, str]]:
    """Give every text whose mnemonic works together with Alt in this window, and who holds it."""
    for widget in visible_widgets(window):
        if not widget.isEnabled():
            continue
        if isinstance(widget, QAbstractButton):
            yield widget.text(), named(widget)
        elif isinstance(widget, QGroupBox):
            yield widget.title(), named(widget)
        elif isinstance(widget, QLabel) and widget.buddy() is not None:
            yield widget.text(), named(widget)
        elif isinstance(widget, QTabBar):
            for index in range(widget.count()):
                yield widget.tabText(index), f"tab {widget.tabText(index)!r}"
        elif isinstance(widget, QMenuBar):
            for action in menu_actions(widget):
                yield action.text(), f"menu {action.text()!r}"


def _given_twice(texts: Iterable[tuple[str, str]], where: str) -> list[str]:
    holders = defaultdict(list)
    for text, who in texts:
        keys = QKeySequence.mnemonic(text).toString()
        if keys:
            holders[keys].append(who)
    return [f"{keys} is given twice in {where}: {', '.join(who)}" for keys, who in holders.items() if len(who) > 1]


def _is_hard_coded(text: str, facts: list[str]) -> bool:
    if OPENING in text or CLOSING in text:
        return False
    if text.startswith("<qt>"):
        text = unescape(re.sub(r"<[^<>]*>", "", text))
    for fact in facts:
        text = text.replace(fact, " ")
    return any(character.isalpha() for character in text)


def _is_only_a_value(widget: QWidget, text: Text) -> bool:
    """Tell whether the text is what is chosen in a combo box, which Qt takes for its name on Linux."""
    return isinstance(widget, QComboBox) and text.kind == "accessible name" and text.text == widget.currentText()


def _reads_markup(label: QLabel) -> bool:
    kind = label.textFormat()
    if kind == Qt.TextFormat.AutoText:
        return bool(QtOfGui.mightBeRichText(label.text()))
    return kind != Qt.TextFormat.PlainText


def _has_swallowed_tags(shown: str, needle: str) -> bool:
    bare = re.sub(r"<[^<>]*>", "", needle)
    return bool(bare.strip()) and bare != needle and bare in shown and needle not in shown
