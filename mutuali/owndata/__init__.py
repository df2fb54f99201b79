"""What an organization holds of people outside MutuAli, who answers for it, its own policy, and
twenty minutes with a person who helps."""
