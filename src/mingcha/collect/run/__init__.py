"""A run: one use of the app on a device, with everything that was recorded of it, on one clock."""
