"""What a table gives away and what it still says, before and after."""
