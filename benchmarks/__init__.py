"""What `make bench` runs: MutuAli against a floor measured in the same run, on PostgreSQL."""
