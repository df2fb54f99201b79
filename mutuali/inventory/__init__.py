"""What every stored column is: about whom, how identifying, for what, and for how long."""
