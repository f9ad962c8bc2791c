"""What a run leaves behind: a folder with the record, then tables of each world and replicate."""

from counterscore.results.run import ECHOES, Run
from counterscore.results.write import RunWriter

__all__ = ["ECHOES", "Run", "RunWriter"]
