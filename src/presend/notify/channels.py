"""Which channels there are by the settings, and who is told where."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from presend.addresses import is_webhook
from presend.notify.channel import Channel, Letter, Outcome, Post
from presend.settings import Settings


@dataclass(frozen=True, slots=True)
class Routed:
    """A channel with the owners it is for; `rest` also gets what nobody owns."""

    channel: Channel
    owners: frozenset[str]
    rest: bool
    routed: frozenset[str]
    """All owners that have channels of their own."""

    def serves(self, owner: str | None) -> bool:
        """Whether what this owner owns is told here."""
        return owner in self.owners or (self.rest and owner not in self.routed)


def channels(settings: Settings) -> list[Routed]:
    """Every channel once, the default ones first. Where there are only owners' channels, they share what is left."""
    owners: dict[str, set[str]] = {}
    found: dict[str, Channel] = {}
    defaults: set[str] = set()
    for channel in _defaults(settings):
        found.setdefault(channel.id, channel)
        defaults.add(channel.id)
    for owner, targets in settings.file.owners.items():
        for target in targets:
            channel = _target(settings, target)
            found.setdefault(channel.id, channel)
            owners.setdefault(channel.id, set()).add(owner)
    routed = frozenset(settings.file.owners)
    rest: Collection[str] = defaults or found.keys()
    return [Routed(c, frozenset(owners.get(c.id, ())), c.id in rest, routed) for c in found.values()]


def _defaults(settings: Settings) -> list[Channel]:
    made: list[Channel] = []
    if settings.slack_token is not None and settings.slack_channel is not None:
        made.append(_bot(settings, settings.slack_channel))
    if settings.slack_webhook is not None:
        made.append(_slack(settings.slack_webhook.get_secret_value(), "Slack", "slack"))
    for at, url in enumerate(settings.notify_urls, 1):
        secret = url.get_secret_value()
        # By what it is and not by its place in the list, which may be put in another order; never in clear.
        number = hashlib.sha256(secret.encode()).hexdigest()[:16]
        made.append(_service(settings, secret, f"number {at} of PRESEND_NOTIFY__URLS", f"url:{number}"))
    return made


def _target(settings: Settings, target: str) -> Channel:
    kind, _colon, name = target.partition(":")
    if kind == "slack":
        return _bot(settings, name)
    return _service(settings, settings.owner_urls[name].get_secret_value(), name, target)


def _bot(settings: Settings, channel: str) -> Channel:
    from presend.notify.slack import Bot

    assert settings.slack_token is not None
    return Bot(settings.slack_token.get_secret_value(), channel, settings.slack_base_url)


def _slack(url: str, name: str, key: str) -> Channel:
    def deliver(letter: Letter) -> Outcome:
        from presend.notify.slack import post

        return post(url, letter)

    return Post(key, name, deliver)


def _service(settings: Settings, url: str, name: str, key: str) -> Channel:
    if url.startswith("https://hooks.slack.com/"):
        return _slack(url, f"Slack ({name})", key)
    if is_webhook(url):
        from presend.notify.webhook import Webhook

        assert settings.notify_secret is not None
        return Webhook(key, name, url, settings.notify_secret.get_secret_value())
    from presend.notify.services import Service

    return Service(key, name, url)


