"""What Mailchimp's answers about shops and their orders must look like."""

from __future__ import annotations

import msgspec


class Store(msgspec.Struct, frozen=True):
    """An e-commerce store connected to a list."""

    id: str
    list_id: str = ""
    name: str = ""


class StorePage(msgspec.Struct, frozen=True):
    """A page of stores."""

    total_items: int
    rows: list[Store] = msgspec.field(name="stores")


class Address(msgspec.Struct, frozen=True):
    """Where a customer lives, as the shop has it."""

    country_code: str | None = None
    province_code: str | None = None
    province: str | None = None
    postal_code: str | None = None


class Customer(msgspec.Struct, frozen=True):
    """Who ordered."""

    id: str = ""
    email_address: str | None = None
    address: Address | None = None


class Line(msgspec.Struct, frozen=True):
    """One line of an order."""

    product_title: str = ""


class Order(msgspec.Struct, frozen=True):
    """One order; there is no filter by date."""

    id: str
    customer: Customer
    processed_at_foreign: str | None = None
    cancelled_at_foreign: str | None = None
    financial_status: str | None = None
    lines: list[Line] = []


class OrderPage(msgspec.Struct, frozen=True):
    """A page of orders."""

    total_items: int
    rows: list[Order] = msgspec.field(name="orders")
