from bot.reply import Picture
def chart(t): return Picture(lambda: b"", "chart", True)
def trend(e): return None
def trend_lines(e): return ()
class Edition: ...
