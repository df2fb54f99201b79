"""The network itself: who answers for it, its name, where it serves, what it asks for."""
