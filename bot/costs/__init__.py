"""What a language model costs: the price of an answer, money as people read it, and a budget that holds each month."""
