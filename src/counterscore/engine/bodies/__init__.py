"""Public bodies: contracts with firms and dated promises, kept, late or broken, and what a yearly rating makes of it."""
