"""Evidence that recorders made while the app ran, each tool's file turned into the same events."""
