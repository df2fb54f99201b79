"""Learning where it is needed: cards of two minutes on the principles of the Charter."""
