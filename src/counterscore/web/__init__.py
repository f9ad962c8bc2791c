"""The laboratory in a browser: pages that ask the modules which the command line asks. There is no logic here.

``application`` makes the program that is served; each module of ``web.pages`` offers the ``router`` of one group of
pages and is found by that. Heavy work is done by helpers in other processes (``desk``), runs in processes of their own
(``counterscore.jobs``); this process only reads and writes pages.
"""
