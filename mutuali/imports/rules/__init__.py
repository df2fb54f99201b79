"""What a file says: rows, mappings, drafts, duplicates, and which loans fit."""
