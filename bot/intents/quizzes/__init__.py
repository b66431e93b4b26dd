"""Answers to quizzes, and what is said of them."""
