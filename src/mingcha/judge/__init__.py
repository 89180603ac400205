"""Facts and a regulation in, verdicts out."""
