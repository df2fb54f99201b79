"""What lenders and the coordination read of use: hours, answers, refusals, delays."""
