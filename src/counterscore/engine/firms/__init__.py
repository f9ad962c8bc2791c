"""What only firms have: money and arrears, closing and opening again, the tie to their representative.

A firm keeps its file in the same records as a resident and goes through the same kernels for temptation,
recording, scoring, listing, doors, attempts and rights, under a plan of its own; ``layout.FIRM`` holds the
rest. The order of a firm's month stands in ``engine.month``.
"""
