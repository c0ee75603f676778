"""Runs, campaigns, oversight, marks; stages of deeds, notices per channel, and which machine a file belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the new tables and columns; a finding seen before counts as told, with the number it had then."""
    _columns()
    _runs()
    _oversight()
    _deeds()


def _columns() -> None:
    op.add_column("presend_meta", sa.Column("host", sa.String(64)))
    op.add_column("presend_seen", sa.Column("told", sa.BigInteger))
    op.add_column("presend_seen", sa.Column("severity", sa.Integer))
    op.add_column("presend_seen", sa.Column("resolved", sa.DateTime(timezone=True)))
    op.execute("UPDATE presend_seen SET told = affected")
    op.create_index("presend_seen_campaign", "presend_seen", ["account", "campaign_id"])
    op.add_column("presend_journal", sa.Column("label", sa.Text, nullable=False, server_default=""))
    op.add_column("presend_journal", sa.Column("holding", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("presend_journal_run", "presend_journal", ["run"])
    op.add_column("presend_outbox", sa.Column("channel", sa.String(255), nullable=False, server_default="slack"))
    op.add_column("presend_outbox", sa.Column("key", sa.String(255), nullable=False, server_default=""))
    op.add_column("presend_outbox", sa.Column("handle", sa.JSON))
    op.add_column("presend_outbox", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("presend_outbox", sa.Column("tried", sa.DateTime(timezone=True)))
    op.add_column("presend_outbox", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("presend_outbox", sa.Column("given_up", sa.DateTime(timezone=True)))
    op.add_column("presend_outbox", sa.Column("why", sa.Text, nullable=False, server_default=""))
    op.create_index("presend_outbox_channel", "presend_outbox", ["channel", "key"])


def _runs() -> None:
    op.create_table(
        "presend_run",
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("complete", sa.Boolean),
        sa.Column("exit_codes", sa.JSON),
    )
    op.create_index("ix_presend_run_started", "presend_run", ["started"])
    op.create_table(
        "presend_run_account",
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("account", sa.String(255), primary_key=True),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("campaigns", sa.Integer, nullable=False),
        sa.Column("findings", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("presend_run_account_at", "presend_run_account", ["account", "at"])
    op.create_table(
        "presend_campaign",
        sa.Column("account", sa.String(255), primary_key=True),
        sa.Column("campaign_id", sa.String(255), primary_key=True),
        sa.Column("platform", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True)),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
    )


def _oversight() -> None:
    op.create_table(
        "presend_ack",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("affected", sa.BigInteger),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_presend_ack_fingerprint", "presend_ack", ["fingerprint"])
    op.create_table(
        "presend_approval",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(255), nullable=False),
        sa.Column("campaign_id", sa.String(255), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("account", "campaign_id", "content_hash", "by", name="presend_approval_once"),
    )
    op.create_table(
        "presend_test_send",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(255), nullable=False),
        sa.Column("campaign_id", sa.String(255), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("presend_test_send_campaign", "presend_test_send", ["account", "campaign_id"])
    op.create_table(
        "presend_baseline",
        sa.Column("account", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(32), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def _deeds() -> None:
    op.create_table(
        "presend_mark",
        sa.Column("account", sa.String(255), primary_key=True),
        sa.Column("campaign_id", sa.String(255), primary_key=True),
        sa.Column("label", sa.String(255), primary_key=True),
        sa.Column("recipient_id", sa.String(255), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("presend_mark_person", "presend_mark", ["account", "label", "recipient_id"])
    op.create_table(
        "presend_stage",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry", sa.Integer, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_index("ix_presend_stage_entry", "presend_stage", ["entry"])
