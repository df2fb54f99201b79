"""Data sharing agreements between the operator and partners."""
