"""Which of a campaign's messages a test was of, so that one that nobody has read is seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A test that is on record already was of the whole campaign, which a row without a message says."""
    op.add_column("presend_test_send", sa.Column("message", sa.String(255)))
