"""The words everything else is said in; imports nothing of ours but ``errors``."""
