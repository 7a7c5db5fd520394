"""The steps of the flow with their book-keeping, for the self-test and for the window. No Qt."""
