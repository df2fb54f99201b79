"""Plans written down: a TOML file, the files it names, and how values become coarser by rule."""
