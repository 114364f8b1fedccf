"""What the graph is and where it is kept: model, stores, readers, exports. Knows no file layout, no question, no HTTP."""
