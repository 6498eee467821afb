"""What stands before every view: headers read strictly, senders known, rights checked.

`block` reads raw bytes for the server, `wsgi` what any server hands on, `admission`
asks the table in `routes` who may do what, `headers` dresses the answer.
"""
