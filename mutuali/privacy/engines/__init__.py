"""Where rows are and where they go: tables, files, databases, clusters; and what sorts them."""
