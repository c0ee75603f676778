"""The HubSpot dialect: its cases, its laws, Jinjava's truth, and every HubSpot row of the failure catalogue."""

from __future__ import annotations

import pytest

from tests.dialects.runner import case_ids, check_case, load_cases


@pytest.mark.parametrize("case", load_cases("hubspot"), ids=case_ids)
def test_case(case: dict[str, object]) -> None:
    check_case(case)
