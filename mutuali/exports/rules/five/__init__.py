"""Five standing questions, answered from released files alone: also handed out as one program."""
