"""What the reader left out, took or guessed: counted by kind, told in one notice each."""

from __future__ import annotations

from collections import Counter

from ingest.records import Notice, NoticeKind

_MAX_CONTEXT = 80
# What is told of each kind; {count} places, in the order of the notices.
_MESSAGES: dict[str, tuple[NoticeKind, str]] = {
    "header": ("removed", "页眉、页脚里的文字有 {count} 处，不是正文，已去掉。"),
    "contents": ("removed", "自动目录 {count} 行只是正文标题的重复，已去掉。"),
    "hidden": ("removed", "隐藏文字 {count} 处在文件里不显示，已去掉。如需收录，请在 Word 里取消隐藏后重新收录。"),
    "deleted": ("removed", "修订痕迹里标为删除的内容 {count} 处按接受修订去掉。如与定稿不符，请换用定稿文件。"),
    "inserted": ("healed", "修订痕迹里标为插入的内容 {count} 处按接受修订收入。如与定稿不符，请换用定稿文件。"),
    "comment": ("removed", "批注 {count} 处不是正文，已去掉。"),
    "placeholder": ("removed", "未填写的表单提示语 {count} 处不是正文，已去掉。"),
    "bullet": ("removed", "项目符号（圆点等）{count} 处不是编号，已去掉，文字未变。"),
    "footnote": ("healed", "脚注和尾注 {count} 条放在所在段落之后，正文里的记号写作“（注1）”。"),
    "empty_number": ("guess", "自动编号 {count} 处后面没有文字，未单独成行，后面的编号照常计数。"),
    "number_format": ("guess", "自动编号的样式有 {count} 处不认识，按 1、2、3 写出。请核对原件。"),
    "nested": ("healed", "表格里套着的表格有 {count} 个，逐行写在所在的单元格里。"),
    "symbol": ("guess", "有 {count} 个符号只在专用字体里才有，写作“〓”。请核对原件。"),
    "broken_field": ("guess", "域（自动目录、交叉引用等）的起止标记不配对，文字全部收入，可能混有目录。请核对原件。"),
    "image": ("removed", "图片 {count} 张，其中的文字没有读取。如图中有正文，请把图片另存后单独收录。"),
    "graphic": ("removed", "图表、流程图 {count} 个，其中的文字没有读取。"),
    "object": ("removed", "嵌入的其他文件 {count} 个没有读取。如有正文，请另存后单独收录。"),
    "embedded": ("guess", "嵌入的内容有 {count} 处读不出来，可能缺少文字。请用 Word 打开后另存为 DOCX 再试。"),
}


class Tally:
    """Counts by kind, each with the first words it met."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._words: dict[str, str] = {}

    def add(self, kind: str, words: str = "", count: int = 1) -> None:
        """Count ``count`` places of ``kind``, with the words that stood there."""
        self._counts[kind] += count
        if words.strip() and len(self._words.get(kind, "")) < _MAX_CONTEXT:
            self._words[kind] = " / ".join(filter(None, (self._words.get(kind, ""), words.strip())))[:_MAX_CONTEXT]

    def count(self, kind: str) -> int:
        """How many places of ``kind`` were met."""
        return self._counts[kind]

    def notices(self) -> tuple[Notice, ...]:
        """One notice for each kind that was met."""
        return tuple(
            Notice(kind, message.format(count=self._counts[key]), context=self._words.get(key, ""))
            for key, (kind, message) in _MESSAGES.items()
            if self._counts[key]
        )
