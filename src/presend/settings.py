"""Everything a user can set: environment and `.env` (PRESEND_…), and `presend.toml`; secrets never show in any repr."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StrictBool, StrictInt, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from presend import envfile
from presend.addresses import Lack, by_reference, faulty
from presend.errors import SettingsError
from presend.faults import in_environment, in_file, slips, toml_of
from presend.model import Platform

_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w|mo|y)\s*", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2629800, "y": 31557600}
_LONGEST_YEARS = 1000


def duration(text: str) -> timedelta:
    """`48h`, `10m`, `18mo`, `2y` as a timedelta; a month is a twelfth of 365.25 days. Raises ValueError."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write for example 48h, 10m, 14d, 18mo")
    seconds = float(match[1]) * _SECONDS[match[2].lower()]
    if seconds > _LONGEST_YEARS * _SECONDS["y"]:
        # Beyond it no calendar has the day that it leads to.
        raise ValueError(f"{text!r} is longer than {_LONGEST_YEARS:,} years")
    return timedelta(seconds=seconds)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _origin(value: str | None) -> str | None:
    if value is None or value == "":
        return None
    if not re.fullmatch(r"https?://[^/\s@?#]+/?", value):
        raise ValueError("must be an origin such as http://127.0.0.1:8321, without a path or a user")
    return value.rstrip("/")


class KeyAccount(_Strict):
    """Mailchimp or Klaviyo: one key."""

    api_key: SecretStr | None = None
    base_url: str | None = None

    _check_origin = field_validator("base_url")(_origin)


class TokenAccount(_Strict):
    """HubSpot: a private app's token."""

    access_token: SecretStr | None = None
    base_url: str | None = None

    _check_origin = field_validator("base_url")(_origin)


class Slack(_Strict):
    """Where digests go: an incoming webhook, or a bot that updates its messages in a channel."""

    webhook_url: SecretStr | None = None
    bot_token: SecretStr | None = None
    channel: str | None = Field(default=None, pattern=r"^[^\s/,:]+$")
    base_url: str | None = None

    _check_origin = field_validator("base_url")(_origin)


class Notify(_Strict):
    """Further services, as a comma-separated list of URLs; what signs a webhook; new messages a run and channel."""

    urls: SecretStr | None = None
    secret: SecretStr | None = None
    messages: int = Field(default=1, ge=1, le=20)


class AccountEntry(_Strict):
    """One `[[accounts]]` of presend.toml."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    platform: Platform
    key: str = Field(pattern=r"^env:[A-Za-z_][A-Za-z0-9_]*$", description="by reference: env:NAME")
    base_url: str | None = None
    hubspot_enterprise: StrictBool | None = None

    _check_origin = field_validator("base_url")(_origin)


Threshold = Literal["never", "info", "low", "medium", "high", "blocker"]


class PolicyRule(_Strict):
    """One `[[policy.rule]]`: the first that matches overrides the keys it sets."""

    codes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    hold: Threshold | None = None
    exclude: Threshold | None = None
    tag: Threshold | None = None
    comment: Threshold | None = None
    notify: Threshold | None = None
    owner: str | None = None
    neutral: StrictBool = False

    @field_validator("codes", "accounts")
    @classmethod
    def _some(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            # Taken for "all" it would do the opposite of what it looks like.
            raise ValueError("is an empty list, which nothing matches: name some, or leave the key away to mean all")
        return value


class Approval(_Strict):
    """`[policy.approval]`: when people must approve a campaign, and how many; any of the three asks for it."""

    recipients: StrictInt | None = Field(default=None, ge=1, description="at so many recipients or more")
    severity: Threshold = "never"
    accounts: tuple[str, ...] = ()
    people: StrictInt = Field(default=1, ge=1)


class PolicySettings(_Strict):
    """`[policy]`: what a finding leads to."""

    hold: Threshold = "never"
    exclude: Threshold = "never"
    tag: Threshold = "high"
    tag_codes: tuple[str, ...] = ("TAG", "VAL")
    comment: Threshold = "high"
    notify: Threshold = "medium"
    hold_irreversible: StrictBool = False
    max_holds: StrictInt = Field(default=5, ge=0)
    max_recipients: StrictInt = Field(default=20000, ge=0)
    approval: Approval = Approval()
    rule: tuple[PolicyRule, ...] = ()


Target = Annotated[str, Field(pattern=r"^(slack:[^\s/,:]+|env:[A-Za-z_][A-Za-z0-9_]*)$")]
"""Where an owner is told: `slack:#channel`, or `env:NAME` of a variable that holds a URL."""


class Blackout(_Strict):
    """One `[[blackouts]]`: a place and a span of whole days in which offers stay at home."""

    reason: str
    country: str
    regions: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    from_: date = Field(alias="from")
    until: date


class BlackoutFeeds(_Strict):
    """`[blackout_feeds]`: public feeds of disasters by URL; each is off until it has one."""

    openfema: str | None = Field(default=None, pattern=r"^https?://[^\s@]+$")
    gdacs: str | None = Field(default=None, pattern=r"^https?://[^\s@]+$")
    aftermath_days: StrictInt = Field(default=14, ge=0, le=366)


class Person(_Strict):
    """One entry of `[people]`: the person's user ids on the platforms."""

    mailchimp: str | tuple[str, ...] = ()
    klaviyo: str | tuple[str, ...] = ()
    hubspot: str | tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class People:
    """`[people]`: who may speak for the team, and who they are on the platforms."""

    entries: Mapping[str, Person]

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def names(self) -> frozenset[str]:
        """Everybody's name."""
        return frozenset(self.entries)

    def ids(self, name: str, platform: Platform) -> frozenset[str]:
        """The person's user ids on a platform; empty when none is known."""
        entry = self.entries.get(name)
        found: str | tuple[str, ...] = () if entry is None else getattr(entry, platform.value)
        return frozenset((found,) if isinstance(found, str) else found)


class FileSettings(_Strict):
    """The whole of `presend.toml`."""

    accounts: tuple[AccountEntry, ...] = ()
    facts: dict[str, dict[str, str]] = {}
    defaults: dict[str, dict[str, str]] = {}
    people: dict[str, Person] = {}
    policy: PolicySettings = PolicySettings()
    checks: dict[str, dict[str, Any]] = {}
    blackouts: tuple[Blackout, ...] = ()
    blackout_files: tuple[Path, ...] = ()
    """CSV or ICS files of further blackouts; relative ones lie beside presend.toml."""
    blackout_feeds: BlackoutFeeds = BlackoutFeeds()
    freshness: dict[str, str] = {}
    owners: dict[str, tuple[Target, ...]] = {}

    @field_validator("freshness")
    @classmethod
    def _durations(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value.values():
            duration(text)
        return value


class Environment(BaseSettings):
    """What comes from the environment and `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="PRESEND_",
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    mailchimp: KeyAccount = KeyAccount()
    klaviyo: KeyAccount = KeyAccount()
    hubspot: TokenAccount = TokenAccount()
    slack: Slack = Slack()
    notify: Notify = Notify()
    store_url: SecretStr | None = None
    state_dir: Path | None = None
    ping_url: SecretStr | None = None
    memory_limit: str = Field(default="2GB", pattern=r"^\d+(\.\d+)?\s?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$")
    deadline: str = "10m"

    @field_validator("deadline")
    @classmethod
    def _deadline(cls, value: str) -> str:
        duration(value)
        return value


class Account(BaseModel):
    """One configured account, its secret resolved but never shown."""

    model_config = ConfigDict(frozen=True)

    name: str
    platform: Platform
    key: SecretStr
    base_url: str | None = None
    hubspot_enterprise: bool | None = None


class Settings(BaseModel):
    """Everything together, as commands use it."""

    model_config = ConfigDict(frozen=True)

    accounts: tuple[Account, ...]
    file: FileSettings = FileSettings()
    slack_webhook: SecretStr | None = None
    slack_token: SecretStr | None = None
    slack_channel: str | None = None
    slack_base_url: str | None = None
    notify_urls: tuple[SecretStr, ...] = ()
    notify_secret: SecretStr | None = None
    notify_messages: int = 1
    """New messages a run and channel, at most."""
    owner_urls: Mapping[str, SecretStr] = {}
    """What the `env:NAME` of [owners] stand for, as far as they are set."""
    lacks: tuple[Lack, ...] = ()
    """What notices need and do not have; nothing is sent while there is any."""
    store_url: SecretStr | None = None
    state_dir: Path
    ping_url: SecretStr | None = None
    """Asked for after each complete scan, so that whoever waits for it notices when none comes."""
    memory_limit: str = "2GB"
    deadline_seconds: float = 600.0


def env_names() -> list[str]:
    """Every environment variable presend reads, sorted; `.env.example` and the README are held against this list."""
    names = []
    for name, info in Environment.model_fields.items():
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            names += [f"PRESEND_{name}__{key}".upper() for key in inner.model_fields]
        else:
            names.append(f"PRESEND_{name}".upper())
    return sorted(names)


def load_file(path: Path | None) -> FileSettings:
    """presend.toml, or the empty settings when there is none. Raises SettingsError."""
    target = path or Path("presend.toml")
    if path is None and not target.exists():
        return FileSettings()
    try:
        file = FileSettings.model_validate(toml_of(target))
    except ValidationError as error:
        raise in_file(error, str(target), FileSettings) from None
    return file.model_copy(update={"blackout_files": tuple(target.parent / one for one in file.blackout_files)})


def load(path: Path | None = None, environ: Mapping[str, str] | None = None, *, keys: bool = True) -> Settings:
    """Read environment, `.env` and presend.toml. Raises SettingsError with a sentence for each fault, no values.

    Without `keys`, for what reaches no platform, an account of presend.toml may be without its key.
    """
    envfile.readable()
    try:
        env = Environment()
    except ValidationError as error:
        raise in_environment(error, env_names()) from None
    file = load_file(path)
    environ = os.environ if environ is None else environ
    referred = {entry.key for entry in file.accounts} | {target for each in file.owners.values() for target in each}
    by_name = {one.removeprefix("env:") for one in referred if one.startswith("env:")}
    if unknown := slips((name for name in (*environ, *envfile.values()) if name not in by_name), env_names()):
        raise SettingsError(f"the environment is not valid: {unknown}", help="README.md lists the variables.")
    urls = [u.strip() for u in env.notify.urls.get_secret_value().split(",")] if env.notify.urls else []
    bot, signed = env.slack.bot_token is not None, env.notify.secret is not None
    owner_urls, lacks = by_reference(
        file.owners, lambda name: environ.get(name) or envfile.values().get(name), bot=bot, signed=signed
    )
    places = {f"number {at} of PRESEND_NOTIFY__URLS": url for at, url in enumerate(urls, 1) if url}
    if hook := env.slack.webhook_url:
        lacks += faulty({"PRESEND_SLACK__WEBHOOK_URL": hook.get_secret_value()}, signed=True)
    if bot and env.slack.channel is None:
        lacks.append(Lack("PRESEND_SLACK__BOT_TOKEN is set without a channel", "Set PRESEND_SLACK__CHANNEL."))
    return Settings(
        accounts=_accounts(env, file, environ, keys=keys),
        file=file,
        slack_webhook=env.slack.webhook_url,
        slack_token=env.slack.bot_token,
        slack_channel=env.slack.channel,
        slack_base_url=env.slack.base_url,
        notify_urls=tuple(SecretStr(u) for u in urls if u),
        notify_secret=env.notify.secret,
        notify_messages=env.notify.messages,
        owner_urls={name: SecretStr(url) for name, url in owner_urls.items()},
        lacks=(*lacks, *faulty({**places, **owner_urls}, signed=signed)),
        store_url=env.store_url,
        state_dir=env.state_dir or Path(platformdirs.user_state_dir("presend", appauthor=False)),
        ping_url=env.ping_url,
        memory_limit=env.memory_limit.replace(" ", ""),
        deadline_seconds=duration(env.deadline).total_seconds(),
    )


def _accounts(env: Environment, file: FileSettings, environ: Mapping[str, str], *, keys: bool) -> tuple[Account, ...]:
    found: list[Account] = []
    for platform, key, base in (
        (Platform.MAILCHIMP, env.mailchimp.api_key, env.mailchimp.base_url),
        (Platform.KLAVIYO, env.klaviyo.api_key, env.klaviyo.base_url),
        (Platform.HUBSPOT, env.hubspot.access_token, env.hubspot.base_url),
    ):
        if key is not None:
            found.append(Account(name=platform.value, platform=platform, key=key, base_url=base))
    for entry in file.accounts:
        variable = entry.key.removeprefix("env:")
        secret = environ.get(variable) or envfile.values().get(variable)
        if not secret and keys:
            raise SettingsError(
                f"account {entry.name!r} takes its key from the variable {variable}, which is not set",
                help=f"Set {variable}, or remove the account from presend.toml.",
            )
        if any(a.name == entry.name for a in found):
            raise SettingsError(f"two accounts are called {entry.name!r}", help="Give each account its own name.")
        found.append(
            Account(
                name=entry.name,
                platform=entry.platform,
                key=SecretStr(secret or ""),
                base_url=entry.base_url,
                hubspot_enterprise=entry.hubspot_enterprise,
            )
        )
    return tuple(found)
