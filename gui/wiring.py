"""Every connection between the window and the session, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.widgets.menu_table import Command

if TYPE_CHECKING:
    from gui.closing import Closing
    from gui.desktop.clipboard import Clipboard
    from gui.errands import Errands
    from gui.session.session import Session
    from gui.widgets.main_window import MainWindow
    from gui.widgets.profile_bar import ProfileBar
    from gui.widgets.timeline_panel import TimelinePanel
    from gui.widgets.token_panel import TokenPanel
    from gui.workers.timeline_feed import TimelineFeed


def connect_views(window: MainWindow, session: Session, errands: Errands) -> None:
    """One way down: every view to the window and its dialogs."""
    session.board.changed.connect(window.render)
    session.board.changed.connect(errands.render)
    session.action_wanted.connect(errands.act)
    session.listener.browser_wanted.connect(errands.open_browser)


def connect_steps(window: MainWindow, session: Session, errands: Errands, clipboard: Clipboard) -> None:
    """Connect the four cards, the banner and the status line."""
    window.application_card.edit_requested.connect(errands.edit_profile)
    window.application_card.copy_requested.connect(clipboard.copy)
    window.listener_card.start_requested.connect(session.listener.start)
    window.listener_card.stop_requested.connect(session.listener.stop)
    window.listener_card.copy_requested.connect(clipboard.copy)
    window.request_token_card.simulate_requested.connect(session.listener.simulate_app_center)
    window.request_token_card.open_browser_requested.connect(session.listener.open_browser)
    window.request_token_card.paste_submitted.connect(session.listener.paste)
    window.request_token_card.drop_requested.connect(session.flow.drop_request_token)
    window.exchange_card.exchange_requested.connect(session.flow.exchange)
    window.exchange_card.exchange_at_once_changed.connect(session.profiles.set_exchange_at_once)
    window.exchange_card.cancel_requested.connect(session.call.cancel)
    window.banner.action_chosen.connect(session.act_on_notice)
    window.banner.dismissed.connect(session.dismiss_notice)
    window.status_line.keyring_retry_requested.connect(session.keyring.try_again)
    window.status_line.keyring_skip_requested.connect(session.keyring.do_not_wait)
    clipboard.copied.connect(window.status_line.say)


def connect_profile_bar(bar: ProfileBar, session: Session, errands: Errands) -> None:
    """Connect the bar of profiles."""
    bar.profile_chosen.connect(session.profiles.select)
    bar.new_requested.connect(errands.new_profile)
    bar.edit_requested.connect(errands.edit_profile)
    bar.duplicate_requested.connect(session.profiles.duplicate)
    bar.delete_requested.connect(errands.delete_profile)
    bar.import_requested.connect(errands.import_profile)
    bar.export_requested.connect(errands.export_profile)


def connect_token_panel(panel: TokenPanel, session: Session, errands: Errands, clipboard: Clipboard) -> None:
    """Connect everything about the access token."""
    panel.refresh_requested.connect(session.flow.refresh)
    panel.probe_requested.connect(session.flow.probe)
    panel.revoke_requested.connect(session.revoking.revoke)
    panel.keep_requested.connect(session.revoking.keep_token)
    panel.start_over_requested.connect(session.flow.start_over)
    panel.cancel_requested.connect(session.call.cancel)
    panel.save_requested.connect(errands.save_document)
    panel.copy_requested.connect(clipboard.copy)
    panel.issued_tokens_requested.connect(errands.show_issued_tokens)


def connect_timeline(
    panel: TimelinePanel, session: Session, feed: TimelineFeed, errands: Errands, clipboard: Clipboard
) -> None:
    """Connect the timeline."""
    feed.rows_added.connect(panel.add_rows)
    panel.export_requested.connect(errands.export_timeline)
    panel.clear_requested.connect(session.files.clear_timeline)
    panel.clear_requested.connect(panel.clear)
    panel.copy_requested.connect(clipboard.copy)


def connect_menus(
    window: MainWindow, session: Session, errands: Errands, token_panel: TokenPanel, timeline_panel: TimelinePanel
) -> None:
    """Connect every command of the menus but the themes, and what only arranges the window."""
    targets = {
        Command.SAVE_DOCUMENT: errands.save_document,
        Command.EXPORT_TIMELINE: errands.export_timeline,
        Command.IMPORT_PROFILE: errands.import_profile,
        Command.EXPORT_PROFILE: errands.export_profile,
        Command.NEW_PROFILE: errands.new_profile,
        Command.EDIT_PROFILE: errands.edit_profile,
        Command.DUPLICATE_PROFILE: session.profiles.duplicate,
        Command.DELETE_PROFILE: errands.delete_profile,
        Command.ISSUED_TOKENS: errands.show_issued_tokens,
        Command.START_LISTENER: session.listener.start,
        Command.STOP_LISTENER: session.listener.stop,
        Command.SIMULATE_APP_CENTER: session.listener.simulate_app_center,
        Command.OPEN_BROWSER: session.listener.open_browser,
        Command.PASTE_REDIRECT: window.show_paste_field,
        Command.DROP_REQUEST_TOKEN: session.flow.drop_request_token,
        Command.EXCHANGE: session.flow.exchange,
        Command.COPY_TOKEN: token_panel.copy_token,
        Command.TRY_TOKEN: session.flow.probe,
        Command.REFRESH_TOKEN: session.flow.refresh,
        Command.REVOKE: session.revoking.revoke,
        Command.KEEP_TOKEN: session.revoking.keep_token,
        Command.START_OVER: session.flow.start_over,
        Command.CANCEL: session.call.cancel,
        Command.FILTER_TIMELINE: timeline_panel.focus_filter,
        Command.CLEAR_TIMELINE: timeline_panel.clear_requested,
        Command.CHECK_LIST: errands.show_check_list,
        Command.SHORTCUTS: errands.show_shortcuts,
        Command.OPEN_LOG_FOLDER: errands.open_log_folder,
        Command.ABOUT: errands.show_about,
    }
    for command, target in targets.items():
        window.menus.action(command).triggered.connect(target)


def connect_closing(window: MainWindow, closing: Closing) -> None:
    """Connect the end."""
    window.close_requested.connect(closing.ask)
    closing.agreed.connect(window.close_for_good)
