"""From what was written to what it means: names are resolved, types checked, mistakes collected.

In: parsed files, a reader of template texts, the project's settings. Out: a `Program` (`program`):
typed automations whose conditions and steps are plan data with their spans, and diagnostics of
families 2xx and 5xx. Always: a mistake is a value, never raised; an automation with a mistake is
left out of the program, and all others go on. Start reading at `resolver`.
"""
