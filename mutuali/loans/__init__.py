"""Loans: what both parties say of the thing when it changes hands, and the papers of it."""
