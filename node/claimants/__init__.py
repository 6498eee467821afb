"""Each claimant of a common matter confirms alone; what all say settles it."""
