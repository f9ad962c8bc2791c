"""What a regime says: the model of a rule book, its reader, reforms, and a rule book in words.

``read`` turns a file into a ``Regime`` and tells every mistake with its line; ``reform`` applies
differences; ``difference`` and ``explain`` put rule books into words.
"""
