"""Views of single questions, for those whose plain table would not do."""
