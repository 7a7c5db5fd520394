"""From what backends raise to what this program says. Looks at types and numbers, never at texts."""

from __future__ import annotations

import errno
from enum import Enum
from typing import TYPE_CHECKING

from keyring import errors as keyring_errors

from gui.concur.errors import FlowError
from gui.store.errors import KeyringAbsent, KeyringDenied, KeyringFailed, KeyringFull, KeyringLocked

try:  # installed on Linux only
    from secretstorage.exceptions import (
        LockedException,
        PromptDismissedException,
        SecretServiceNotAvailableException,
    )
except ImportError:
    _SECRET_SERVICE_ERRORS: tuple[type[Exception], ...] = ()
else:
    _SECRET_SERVICE_ERRORS = (LockedException, PromptDismissedException, SecretServiceNotAvailableException)

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Fault(Enum):
    ABSENT = "absent"
    LOCKED = "locked"
    DENIED = "denied"
    FULL = "full"


# https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes
_WINDOWS = {
    5: _Fault.DENIED,  # ERROR_ACCESS_DENIED
    112: _Fault.FULL,  # ERROR_DISK_FULL
    1312: _Fault.ABSENT,  # ERROR_NO_SUCH_LOGON_SESSION: a service or an SSH session has no credential set
    1783: _Fault.FULL,  # RPC_X_BAD_STUB_DATA: what CredWrite says of a secret over its limit
    1816: _Fault.FULL,  # ERROR_NOT_ENOUGH_QUOTA
}
# SecBase.h of Apple's Security framework
_KEYCHAIN = {
    -25291: _Fault.ABSENT,  # errSecNotAvailable
    -25294: _Fault.ABSENT,  # errSecNoSuchKeychain
    -25307: _Fault.ABSENT,  # errSecNoDefaultKeychain
    -25308: _Fault.LOCKED,  # errSecInteractionNotAllowed: no screen to ask on
    -25293: _Fault.DENIED,  # errSecAuthFailed
    -25292: _Fault.DENIED,  # errSecReadOnly
    -34018: _Fault.DENIED,  # errSecMissingEntitlement
    -128: _Fault.DENIED,  # errSecUserCanceled
    -61: _Fault.DENIED,  # errSecWrPerm
    -34: _Fault.FULL,  # errSecDiskFull
}
_DBUS = {
    "org.freedesktop.Secret.Error.IsLocked": _Fault.LOCKED,
    "org.freedesktop.DBus.Error.AccessDenied": _Fault.DENIED,
    "org.freedesktop.DBus.Error.AuthFailed": _Fault.DENIED,
    "org.freedesktop.DBus.Error.LimitsExceeded": _Fault.FULL,
    "org.freedesktop.DBus.Error.NoMemory": _Fault.FULL,
    "org.freedesktop.DBus.Error.ServiceUnknown": _Fault.ABSENT,
    "org.freedesktop.DBus.Error.NoServer": _Fault.ABSENT,
    "org.freedesktop.DBus.Error.Disconnected": _Fault.ABSENT,
}
_TYPES: tuple[tuple[type[Exception], _Fault], ...] = (
    (keyring_errors.KeyringLocked, _Fault.LOCKED),
    (keyring_errors.NoKeyringError, _Fault.ABSENT),
    *zip(_SECRET_SERVICE_ERRORS, (_Fault.LOCKED, _Fault.DENIED, _Fault.ABSENT), strict=False),
)
_ERRNO = {
    errno.ENOSPC: _Fault.FULL,
    errno.EDQUOT: _Fault.FULL,
    errno.EACCES: _Fault.DENIED,
    errno.EPERM: _Fault.DENIED,
    # The rest is how a session bus is missing that the environment names.
    errno.ENOENT: _Fault.ABSENT,
    errno.ECONNREFUSED: _Fault.ABSENT,
    errno.ECONNRESET: _Fault.ABSENT,
    errno.EPIPE: _Fault.ABSENT,
}


def translate(failure: BaseException, backend: str, operation: str) -> FlowError:
    """Return our error for what a backend raised. The result holds nothing of the original but its type's name."""
    if isinstance(failure, FlowError):
        return failure
    fault = next(filter(None, map(_fault_of, _chain(failure))), None)
    if fault is _Fault.ABSENT:
        return KeyringAbsent(reason="no keyring service answers in this session")
    if fault is _Fault.LOCKED:
        return KeyringLocked(backend=backend, operation=operation)
    if fault is _Fault.DENIED:
        return KeyringDenied(backend=backend, operation=operation)
    if fault is _Fault.FULL:
        return KeyringFull(backend=backend, operation=operation)
    return KeyringFailed(backend=backend, operation=operation, cause=type(failure).__name__)


def _chain(failure: BaseException) -> Iterator[BaseException]:
    """Yield the innermost cause first: it knows best; keyring calls a cancelled dialog of the Keychain "locked"."""
    links: list[BaseException] = []
    link: BaseException | None = failure
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return reversed(links)


def _fault_of(failure: BaseException) -> _Fault | None:
    return _by_number(failure) or _by_dbus_name(failure) or _by_type(failure)


def _by_number(failure: BaseException) -> _Fault | None:
    windows = getattr(failure, "winerror", None)
    if isinstance(windows, int):
        return _WINDOWS.get(windows)
    if isinstance(failure, OSError):
        return _ERRNO.get(failure.errno or 0)
    if type(failure).__module__.startswith("keyring.backends.macOS"):
        status = failure.args[0] if failure.args else None
        return _KEYCHAIN.get(status) if isinstance(status, int) else None
    return None


def _by_dbus_name(failure: BaseException) -> _Fault | None:
    name = getattr(failure, "name", None)  # jeepney's DBusErrorResponse
    ask = getattr(failure, "get_dbus_name", None)  # dbus-python's DBusException
    if ask is not None:
        name = ask()
    return _DBUS.get(name) if isinstance(name, str) else None


def _by_type(failure: BaseException) -> _Fault | None:
    return next((fault for known, fault in _TYPES if isinstance(failure, known)), None)
