"""What the made-up network is made of; pure, the dice are passed in."""
