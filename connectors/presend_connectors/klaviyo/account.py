"""The account itself: whose it is, its zone, and the constants that its templates may print."""

from __future__ import annotations

from typing import Any

from presend_connectors.klaviyo.shapes import AccountRow

_ADDRESS = {"address1": "street_address", "address2": "street_address2", "city": "city", "region": "region"}


def constants(row: AccountRow) -> dict[str, Any]:
    """`organization.name`, `.url` and the parts of the address, as far as the account states them."""
    told = row.attributes.contact_information
    if told is None:
        return {}
    address = told.street_address or {}
    found: dict[str, Any] = {"organization.name": told.organization_name, "organization.url": told.website_url}
    found |= {f"organization.{name}": address.get(key) for key, name in _ADDRESS.items()}
    found["organization.zip_code"] = address.get("zip")
    return {name: value for name, value in found.items() if isinstance(value, str) and value}
