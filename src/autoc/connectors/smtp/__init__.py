"""Mail: memos to the team, and the confirmation of a cancellation to the customer.

In goes an order whose action is `email` or `email_cancellation`, out comes an outcome. Always: one
message to all recipients; the same key has the same `Message-ID`; no data can become a header;
plain text, UTF-8, in lines that every server takes. `writing` chooses the texts, `memo` and
`cancellation` hold the standard ones, `message` builds the bytes, `sending` hands them to a
server. Start reading at `connector`.
"""
