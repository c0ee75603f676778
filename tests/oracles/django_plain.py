"""What Django's own template engine prints: the oracle for the constructs that Klaviyo took over unchanged.

The engine is the stock one, so the tags that Klaviyo closes (include, extends, load, url, debug …) are open
here; templates for a differential test must not use them.
"""

from __future__ import annotations

import copy
from typing import Any

from django.conf import settings
from django.template import Context, Engine

if not settings.configured:
    # Numbers and dates fail without settings; a project that has its own keeps them (vendor notes 4.1).
    settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="UTC")


def render(source: str, context: dict[str, Any]) -> tuple[str, str | None]:
    """Return ("printed", text), or ("skipped", None) when Django refuses the template or fails to render it.

    The context is copied first: Django calls callables, so `{{ p.clear }}` would empty the caller's dict.
    """
    try:
        template = Engine().from_string(source)
        return "printed", str(template.render(Context(copy.deepcopy(context))))
    except Exception:  # noqa: BLE001  whatever is raised, this recipient gets no mail (vendor notes 2.5)
        return "skipped", None
