"""A process that commits one transaction after another until it is killed.

`python store_writer.py DATABASE FIRST` prints the number of each transaction after its commit.
"""

import sys
from pathlib import Path

from autoc.runtime.ports import JournalEntry, Transaction
from autoc.stores.sqlite.store import open_store
from support.store_rows import event, look, run, state, timer

KEY = "acct_1/in_1"
EVENTS_EACH = 3


def write_number(transaction: Transaction, number: int) -> None:
    """Everything that transaction `number` writes: a part of it in every table."""
    for part in range(EVENTS_EACH):
        transaction.add_event(event(f"evt_{number}_{part}", body="x" * 2000))
    transaction.save(state("in_1", run("r1", started=number), seen_at=number))
    transaction.arm(timer("step", number))
    transaction.remove_order(f"look_{number - 1}")
    transaction.add_order(look(f"look_{number}"))
    transaction.add_journal(JournalEntry(key=KEY, at=number, kind="committed", run="r1"))
    transaction.put_setting("number", str(number))


def main() -> None:
    """Write until the end of the process."""
    store = open_store(Path(sys.argv[1]), for_daemon=True)
    number = int(sys.argv[2])
    while True:
        with store.transaction() as transaction:
            write_number(transaction, number)
        print(number, flush=True)
        number += 1


if __name__ == "__main__":
    main()
