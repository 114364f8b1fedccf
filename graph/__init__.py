"""What the graph is and where it is kept; knows no file layout, no question, no HTTP."""
