"""What a document's entities are outside it: places of the shipped gazetteer, rows of a user's link table."""
