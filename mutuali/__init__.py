"""MutuAli: shared equipment for food organizations, and governed data about the sharing."""
