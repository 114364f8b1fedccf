"""The questions: one file a question, each a pure function of a Reader."""
