"""Pure words that every feature shares: errors, periods, money, permissions, places."""
