"""Reviews: what both parties of a loan say of the thing and of each other, once it is back."""
