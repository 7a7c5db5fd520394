"""Under which licence each thing is used where its own words leave that open, as somebody has decided who read them.

Debian's copyright files tell of everything in a source package, tools and tests too: the first name in one is seldom
that of the library. What is offered under several licences is used under one of them.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch

DECIDED = {
    "libblkid1": "LGPL-2.1-or-later",
    "libcap2": "BSD-3-Clause",  # or GPL-2.0-only
    "libdbus-1-3": "AFL-2.1",  # or GPL-2.0-or-later
    "libgcrypt20": "LGPL-2.1-or-later",  # the tools are GPL-2.0-or-later
    "libglib2.0-0": "LGPL-2.1-or-later",
    "libgpg-error0": "LGPL-2.1-or-later",
    "liblz4-1": "BSD-2-Clause",  # the tools are GPL-2.0-or-later
    "liblzma5": "LicenseRef-public-domain",  # the scripts are GPL-2.0-or-later
    "libmount1": "LGPL-2.1-or-later",
    "libpcre2-*": "BSD-3-Clause WITH PCRE2-exception",
    "libpcre3": "BSD-3-Clause",
    "libselinux1": "LicenseRef-public-domain",
    "libsystemd0": "LGPL-2.1-or-later",
    "libuuid1": "BSD-3-Clause",  # of util-linux, most of which is GPL-2.0-or-later
    "libxcb*": "MIT",
    "libxkbcommon*": "MIT",
    "libzstd1": "BSD-3-Clause",  # or GPL-2.0-only
    "openssl": "Apache-2.0",  # from version 3 on
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0",  # the hooks that run in a bundle; others are under the GPL
}
"""Package or distribution to licence, as SPDX has it. Debian's new names for 64-bit times (…t64) are the old ones."""

_GPL = re.compile(r"(?<!L)GPL|GNU (?:Affero )?General Public", re.IGNORECASE)


def decided(name: str) -> str | None:
    """Return the licence that was decided on; None where nobody did."""
    plain = name.lower().replace("_", "-").removesuffix("t64")
    return next((licence for pattern, licence in DECIDED.items() if fnmatch(plain, pattern)), None)


def alternative(licence: str) -> str:
    """Return the licence, of several that are offered the one that is taken: Apache-2.0, else one that is no GPL."""
    offered = [one.strip(" ()") for one in re.split(r" OR |/", licence)] if " AND " not in licence else [licence]
    return min(offered, key=lambda one: (one != "Apache-2.0", is_gpl(one)))


def is_gpl(licence: str) -> bool:
    """Tell whether a name is one of the GPL, which an MIT program can hold by an exception alone; not the LGPL."""
    return _GPL.search(licence) is not None
