"""The page: what the browser shows, built from the records of the other rooms."""
