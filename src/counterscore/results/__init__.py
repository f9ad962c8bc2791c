"""What a run leaves behind: a folder with the record, then tables of each world and replicate."""

from counterscore.results.record import RECORD, read_record
from counterscore.results.remove import remove
from counterscore.results.run import ECHOES, Run
from counterscore.results.write import RunWriter, keep_echoes, parquet_writer

__all__ = ["ECHOES", "RECORD", "Run", "RunWriter", "keep_echoes", "parquet_writer", "read_record", "remove"]
