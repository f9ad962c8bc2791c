"""The limbs of legal sources as small functions, one module for each source, named like its file.

Each module offers ``LIMBS``: the id of a check → what decides it about a ``Book``.
"""
