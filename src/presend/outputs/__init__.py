"""Report → text: table, JSON, Markdown, SARIF, HTML, and the file of affected recipients. Each is a pure function."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import assert_never

from presend.report import Report


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"


def writer(chosen: Format) -> Callable[[Report], str]:
    """The function that writes a report in the chosen format, imported now."""
    match chosen:
        case Format.TABLE:
            from presend.outputs.table import write as table

            return table
        case Format.JSON:
            from presend.outputs.json_v1 import write as json_v1

            return json_v1
        case Format.MARKDOWN:
            from presend.outputs.markdown import write as markdown

            return markdown
        case Format.SARIF:
            from presend.outputs.sarif import write as sarif

            return sarif
        case _:
            assert_never(chosen)
