"""Findings as text: for people (`frame`, `concise`) and for programs (`json`, `sarif`, `github`,
`junit`).

In: findings and the sources that their places are in. Out: a string. Pure; a place in a file that
is not among the sources is shown without its text.
"""
