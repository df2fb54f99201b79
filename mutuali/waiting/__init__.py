"""Who waits for units to come free, and what people want to hear of later."""
