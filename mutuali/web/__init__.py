"""Glue between HTTP and the use cases: doors, identity, parsing, errors, pages, language."""
