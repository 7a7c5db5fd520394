"""Profiles: which one is shown, and every change of them. Its stores are used in the storage lane alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from gui.concur.application import CONSUMER_KEY, CONSUMER_SECRET, check_base_url, check_credential
from gui.concur.contract import CONTRACTS, base_url_under, has_place_under, scopes_under
from gui.concur.errors import FlowError
from gui.concur.transport import proxy_for
from gui.flow.connection import contract_named
from gui.notices import Happening, NoticeAction, Severity
from gui.session.board import FlowMemory, app_of
from gui.session.parts import STORAGE_LANE
from gui.session_requests import DraftRefused
from gui.session_state import Control, Event, State
from gui.session_view import ApplicationView, KeyringStatus, ShownToken
from gui.store.errors import ProfileUnknown
from gui.store.profile import BUILT_IN_PROFILE_ID, Profile, built_in_profile
from gui.store.profile_file import export_profile, import_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.concur.cancellation import Cancellation
    from gui.flow.issuing import Issued
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.session.sandbox_host import SandboxHost
    from gui.session_requests import ExportProfileRequest, ProfileDraft
    from gui.store.issued_entry import IssuedToken
    from gui.store.profile_file import ImportedProfile
    from gui.store.profiles import LoadedProfiles
    from gui.workers.jobs import Job, Jobs

T = TypeVar("T")
_CONFIGURABLE = frozenset({State.UNCONFIGURED, State.STOPPED})


class ProfilesDesk(QObject):
    """Shows one profile at a time; the flows of the others are remembered while the window is open."""

    profile_shown = Signal()
    """Another profile is shown, or the same with other values: the listener starts from its redirect URL."""
    draft_saved = Signal(str)
    """What an editor handed over is kept: the id of its profile."""
    draft_refused = Signal(object)
    """A DraftRefused."""
    choice_wanted = Signal()
    """The contract cannot be switched without the user, who has to choose a data centre: the editor is to be opened."""
    deletion_begun = Signal()
    """The profile that is shown is being deleted: what would bring it something has to stop."""
    deletion_failed = Signal()
    """It stays."""
    application_ready = Signal()
    """Key, secret and base URL of the profile that is shown are there."""
    application_incomplete = Signal()
    """One of them is missing, or cannot be used."""

    def __init__(
        self, board: Board, jobs: Jobs, parts: SessionParts, sandbox: SandboxHost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._parts = parts
        self._sandbox = sandbox
        self._flows: dict[str, FlowMemory] = {}
        self.told_deprecated = ""
        """Names of contracts of which the user knows that they are deprecated, with spaces between them."""
        self._reading: Job | None = None

    def load(self, last_profile_id: str) -> None:
        """Read the profiles and show the one that was shown last; the built-in sandbox where there is none."""

        def on_success(loaded: LoadedProfiles) -> None:
            self._board.update(profiles=loaded.profiles, starting=False)
            known = {profile.profile_id for profile in loaded.profiles}
            self._show(last_profile_id if last_profile_id in known else BUILT_IN_PROFILE_ID)
            if loaded.problem is not None:
                self._board.tell_failure(loaded.problem)

        def on_error(error: Exception) -> None:
            self._board.update(profiles=(built_in_profile(),), starting=False)
            self._show(BUILT_IN_PROFILE_ID)
            self._board.tell_failure(error)

        self._store(lambda: self._parts.profiles.load(), on_success, on_error)  # noqa: PLW0108  # looked up in its lane

    @Slot(str)
    def select(self, profile_id: str) -> None:
        """Show another profile. Not while a call is under way: its token belongs to this one."""
        if profile_id != self._board.view.profile.profile_id:
            self._show(profile_id)

    @Slot(object)
    def save(self, draft: ProfileDraft) -> None:
        """Keep a new or changed profile and its secret, and show it."""

        def work() -> Profile:
            profile = draft.profile
            if draft.is_new and not self._is_stored(profile):
                self._parts.profiles.add(profile)
            else:  # a second try too, after a keyring that failed: the profile is there by then
                self._parts.profiles.replace(profile)
            if draft.consumer_secret is not None and not profile.built_in_sandbox:
                self._parts.profiles.keep_consumer_secret(profile.profile_id, draft.consumer_secret)
            return profile

        def on_success(profile: Profile) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            self.draft_saved.emit(profile.profile_id)
            self._show(profile.profile_id)
            self._board.dismiss_about(Happening.SOMETHING_TRIMMED)
            if draft.trimmed:
                self._board.tell(Severity.INFO, Happening.SOMETHING_TRIMMED, ", ".join(draft.trimmed))

        def on_error(error: Exception) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            if isinstance(error, FlowError):
                self.draft_refused.emit(DraftRefused(draft.profile.profile_id, error))
            else:
                self._board.tell_failure(error)

        self._parts.transport.redactor.learn(draft.consumer_secret)
        self._store(work, on_success, on_error)

    @Slot(bool)
    def set_exchange_at_once(self, at_once: bool) -> None:
        """Keep that flag of the profile that is shown."""
        profile_id = self._board.view.profile.profile_id

        def show() -> None:
            profile = self._board.view.profile
            if profile.profile_id == profile_id:
                self._board.update(profile=replace(profile, exchange_at_once=at_once))

        def work() -> None:
            # The flag alone: another change of the profile may be on its way to the file and not be shown yet.
            self._parts.profiles.keep_exchange_at_once(profile_id, at_once=at_once)

        def on_success(_nothing: None) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            show()

        show()
        self._store(work, on_success, self._board.tell_failure)

    @Slot(str)
    def switch_contract(self, contract: str) -> None:
        """Have the profile that is shown use another contract, at the data centre of the same name.

        Where there is none the user has to choose: its saved secret must not go to another part of the world unasked.
        """
        profile = self._board.view.profile
        if contract not in CONTRACTS or not self._board.allows(Control.EDIT_APPLICATION):
            self._board.tell(Severity.INFO, Happening.NOT_NOW)
            return
        before, after = CONTRACTS.get(profile.contract), CONTRACTS[contract]
        if not has_place_under(after, profile.base_url, before):
            self.choice_wanted.emit()
            return
        switched = replace(profile, contract=contract)
        if not profile.built_in_sandbox:
            switched = replace(
                switched,
                base_url=base_url_under(after, profile.base_url, before),
                scopes=scopes_under(after, profile.scopes, before),
            )

        def work() -> Profile:
            self._parts.profiles.replace(switched)
            return switched

        def on_success(profile: Profile) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            self._show(profile.profile_id)
            if not profile.built_in_sandbox:
                edit = (NoticeAction.EDIT_PROFILE,)
                self._board.tell(Severity.INFO, Happening.CONTRACT_SWITCHED, profile.base_url, actions=edit)

        self._store(work, on_success, self._board.tell_failure)

    @Slot()
    def duplicate(self) -> None:
        """Copy the profile that is shown, with its secret, and show the copy."""
        profile = self._board.view.profile
        if not self._board.allows(Control.DUPLICATE_PROFILE):
            return

        def work() -> Profile:
            return self._parts.profiles.duplicate(profile.profile_id)

        def on_success(copy: Profile) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            self._show(copy.profile_id)

        self._store(work, on_success, self._board.tell_failure)

    @Slot()
    def delete(self) -> None:
        """Delete the profile that is shown, with its consumer secret. Its live tokens stay listed."""
        profile = self._board.view.profile
        if not self._board.allows(Control.DELETE_PROFILE):
            return

        def work() -> None:
            self._parts.profiles.delete(profile.profile_id)

        def on_success(_nothing: None) -> None:
            self._board.update(profiles=self._parts.profiles.profiles, deleting=False)
            self._show(BUILT_IN_PROFILE_ID)
            self._flows.pop(profile.profile_id, None)  # a live token of it stays listed

        def on_error(error: Exception) -> None:
            self._board.update(deleting=False)
            self.deletion_failed.emit()
            self._board.tell_failure(error)

        # A keyring takes its time. A redirect that came meanwhile would begin a call under a profile that is gone.
        self.deletion_begun.emit()
        self._board.update(deleting=True)
        self._store(work, on_success, on_error)

    @Slot(object)
    def export(self, request: ExportProfileRequest) -> None:
        """Write a profile to a file, without its secret."""
        profile = self._known(request.profile_id)

        def work() -> None:
            export_profile(profile, request.path)

        def on_success(_nothing: None) -> None:
            self._board.tell(Severity.SUCCESS, Happening.SAVED, str(request.path))

        self._store(work, on_success, self._board.tell_failure)

    @Slot(object)
    def import_from(self, path: Path) -> None:
        """Add the profile of a file and show it; its secret has to be typed in."""

        def work() -> ImportedProfile:
            imported = import_profile(path, self._parts.profiles.profiles)
            self._parts.profiles.add(imported.profile)
            return imported

        def on_success(imported: ImportedProfile) -> None:
            self._board.update(profiles=self._parts.profiles.profiles)
            self._show(imported.profile.profile_id)
            left_out = (*imported.ignored, *imported.secrets_ignored)
            edit = (NoticeAction.EDIT_PROFILE,)
            if left_out:
                names = ", ".join(left_out)
                self._board.tell(Severity.WARNING, Happening.PROFILE_IMPORTED_LESS, names, actions=edit)
            else:
                self._board.tell(Severity.INFO, Happening.PROFILE_IMPORTED, imported.profile.name, actions=edit)

        self._store(work, on_success, self._board.tell_failure)

    def show_again(self) -> None:
        """Read the secret of the profile that is shown anew: the keyring has answered, or the sandbox has started."""
        self._read_application(self._board.view.profile)

    def judge_application(self) -> None:
        """Tell the table whether the app of this profile can be used, where that is the question now."""
        view = self._board.view
        if view.state not in _CONFIGURABLE:
            return
        application = view.application
        complete = bool(application.base_url and application.consumer_secret) and application.problem is None
        self._board.apply(Event.APPLICATION_COMPLETED if complete else Event.APPLICATION_INCOMPLETE)
        judged = self.application_ready if complete else self.application_incomplete
        judged.emit()

    # One profile

    @Slot(str)
    def on_token_gone(self, token_id: str) -> None:
        """Let go of a token that was revoked or forgotten, in the flows of profiles that are not shown now."""
        for profile_id, flow in self._flows.items():
            if flow.shown is not None and flow.shown.token.token_id == token_id:
                self._flows[profile_id] = FlowMemory()

    @Slot(str, object)
    def on_token_replaced(self, token_id: str, issued: Issued) -> None:
        """Take over what has replaced a token, in the flows of profiles that are not shown now."""
        for profile_id, flow in self._flows.items():
            if flow.shown is not None and flow.shown.token.token_id == token_id:
                document = issued.document
                shown = ShownToken(issued.token, issued.live, document, document.answer)
                self._flows[profile_id] = replace(flow, shown=shown)

    def shown_tokens(self) -> tuple[IssuedToken, ...]:
        """Return the tokens that the flows work on, of the profile that is shown and of those beside it."""
        flows = (self._board.memory(), *self._flows.values())
        return tuple(flow.shown.token for flow in flows if flow.shown is not None)

    def _show(self, profile_id: str) -> None:
        try:
            profile = self._known(profile_id)
        except ProfileUnknown as error:
            self._board.tell_failure(error)
            return
        view = self._board.view
        same = profile.profile_id == view.profile.profile_id
        if not same and not self._board.allows(Control.SWITCH_PROFILE):
            return  # a call began meanwhile, and what it brings belongs to the profile that is shown
        if not same:
            self._flows[view.profile.profile_id] = self._board.memory()
        flow = self._board.memory() if same else self._flows.pop(profile.profile_id, FlowMemory())
        if flow.state is State.RECEIVED and flow.app != app_of(profile):
            flow = FlowMemory(State.STOPPED)  # that request token must go to nobody but whom it came from
        self._board.update(
            profile=profile,
            application=ApplicationView(consumer_key=profile.consumer_key, contract=profile.contract),
            state=flow.state,
            request_token=flow.request_token,
            shown=flow.shown,
            revocation=flow.revocation,
            milestones=flow.milestones,
        )
        self.profile_shown.emit()
        self._read_application(profile)
        self._tell_deprecated_once(profile)

    def _tell_deprecated_once(self, profile: Profile) -> None:
        facts = CONTRACTS.get(profile.contract)
        told = self.told_deprecated.split()
        if facts is None or not facts.deprecated_since or facts.name in told or profile.built_in_sandbox:
            return
        self.told_deprecated = " ".join((*told, facts.name))
        page = (NoticeAction.OPEN_MIGRATION_PAGE,)
        self._board.tell(Severity.INFO, Happening.CONTRACT_DEPRECATED, facts.deprecated_since, actions=page)

    def _read_application(self, profile: Profile) -> None:
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        if profile.built_in_sandbox:
            self._take_application(self._application_of_sandbox(profile))
        elif self._board.view.keyring.status is KeyringStatus.PROBING:
            self._take_application(
                ApplicationView(profile.consumer_key, base_url=profile.base_url, contract=profile.contract)
            )
        else:
            self._read_secret(profile)

    def _application_of_sandbox(self, profile: Profile) -> ApplicationView:
        app = self._sandbox.app
        self._parts.transport.redactor.learn(app.consumer_secret)
        return ApplicationView(
            app.consumer_key,
            app.consumer_secret,
            self._sandbox.base_url,
            problem=self._sandbox.problem or _fault_of_contract(profile),
            contract=profile.contract,
        )

    def _read_secret(self, profile: Profile) -> None:
        def work() -> tuple[str, str]:
            secret = self._parts.profiles.consumer_secret(profile.profile_id) or ""
            self._parts.transport.redactor.learn(secret)
            return secret, proxy_for(profile.base_url)

        def on_success(found: tuple[str, str]) -> None:
            secret, proxy = found
            problem = _fault_of(profile, secret)
            kept_in = self._board.view.keyring.description if secret else ""
            self._take_application(
                ApplicationView(
                    profile.consumer_key, secret, profile.base_url, kept_in, problem, contract=profile.contract
                ),
                proxy,
            )

        def on_error(error: Exception) -> None:
            problem = error if isinstance(error, FlowError) else None
            self._take_application(
                ApplicationView(profile.consumer_key, "", profile.base_url, "", problem, contract=profile.contract)
            )
            self._board.tell_failure(error, NoticeAction.TRY_KEYRING_AGAIN)

        self._reading = self._store(work, on_success, on_error)

    def _take_application(self, application: ApplicationView, proxy: str = "") -> None:
        self._reading = None
        self._board.update(application=application, proxy=proxy)
        self.judge_application()

    def _known(self, profile_id: str) -> Profile:
        for profile in self._board.view.profiles:
            if profile.profile_id == profile_id:
                return profile
        raise ProfileUnknown(profile_id=profile_id)

    def _is_stored(self, profile: Profile) -> bool:
        return any(known.profile_id == profile.profile_id for known in self._parts.profiles.profiles)

    def _store(
        self, work: Callable[[], T], on_success: Callable[[T], None], on_error: Callable[[Exception], None]
    ) -> Job:
        def run(_cancellation: Cancellation) -> T:
            return work()

        return self._jobs.start(run, on_success, on_error, lane=STORAGE_LANE)


def _fault_of_contract(profile: Profile) -> FlowError | None:
    try:
        contract_named(profile.contract)
    except FlowError as error:
        return error
    return None


def _fault_of(profile: Profile, secret: str) -> FlowError | None:
    """Return what keeps the app from being used; a blank one is missing, which needs no alarm but a word."""
    if (problem := _fault_of_contract(profile)) is not None:
        return problem
    try:
        check_base_url(profile.base_url)
        check_credential(CONSUMER_KEY, profile.consumer_key)
        check_credential(CONSUMER_SECRET, secret)
    except FlowError as error:
        return error
    return None
