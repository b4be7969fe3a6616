"""What the reader of a mail sees: the page of choices, and unsubscribing."""
