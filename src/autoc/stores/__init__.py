"""Durable state, behind the port `autoc.runtime.ports.Store`.

`sqlite` is the default, on one machine; `memory` is the same in a process that does not last. Every
store passes one conformance suite over the numbered laws of the port. Stores do not know each
other.
"""
