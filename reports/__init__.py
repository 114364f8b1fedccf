"""Answers as documents for people: Word, PDF, web pages, made from typed answers."""
