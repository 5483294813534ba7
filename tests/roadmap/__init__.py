"""The page of the road map."""
