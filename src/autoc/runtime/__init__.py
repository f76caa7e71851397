"""Running a plan: occurrences become runs, runs become timers and effects, effects happen once.

The pure core is `machine.step(state, message, now)`: no clock, no I/O, no randomness. Around it stand
`selector` (which automation), `due` (when), `wheel` (timers in memory), `ports` (clock, store,
connectors, with their numbered laws), `doing` (one order from guard to record) and `engine` (moves
messages between the store, the wheel and the connectors). Always: state, timers and outbox change
in one transaction; every effect carries its idempotency key. Start reading at `effects`, `machine`.
"""
