"""Who said yes to what, for whom, until when."""
