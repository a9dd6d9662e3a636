"""Step 10: the purchase as open data, and a second reader who knows only the feeds."""

import json
from collections.abc import Sequence
from typing import Any

from deploy.demo import second_reader
from deploy.demo.stage import Stage


def publish(stage: Stage) -> None:
    """One ocid, an immutable release per event; every feed read to its end by somebody else."""
    record = keep_record(stage)
    keep_contract(stage)
    read_again(stage)
    stage.must(len(record["records"]) == 1, "the process has one record")
