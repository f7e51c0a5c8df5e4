"""When events happened, beyond their own clause: bounds that prepositions open, and times taken over from near by."""
