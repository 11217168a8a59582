"""The look at what runs on a host: is it still maintained? Python's standard library alone."""
