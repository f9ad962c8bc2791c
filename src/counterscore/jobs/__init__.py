"""Commands that run apart from whoever asked for them, one after another, and are found again.

A folder holds one small file for each job. A runner process takes them in turn; it is detached, so that closing the
program that asked ends nothing. Whether a job is alive is told by an operating-system lock that the job itself holds:
a process that died, or a machine that was switched off, leaves no job that seems to run.
"""

from counterscore.jobs.job import Job, Progress, State
from counterscore.jobs.queue import Jobs

__all__ = ["Job", "Jobs", "Progress", "State"]
