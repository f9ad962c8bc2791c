"""What a run leaves behind: a folder with the record, then tables of each world and replicate."""

from counterscore.results.record import read_record
from counterscore.results.remove import remove
from counterscore.results.run import Run
from counterscore.results.tables import as_arrow, as_numpy
from counterscore.results.write import RunWriter, keep_echoes, parquet_writer
from counterscore.run_folder import ECHOES, RECORD

__all__ = [
    "ECHOES",
    "RECORD",
    "Run",
    "RunWriter",
    "as_arrow",
    "as_numpy",
    "keep_echoes",
    "parquet_writer",
    "read_record",
    "remove",
]
