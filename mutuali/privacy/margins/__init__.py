"""Tables with margins: what else to hide so that no unsafe cell can be computed, and its audit."""
