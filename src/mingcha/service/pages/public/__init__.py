"""Pages for everybody: nothing here needs an account, and nothing here shows what nobody confirmed."""
