"""The sections of a report, one file each with its page beside it, found by the ``SECTION`` it offers."""
