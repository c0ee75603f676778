"""How many people a campaign went to, to tell an unusual size from a usual one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Sizes are known from now on; what was seen before has none."""
    op.add_column("presend_campaign", sa.Column("size", sa.BigInteger))
