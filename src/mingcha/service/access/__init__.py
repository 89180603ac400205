"""Who may see what: rules per route, headers, the gate."""
