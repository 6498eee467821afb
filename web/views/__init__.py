"""Pages and the machinery beside them: one file per slice."""
