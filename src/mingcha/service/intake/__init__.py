"""What strangers hand in, checked and kept before anybody reads it: archives, pictures, uploads, evidence, work, codes.

Nothing here knows Django. Names of files on disk come from us (identifiers, digests), never from what was handed in.
"""
