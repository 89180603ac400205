"""The code of an app as one program: what is called where, with which constants (no facts, no law)."""
