"""The shapes of the JSON API: what may come in, and what goes out."""
