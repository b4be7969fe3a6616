"""Mail at the desk: the list, one mail's page, the steps on it, the addresses held back."""
