"""Figures under calibrated noise, and the ledger of what they cost."""
