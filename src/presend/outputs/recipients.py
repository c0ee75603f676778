"""The file of affected recipients: one JSON line per recipient and finding. Holds people's data, so never a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from presend.audience.values import row_of
from presend.engine import CampaignResult
from presend.model import Finding, Part
from presend.reading import PartReading
from presend.reading.excerpt import around


class Line(msgspec.Struct, frozen=True):
    """One affected recipient of one finding."""

    platform: str
    account: str
    campaign_id: str
    message: str
    part: str
    code: str
    recipient_id: str
    reads: str
    reason: str


def _reads(finding: Finding, part: PartReading | None, columns: tuple[str, ...], cells: tuple[str | None, ...]) -> str:
    if part is None or finding.start is None:
        return ""
    rendered = part.render(row_of(columns, cells))
    place = rendered.place(finding.start, finding.end or finding.start)
    return around(part, rendered, *place, show_pii=True) if place is not None else rendered.reason


def lines(result: CampaignResult) -> Iterator[Line]:
    """All affected recipients of a campaign's findings, finding by finding, in the audience's order."""
    ref = result.campaign.ref
    if result.audience is None:
        return
    for finding in result.findings:
        if finding.who is None:
            continue
        reading = result.readings[finding.message]
        part = reading.parts.get(Part.HTML if finding.part is Part.LINK else finding.part)
        columns = part.columns if part is not None else ()
        for batch in result.audience.rows(finding.who, columns):
            for one in batch:
                yield Line(
                    ref.platform.value,
                    ref.account,
                    ref.id,
                    finding.message,
                    finding.part.value,
                    finding.code,
                    one.id,
                    _reads(finding, part, columns, one.cells),
                    finding.reason,
                )


def write(results: tuple[CampaignResult, ...], out: BinaryIO) -> int:
    """Write all lines; how many there were."""
    encoder = msgspec.json.Encoder()
    count = 0
    for result in results:
        for line in lines(result):
            out.write(encoder.encode(line) + b"\n")
            count += 1
    return count
