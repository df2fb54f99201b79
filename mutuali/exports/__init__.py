"""Governed datasets: what leaves, to whom, after which checks."""
