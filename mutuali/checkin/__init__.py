"""A quarter of an hour a month: at most seven cards, each with one decision."""
