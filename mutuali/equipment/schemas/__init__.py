"""What people type and programs send about what is shared."""
