"""The desk of those who work here: officers, handlers, inspectors, lawyers, approvers, stores, operators."""
