"""What operators do: claim their apps, check themselves in private, answer findings, file what they rectified."""
