from __future__ import annotations

import json
import uuid
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest

from gui.store.errors import (
    FolderNotWritable,
    KeyringDenied,
    ProfileBuiltIn,
    ProfileFieldInvalid,
    ProfileFileCorrupt,
    ProfileFileNewer,
    ProfileImportInvalid,
    ProfileNameTaken,
    ProfileUnknown,
    SettingsFileCorrupt,
    SettingsFileNewer,
)
from gui.store.profile import BUILT_IN_PROFILE_ID, Profile
from gui.store.profile_file import export_profile, import_profile
from gui.store.profiles import ProfileStore
from gui.store.secrets import SessionSecretStore
from gui.store.settings import Settings, SettingsStore
from tests.unit.store.fakes import FakeSecrets, clock

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-c0de-secret"


def profile(name: str = "Acme", **changes: object) -> Profile:
    made = Profile(
        profile_id=uuid.uuid4().hex,
        name=name,
        base_url="https://www.concursolutions.com",
        consumer_key="VDV5Y532NafYX8vQ0yP3aB",
        redirect_url="http://localhost:8765/redirect",
        scopes=("EXPRPT", "USER"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # each test names real fields


@pytest.fixture
def secrets() -> FakeSecrets:
    return FakeSecrets()


@pytest.fixture
def store(tmp_path: Path, secrets: FakeSecrets) -> ProfileStore:
    made = ProfileStore(tmp_path / "profiles.json", secrets, clock)
    assert made.load().problem is None
    return made


def reloaded(tmp_path: Path, secrets: FakeSecrets) -> ProfileStore:
    again = ProfileStore(tmp_path / "profiles.json", secrets, clock)
    assert again.load().problem is None
    return again


def test_without_a_file_there_is_the_built_in_sandbox(store: ProfileStore, tmp_path: Path) -> None:
    (only,) = store.profiles
    assert only.name == "Built-in sandbox"
    assert only.built_in_sandbox
    assert only.redirect_url == "http://localhost:8765/redirect"
    assert only.profile_id == BUILT_IN_PROFILE_ID
    assert list(tmp_path.iterdir()) == []


def test_a_profile_has_no_field_for_a_secret() -> None:
    assert not {name for field in fields(Profile) for name in ("secret", "token", "password") if name in field.name}


def test_changes_are_there_at_the_next_start(store: ProfileStore, tmp_path: Path, secrets: FakeSecrets) -> None:
    acme = profile(exchange_at_once=False, revoke_on_failure=False)
    store.add(acme)
    store.replace(replace(acme, name="Acme 2"))
    assert reloaded(tmp_path, secrets).get(acme.profile_id) == replace(acme, name="Acme 2")
    store.delete(acme.profile_id)
    with pytest.raises(ProfileUnknown):
        reloaded(tmp_path, secrets).get(acme.profile_id)


def test_changes_of_another_window_are_kept(store: ProfileStore, tmp_path: Path, secrets: FakeSecrets) -> None:
    other = reloaded(tmp_path, secrets)
    other.add(profile("Theirs"))
    store.add(profile("Ours"))
    assert [known.name for known in reloaded(tmp_path, secrets).profiles] == ["Built-in sandbox", "Theirs", "Ours"]


def test_a_name_is_taken_once(store: ProfileStore) -> None:
    acme = profile()
    store.add(acme)
    with pytest.raises(ProfileNameTaken):
        store.add(profile(" ACME "))
    store.replace(replace(acme, name="ACME"))


@pytest.mark.parametrize(
    ("changes", "field_name"),
    [
        pytest.param({"name": "  "}, "name", id="blank name"),
        pytest.param({"name": "x" * 81}, "name", id="long name"),
        pytest.param({"name": "a\nb"}, "name", id="line end"),
        pytest.param({"contract": "future"}, "contract", id="contract"),
        pytest.param({"base_url": ""}, "base_url", id="no base URL"),
        pytest.param({"base_url": "ftp://host"}, "base_url", id="scheme"),
        pytest.param({"base_url": f"https://user:{CANARY}@host"}, "base_url", id="password in URL"),
        pytest.param({"base_url": "https://host/path"}, "base_url", id="path"),
        pytest.param({"base_url": "https://host:port"}, "base_url", id="port"),
        pytest.param({"base_url": "http://www.concursolutions.com"}, "base_url", id="http to another machine"),
        pytest.param({"base_url": " https://host"}, "base_url", id="space before the base URL"),
        pytest.param({"redirect_url": f"http://localhost/r?client_secret={CANARY}"}, "redirect_url", id="query"),
        pytest.param({"consumer_key": "a\x00b"}, "consumer_key", id="NUL"),
        pytest.param({"scopes": ("A,B",)}, "scopes", id="comma"),
    ],
)
def test_fields_that_cannot_work(changes: dict[str, object], field_name: str, store: ProfileStore) -> None:
    with pytest.raises(ProfileFieldInvalid) as raised:
        store.add(replace(profile(), **changes))  # type: ignore[arg-type]  # each case names real fields
    assert raised.value.field_name == field_name
    assert CANARY not in repr(raised.value)
    assert len(store.profiles) == 1


def with_a_later_contract(tmp_path: Path, *profiles: Profile) -> None:
    """Have the file name a contract, in its first profile of Acme, that only a later version knows."""
    path = tmp_path / "profiles.json"
    document = json.loads(path.read_text())
    for kept in document["profiles"]:
        if kept["profile_id"] in {one.profile_id for one in profiles}:
            kept["contract"] = "future"
    path.write_text(json.dumps(document))


def test_a_contract_of_a_later_version_takes_no_profile_away(
    store: ProfileStore, tmp_path: Path, secrets: FakeSecrets
) -> None:
    acme, other = profile(), profile("Other")
    store.add(acme)
    store.add(other)
    with_a_later_contract(tmp_path, acme)
    again = reloaded(tmp_path, secrets)
    future = replace(acme, contract="future")
    assert again.profiles[1:] == (future, other)
    again.replace(replace(other, name="Another"))
    assert reloaded(tmp_path, secrets).get(acme.profile_id) == future
    again.replace(replace(future, name="Renamed"))
    again.replace(replace(future, contract="current"))
    with pytest.raises(ProfileFieldInvalid):
        again.replace(future)


def test_a_later_contract_is_not_imported(store: ProfileStore, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(shared(contract="future")))
    with pytest.raises(ProfileImportInvalid) as raised:
        import_profile(path, store.profiles)
    assert raised.value.reason == "contract is not one that this version knows (legacy, current)"


def test_a_base_url_is_kept_as_an_origin(store: ProfileStore, tmp_path: Path, secrets: FakeSecrets) -> None:
    """With its slash requests would go to `//net2/...`."""
    acme = profile(base_url="https://www.ConcurSolutions.com/")
    store.add(acme)
    assert store.get(acme.profile_id).base_url == "https://www.concursolutions.com"
    store.replace(replace(acme, base_url="https://eu1.concursolutions.com/"))
    assert reloaded(tmp_path, secrets).get(acme.profile_id).base_url == "https://eu1.concursolutions.com"
    path = tmp_path / "profiles.json"
    path.write_text(path.read_text().replace("eu1.concursolutions.com", "eu1.concursolutions.com/"))
    assert reloaded(tmp_path, secrets).get(acme.profile_id).base_url == "https://eu1.concursolutions.com"


def test_an_imported_base_url_is_an_origin(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(shared(base_url="https://host/")))
    assert import_profile(path, ()).profile.base_url == "https://host"


def test_consumer_secret(store: ProfileStore, tmp_path: Path) -> None:
    acme = profile()
    store.add(acme)
    assert store.consumer_secret(acme.profile_id) is None
    store.keep_consumer_secret(acme.profile_id, CANARY)
    assert store.consumer_secret(acme.profile_id) == CANARY
    assert CANARY not in (tmp_path / "profiles.json").read_text()
    store.keep_consumer_secret(acme.profile_id, "")
    assert store.consumer_secret(acme.profile_id) is None


def test_delete_takes_the_secret_along(store: ProfileStore, secrets: FakeSecrets) -> None:
    acme = profile()
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)
    store.delete(acme.profile_id)
    assert secrets.entries == {}


def test_a_denied_delete_leaves_both(store: ProfileStore, tmp_path: Path, secrets: FakeSecrets) -> None:
    acme = profile()
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)
    secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    with pytest.raises(KeyringDenied):
        store.delete(acme.profile_id)
    assert store.get(acme.profile_id) == acme
    again = reloaded(tmp_path, secrets)
    assert again.consumer_secret(acme.profile_id) == CANARY


def test_a_delete_that_the_disk_refuses_leaves_both(
    store: ProfileStore, tmp_path: Path, secrets: FakeSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = profile()
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)

    def refuse(*_: object) -> None:
        raise FolderNotWritable(path=tmp_path)

    with monkeypatch.context() as patch:
        patch.setattr("gui.store.profiles.write_document", refuse)
        with pytest.raises(FolderNotWritable):
            store.delete(acme.profile_id)
        with pytest.raises(FolderNotWritable):
            store.duplicate(acme.profile_id)
    assert store.consumer_secret(acme.profile_id) == CANARY
    assert len(secrets.entries) == 1


def test_duplicate(store: ProfileStore, secrets: FakeSecrets) -> None:
    acme = profile()
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)
    first = store.duplicate(acme.profile_id)
    second = store.duplicate(acme.profile_id)
    of_copy = store.duplicate(first.profile_id)
    assert [copy.name for copy in (first, second, of_copy)] == ["Acme (copy)", "Acme (copy 2)", "Acme (copy) (copy)"]
    assert len({copy.profile_id for copy in (acme, first, second, of_copy)}) == 4
    assert replace(first, profile_id=acme.profile_id, name=acme.name) == acme
    assert store.consumer_secret(second.profile_id) == CANARY
    assert len(secrets.entries) == 4


@pytest.fixture
def memory() -> SessionSecretStore:
    return SessionSecretStore()


@pytest.fixture
def kept_for_session(tmp_path: Path, memory: SessionSecretStore) -> tuple[ProfileStore, Profile]:
    """A store without a keyring, and a profile in it whose secret is in memory."""
    made = ProfileStore(tmp_path / "profiles.json", memory, clock)
    made.load()
    acme = profile()
    made.add(acme)
    made.keep_consumer_secret(acme.profile_id, CANARY)
    return made, acme


def test_a_keyring_found_later_takes_what_was_in_memory(
    kept_for_session: tuple[ProfileStore, Profile],
    memory: SessionSecretStore,
    secrets: FakeSecrets,
) -> None:
    store, acme = kept_for_session
    memory.write("consumer-secret/of-nobody", "other")
    secrets.entries[acme.secret_name] = "from an earlier start"
    assert store.use_secrets(secrets) == ()
    assert secrets.entries == {acme.secret_name: CANARY}
    assert memory.read(acme.secret_name) is None
    assert memory.read("consumer-secret/of-nobody") == "other"
    assert store.consumer_secret(acme.profile_id) == CANARY


def test_a_secret_that_a_keyring_does_not_take_is_still_there_and_moves_later(
    kept_for_session: tuple[ProfileStore, Profile], secrets: FakeSecrets
) -> None:
    store, acme = kept_for_session
    secrets.entries[acme.secret_name] = "from an earlier start"
    secrets.fail_write = KeyringDenied(backend="b", operation="write")
    assert store.use_secrets(secrets) == (secrets.fail_write,)
    assert store.consumer_secret(acme.profile_id) == CANARY
    secrets.fail_write = None
    assert store.use_secrets(secrets) == ()
    assert secrets.entries == {acme.secret_name: CANARY}
    secrets.entries[acme.secret_name] = "another window's"
    assert store.consumer_secret(acme.profile_id) == "another window's"


def test_a_secret_that_was_not_taken_is_replaced_and_wiped_like_any(
    kept_for_session: tuple[ProfileStore, Profile], secrets: FakeSecrets
) -> None:
    store, acme = kept_for_session
    secrets.fail_write = KeyringDenied(backend="b", operation="write")
    store.use_secrets(secrets)
    with pytest.raises(KeyringDenied):
        store.keep_consumer_secret(acme.profile_id, "newer")
    assert store.consumer_secret(acme.profile_id) == CANARY
    secrets.fail_write = None
    store.keep_consumer_secret(acme.profile_id, "newer")
    assert store.consumer_secret(acme.profile_id) == "newer"
    store.keep_consumer_secret(acme.profile_id, "")
    assert store.consumer_secret(acme.profile_id) is None
    assert secrets.entries == {}


def test_one_refusal_does_not_hold_up_the_others(kept_for_session: tuple[ProfileStore, Profile]) -> None:
    store, acme = kept_for_session
    second = store.duplicate(acme.profile_id)
    refused = KeyringDenied(backend="b", operation="write")

    class Choosy(FakeSecrets):
        def write(self, name: str, secret: str) -> None:
            if name == acme.secret_name:
                raise refused
            super().write(name, secret)

    choosy = Choosy()
    assert store.use_secrets(choosy) == (refused,)
    assert choosy.entries == {second.secret_name: CANARY}
    assert [store.consumer_secret(one.profile_id) for one in (acme, second)] == [CANARY, CANARY]


def test_what_a_keyring_has_stays_in_it(store: ProfileStore, secrets: FakeSecrets, memory: SessionSecretStore) -> None:
    acme = profile()
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)
    reads = secrets.reads
    assert store.use_secrets(memory) == ()
    assert secrets.reads == reads
    assert secrets.entries == {acme.secret_name: CANARY}
    assert store.consumer_secret(acme.profile_id) is None


def test_the_same_store_again_loses_nothing(
    kept_for_session: tuple[ProfileStore, Profile], memory: SessionSecretStore
) -> None:
    store, acme = kept_for_session
    assert store.use_secrets(memory) == ()
    assert store.consumer_secret(acme.profile_id) == CANARY


def test_the_built_in_sandbox_stays(store: ProfileStore, tmp_path: Path) -> None:
    with pytest.raises(ProfileBuiltIn):
        store.delete(BUILT_IN_PROFILE_ID)
    with pytest.raises(ProfileBuiltIn):
        store.duplicate(BUILT_IN_PROFILE_ID)
    with pytest.raises(ProfileBuiltIn):
        export_profile(store.get(BUILT_IN_PROFILE_ID), tmp_path / "out.json")


def deleted_without_keyring(tmp_path: Path, secrets: FakeSecrets) -> tuple[ProfileStore, Profile]:
    """A profile whose secret a keyring holds, deleted while that keyring could not be asked."""
    with_keyring = reloaded(tmp_path, secrets)
    acme = profile()
    with_keyring.add(acme)
    with_keyring.keep_consumer_secret(acme.profile_id, CANARY)
    without = ProfileStore(tmp_path / "profiles.json", SessionSecretStore(), clock)
    without.load()
    without.delete(acme.profile_id)
    assert secrets.entries == {acme.secret_name: CANARY}
    return without, acme


def test_a_keyring_found_later_wipes_the_secret_of_a_profile_deleted_meanwhile(
    tmp_path: Path, secrets: FakeSecrets
) -> None:
    store, _acme = deleted_without_keyring(tmp_path, secrets)
    assert store.use_secrets(SessionSecretStore()) == ()
    assert secrets.entries
    assert store.use_secrets(secrets) == ()
    assert secrets.entries == {}
    assert json.loads((tmp_path / "profiles.json").read_text())["secrets_to_wipe"] == []


def test_the_wipe_outlives_the_program_other_changes_and_a_refusal(tmp_path: Path, secrets: FakeSecrets) -> None:
    store, acme = deleted_without_keyring(tmp_path, secrets)
    store.add(profile("Other"))
    again = reloaded(tmp_path, secrets)
    secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    assert again.use_secrets(secrets) == (secrets.fail_delete,)
    assert secrets.entries == {acme.secret_name: CANARY}
    secrets.fail_delete = None
    last = reloaded(tmp_path, secrets)
    assert last.use_secrets(secrets) == ()
    assert secrets.entries == {}
    assert [known.name for known in last.profiles] == ["Built-in sandbox", "Other"]


def test_a_wipe_that_cannot_be_ticked_off_is_told(
    tmp_path: Path, secrets: FakeSecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, acme = deleted_without_keyring(tmp_path, secrets)
    refusal = FolderNotWritable(path=tmp_path)

    def refuse(*_: object) -> None:
        raise refusal

    monkeypatch.setattr("gui.store.profiles.write_document", refuse)
    assert store.use_secrets(secrets) == (refusal,)
    assert acme.secret_name not in secrets.entries


def test_a_profile_that_came_back_keeps_its_secret(tmp_path: Path, secrets: FakeSecrets) -> None:
    store, acme = deleted_without_keyring(tmp_path, secrets)
    store.add(acme)
    assert store.use_secrets(secrets) == ()
    assert secrets.entries == {acme.secret_name: CANARY}
    store.delete(acme.profile_id)
    assert secrets.entries == {}


def test_no_secret_is_wiped_that_is_none_of_a_profile(store: ProfileStore, tmp_path: Path) -> None:
    store.add(profile())
    path = tmp_path / "profiles.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "secrets_to_wipe": ["issued-token/1"]}))
    problem = ProfileStore(path, FakeSecrets(), clock).load().problem
    assert isinstance(problem, ProfileFileCorrupt)
    assert "secrets_to_wipe" in problem.reason


def test_a_file_from_before_there_were_wipes_to_come_is_read(store: ProfileStore, tmp_path: Path) -> None:
    store.add(profile())
    path = tmp_path / "profiles.json"
    fields_ = json.loads(path.read_text())
    del fields_["secrets_to_wipe"]
    path.write_text(json.dumps(fields_))
    assert len(reloaded(tmp_path, FakeSecrets()).profiles) == 2


def test_a_corrupt_file_is_set_aside_and_reported(tmp_path: Path, secrets: FakeSecrets) -> None:
    path = tmp_path / "profiles.json"
    path.write_text('{"format": "app-center-flow/profiles", "version": 1, "profiles": [{"name": 1}]}')
    store = ProfileStore(path, secrets, clock)
    loaded = store.load()
    assert isinstance(loaded.problem, ProfileFileCorrupt)
    assert loaded.problem.set_aside is not None
    assert loaded.problem.set_aside.exists()
    assert [known.name for known in loaded.profiles] == ["Built-in sandbox"]
    store.add(profile())
    assert len(reloaded(tmp_path, secrets).profiles) == 2


def test_a_file_with_impossible_values_is_corrupt(store: ProfileStore, tmp_path: Path, secrets: FakeSecrets) -> None:
    store.add(profile())
    path = tmp_path / "profiles.json"
    path.write_text(path.read_text().replace("https://www", f"https://u:{CANARY}@www"))
    problem = ProfileStore(path, secrets, clock).load().problem
    assert isinstance(problem, ProfileFileCorrupt)
    assert "base_url" in problem.reason
    assert CANARY not in repr(problem)


def test_a_newer_file_is_never_written_over(tmp_path: Path, secrets: FakeSecrets) -> None:
    path = tmp_path / "profiles.json"
    path.write_text('{"format": "app-center-flow/profiles", "version": 2, "more": []}')
    before = path.read_bytes()
    store = ProfileStore(path, secrets, clock)
    loaded = store.load()
    assert isinstance(loaded.problem, ProfileFileNewer)
    assert len(loaded.profiles) == 1
    with pytest.raises(ProfileFileNewer):
        store.add(profile())
    assert path.read_bytes() == before


def test_export_and_import(store: ProfileStore, tmp_path: Path) -> None:
    acme = profile(exchange_at_once=False)
    store.add(acme)
    store.keep_consumer_secret(acme.profile_id, CANARY)
    out = tmp_path / "acme.json"
    export_profile(acme, out)
    assert CANARY not in out.read_text()
    assert acme.profile_id not in out.read_text()
    imported = import_profile(out, store.profiles)
    assert imported.profile.name == "Acme (2)"
    assert imported.profile.profile_id != acme.profile_id
    assert replace(imported.profile, name="Acme", profile_id=acme.profile_id) == acme
    assert imported.ignored == ()
    assert imported.secrets_ignored == ()


def shared(**changes: object) -> dict[str, object]:
    fields_ = {"name": "N", "base_url": "https://host", "redirect_url": "http://localhost:1/r", **changes}
    return {"format": "app-center-flow/profile", "version": 1, "profile": fields_}


def test_import_ignores_what_it_does_not_know_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    inside = {
        "Consumer-Secret": CANARY,
        "client_secret": {"deep": CANARY},
        "refreshToken": CANARY,
        "password": CANARY,
        "colour": "blue",
        "built_in_sandbox": True,
        "profile_id": "0" * 32,
    }
    path.write_text(json.dumps({**shared(**inside), "access_token": CANARY, "comment": "x"}))
    imported = import_profile(path, ())
    assert imported.ignored == ("comment", "colour", "built_in_sandbox", "profile_id")
    assert imported.secrets_ignored == (
        "access_token",
        "Consumer-Secret",
        "client_secret",
        "refreshToken",
        "password",
    )
    assert not imported.profile.built_in_sandbox
    assert imported.profile.profile_id != "0" * 32
    assert CANARY not in repr(imported)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param({}, "format", id="empty"),
        pytest.param({**shared(), "format": "other"}, "format", id="another format"),
        pytest.param({**shared(), "version": 9}, "version 9", id="newer"),
        pytest.param(shared(name=7), "$.profile.name", id="type of name"),
        pytest.param(shared(name=" "), "name", id="blank name"),
        pytest.param(shared(name="x" * 500), "name", id="long name"),
        pytest.param(shared(contract=CANARY), "contract", id="contract"),
        pytest.param(shared(scopes=["a", 1]), "$.profile.scopes[1]", id="scopes"),
        pytest.param(shared(exchange_at_once="yes"), "$.profile.exchange_at_once", id="yes"),
        pytest.param(shared(base_url=f"https://u:{CANARY}@h"), "base_url", id="password in URL"),
        pytest.param(shared(redirect_url=f"http://h/?secret={CANARY}"), "redirect_url", id="query"),
        pytest.param([CANARY], "object", id="a list"),
    ],
)
def test_import_names_the_field_that_is_wrong(content: object, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ProfileImportInvalid) as raised:
        import_profile(path, ())
    assert reason in raised.value.reason
    assert CANARY not in repr(raised.value)
    assert path.exists()


def test_import_of_no_file(tmp_path: Path) -> None:
    with pytest.raises(ProfileImportInvalid):
        import_profile(tmp_path / "nothing.json", ())


def test_settings_round_trip(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json", clock)
    assert store.load().settings == Settings()
    kept = Settings(theme="dark", geometry="AdnQywAD", last_profile_id=BUILT_IN_PROFILE_ID)
    store.save(kept)
    assert SettingsStore(tmp_path / "settings.json", clock).load().settings == kept


def test_corrupt_settings_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{")
    store = SettingsStore(path, clock)
    loaded = store.load()
    assert isinstance(loaded.problem, SettingsFileCorrupt)
    assert loaded.settings == Settings()
    store.save(Settings(theme="dark"))
    assert store.load().problem is None


def test_newer_settings_are_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"format": "app-center-flow/settings", "version": 9}')
    store = SettingsStore(path, clock)
    assert isinstance(store.load().problem, SettingsFileNewer)
    with pytest.raises(SettingsFileNewer):
        store.save(Settings())
    assert '"version": 9' in path.read_text()
