"""Amounts, and what is calculated from them."""
