"""Casework as pure functions: ladders, deadlines, the chain of events, the evidence package. No Django, clock, network or chance."""
