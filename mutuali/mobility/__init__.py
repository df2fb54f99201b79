"""Vehicles that their lenders show to everybody, live, as a GBFS feed: each by its lender's own
yes, with a coarse place and nothing finer than the public calendar."""
