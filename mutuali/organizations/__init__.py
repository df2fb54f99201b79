"""Organizations, their members, sites and delegations."""
