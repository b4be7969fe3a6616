"""What pages are built of: lists, forms, components, marks, navigation, error pages, colors."""
