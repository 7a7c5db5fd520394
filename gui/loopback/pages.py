"""The pages that the browser shows: one look, nothing loaded from elsewhere, nothing unescaped.

Templates, the style sheet and the one script lie in `resources/pages`. Style and script stand inside the page and
the Content-Security-Policy names them by hash, so that a page needs one request and nothing else can run in it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gui.loopback.http import Response
from gui.resource_files import resource_path

if TYPE_CHECKING:
    from collections.abc import Sequence


def page_response(
    status: int,
    template: str,
    facts: dict[str, object],
    *,
    form_targets: Sequence[str] = (),
    hide_query: bool = False,
) -> Response:
    """Render `resources/pages/{template}.html` with facts, each escaped, and wrap it in headers that lock it down.

    `form_targets` are the origins that a form of the page may lead to: Chromium checks them for the redirect that
    answers the form as well, so a consent page names the origin of the app's redirect URL. `hide_query` adds the
    script that takes the query out of the address bar.
    """
    style, style_hash = _text_and_hash("page.css")
    script, script_hash = _text_and_hash("address-bar.js")
    page = _environment().get_template(f"{template}.html")
    text = page.render(**facts, page_style=style, page_script=script, hide_query=hide_query)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{style_hash}'",
            f"script-src '{script_hash}'",
            "img-src data:",
            "form-action " + (" ".join(form_targets) or "'none'"),
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        *PAGE_HEADERS,
    )
    return Response(status, headers, text.encode())


PAGE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
"""What every answer to a browser carries, page or not."""


@cache
def _text_and_hash(name: str) -> tuple[str, str]:
    text = resource_path("pages", name).read_text(encoding="utf-8")
    return text, "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource_path("pages"), encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
