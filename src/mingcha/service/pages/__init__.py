"""Pages: one view per page; what they change goes through actions."""
