"""The tables of the store, as they are now; `migrations` brings older stores here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

VERSION = 5
"""Of the tables: the number of the newest migration. An older store is brought up to date, a newer one is refused."""

metadata = sa.MetaData()


class Moment(sa.TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC: SQLite would forget the offset."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """To the database. Raises ValueError for a time without an offset."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without an offset is not stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """From the database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


meta = sa.Table(
    "presend_meta",
    metadata,
    sa.Column("version", sa.Integer, nullable=False),
    # SQLite only: whose file it is (presend.store.host). Null: the next machine that opens it takes it over.
    sa.Column("host", sa.String(64)),
)

runs = sa.Table(
    "presend_run",
    metadata,
    sa.Column("run", sa.String(32), primary_key=True),
    sa.Column("started", Moment, nullable=False, index=True),
    sa.Column("finished", Moment),
    sa.Column("complete", sa.Boolean),
    sa.Column("exit_codes", sa.JSON),
)

run_accounts = sa.Table(
    "presend_run_account",
    metadata,
    sa.Column("run", sa.String(32), primary_key=True),
    sa.Column("account", sa.String(255), primary_key=True),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("campaigns", sa.Integer, nullable=False),
    sa.Column("findings", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("presend_run_account_at", "account", "at"),
)

campaigns = sa.Table(
    "presend_campaign",
    metadata,
    sa.Column("account", sa.String(255), primary_key=True),
    sa.Column("campaign_id", sa.String(255), primary_key=True),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # Null: the platform did not tell.
    sa.Column("send_at", Moment),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    # Mailable recipients when it was last seen. Null: they could not be read, or nobody counted yet.
    sa.Column("size", sa.BigInteger),
)

seen = sa.Table(
    "presend_seen",
    metadata,
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("code", sa.String(16), nullable=False),
    sa.Column("affected", sa.BigInteger),
    sa.Column("first_seen", Moment, nullable=False),
    sa.Column("last_seen", Moment, nullable=False),
    # What growth is measured against: the number when it was last news, or the lowest since.
    sa.Column("told", sa.BigInteger),
    sa.Column("severity", sa.Integer),
    sa.Column("resolved", Moment),
    sa.Index("presend_seen_campaign", "account", "campaign_id"),
)

acks = sa.Table(
    "presend_ack",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("fingerprint", sa.String(32), nullable=False, index=True),
    sa.Column("by", sa.String(255), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("affected", sa.BigInteger),
    sa.Column("at", Moment, nullable=False),
)

approvals = sa.Table(
    "presend_approval",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("by", sa.String(255), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("account", "campaign_id", "content_hash", "by", name="presend_approval_once"),
)

tests = sa.Table(
    "presend_test_send",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("by", sa.String(255), nullable=False),
    sa.Column("at", Moment, nullable=False),
    # Without a value: of every message that the campaign has.
    sa.Column("message", sa.String(255)),
    sa.Index("presend_test_send_campaign", "account", "campaign_id"),
)

baselines = sa.Table(
    "presend_baseline",
    metadata,
    sa.Column("account", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(32), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

marks = sa.Table(
    "presend_mark",
    metadata,
    sa.Column("account", sa.String(255), primary_key=True),
    sa.Column("campaign_id", sa.String(255), primary_key=True),
    sa.Column("label", sa.String(255), primary_key=True),
    sa.Column("recipient_id", sa.String(255), primary_key=True),
    sa.Column("since", Moment, nullable=False),
    # Who else carries a label: the same person is asked for in every campaign.
    sa.Index("presend_mark_person", "account", "label", "recipient_id"),
)

journal = sa.Table(
    "presend_journal",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("run", sa.String(32), nullable=False),
    sa.Column("verb", sa.String(16), nullable=False),
    sa.Column("platform", sa.String(32), nullable=False),
    sa.Column("account", sa.String(255), nullable=False),
    sa.Column("campaign_id", sa.String(255), nullable=False),
    sa.Column("campaign_name", sa.Text, nullable=False),
    sa.Column("revision", sa.String(64), nullable=False),
    sa.Column("reversible", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("undo", sa.JSON, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("result", sa.Text, nullable=False, default=""),
    sa.Column("started", Moment, nullable=False),
    sa.Column("finished", Moment),
    sa.Column("undone_by", sa.Integer),
    # The label of a tag or an exclusion, the text of a comment.
    sa.Column("label", sa.Text, nullable=False, server_default=""),
    # Of an exclusion: whether the campaign may be held by it at this moment.
    sa.Column("holding", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("presend_journal_campaign", "account", "campaign_id"),
    sa.Index("presend_journal_run", "run"),
)

stages = sa.Table(
    "presend_stage",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("entry", sa.Integer, nullable=False, index=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
)

outbox = sa.Table(
    "presend_outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("notice", sa.JSON, nullable=False),
    sa.Column("made", Moment, nullable=False),
    sa.Column("sent", Moment),
    sa.Column("channel", sa.String(255), nullable=False, server_default="slack"),
    # What it is about, where later notices replace earlier ones: a matter that goes on.
    sa.Column("key", sa.String(255), nullable=False, server_default=""),
    # How the service names the message it made of it, for updating it in place.
    sa.Column("handle", sa.JSON),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    # Set before the first byte goes out, cleared when it surely did not arrive.
    sa.Column("tried", Moment),
    sa.Column("not_before", Moment),
    sa.Column("given_up", Moment),
    sa.Column("why", sa.Text, nullable=False, server_default=""),
    sa.Index("presend_outbox_channel", "channel", "key"),
)
