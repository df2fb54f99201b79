"""A made-up network with a year of sharing, to try MutuAli with."""
