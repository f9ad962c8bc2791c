"""Groups of pages, one module each, found by the ``router`` it offers. Adding one is adding its file."""
