"""What may come in, one file per slice. An unknown field is an error."""
