"""Discounts, for two letters that come on one day."""

from __future__ import annotations

DISCOUNTS = (
    "Take 20% off everything on the second shelf.",
    "The spring code SPRIG15 takes 15% off your basket.",
    "Half price on all felt, while it lasts.",
    "Save 10 pounds on orders over fifty.",
    "Buy two tins, get the third one free.",
    "A discount of 25 % on workshops, for readers of this letter.",
    "Use MOSS10 at checkout and pay a tenth less.",
    "€5 off your next pot of tea",
    "30% off all linen",
    "Two bowls for the price of one.",
    "Enter TIN20 and save 20 percent.",
    "Everything in the window is reduced by a third.",
    "Get $15 off when you spend $60.",
    "The whole autumn range, now 40% off",
    "Your code for one fifth less: ATLAS20",
    "Sale: up to half off maps and atlases",
    "We take 12% off every order with KILN12.",
    "Free delivery and 10% off for early birds",
    "Save a quarter on every glaze set.",
    "Members and neighbours pay 18% less.",
    "Flat 25 off on the large kettle",
    "Now reduced: all enamel, minus 35%",
    "Pay 20% less until the boxes are empty.",
    "With the coupon LOFT5 every order costs five less.",
)
"""Offers of money off, none with a last day."""
