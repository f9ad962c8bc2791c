"""counterscore: an open laboratory for social-scoring regimes."""
