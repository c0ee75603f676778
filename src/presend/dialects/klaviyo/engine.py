"""A private copy of Django's template engine, with settings of its own, that nobody else in the process can see.

Django keeps its settings in one global object. Rendering a number or a date needs them, so a plain import would
either depend on the settings of a project that presend happens to run inside (its language, its thousands separator),
or have to configure that object and so spoil a later `settings.configure()` of theirs. Neither is acceptable: what a
recipient reads must not depend on the host. So the modules are imported once more, under a clean `sys.modules`, get
their own settings, and the host's modules are put back; the two copies share no state. Works in either order.
"""

from __future__ import annotations

import importlib
import sys
import threading
from dataclasses import dataclass
from typing import Any

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Django:
    """The modules of the private copy that the dialect works with."""

    base: Any
    context: Any
    defaultfilters: Any
    defaulttags: Any
    html: Any
    library: Any
    safestring: Any


def _is_django(name: str) -> bool:
    return name == "django" or name.startswith("django.")


def _import_and_configure() -> Django:
    def load(name: str) -> Any:
        return importlib.import_module(name)

    load("django.conf").settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="UTC")
    # Django chooses its translator at the first use, by an import at run time that would find the host's modules.
    untranslated = load("django.utils.translation.trans_null")
    chosen = vars(load("django.utils.translation"))["_trans"]
    for name in dir(untranslated):
        if not name.startswith("_"):
            setattr(chosen, name, getattr(untranslated, name))
    load("django.utils.formats").get_format("DATE_FORMAT")  # reads its format modules now, for the same reason
    return Django(
        base=load("django.template.base"),
        context=load("django.template.context"),
        defaultfilters=load("django.template.defaultfilters"),
        defaulttags=load("django.template.defaulttags"),
        html=load("django.utils.html"),
        library=load("django.template.library"),
        safestring=load("django.utils.safestring"),
    )


def _load() -> Django:
    with _LOCK:
        hosts = {name: module for name, module in sys.modules.items() if _is_django(name)}
        for name in hosts:
            del sys.modules[name]
        try:
            return _import_and_configure()
        finally:
            for name in [name for name in sys.modules if _is_django(name)]:
                del sys.modules[name]
            sys.modules.update(hosts)


DJANGO = _load()
"""The engine that Klaviyo's language runs on here (Django 5.2, pinned in pyproject.toml)."""
