"""Lives here: a file and where its bytes are: a folder, or a bucket of S3. Nothing else of Parley knows which.

Does not live here: what a file is for (a message's part, a document of knowledge, an archive); those rooms point here.
May call: providers and every room above it.
"""
