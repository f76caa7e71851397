"""The SQLite store: one file, one writer, WAL, numbered migrations.

In: what the port writes. Out: the same, after any crash. `locking` keeps a second daemon away,
`migrating` brings the schema up, `store` is the port, `writing` its transaction, and `pruning`
forgets what is past. Start reading at `migrations/0001_initial.sql`.
"""
