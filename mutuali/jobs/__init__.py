"""Work that follows a deed: rows written in its transaction, carried out by consumers."""
