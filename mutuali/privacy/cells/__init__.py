"""Counting and summing contributors per cell, with thresholds, dominance and rounding."""
