"""What the operating system says when a file cannot be read or written, in the words of an office."""

from __future__ import annotations

import errno

_WORDS = {
    "ENOENT": "文件不存在",
    "EACCES": "没有权限",
    "EPERM": "没有权限",
    "EEXIST": "已有同名的文件或文件夹",
    "EISDIR": "这是文件夹，不是文件",
    "ENOTDIR": "路径中间有一段不是文件夹",
    "ENAMETOOLONG": "文件名太长",
    "EINVAL": "文件名里有系统不允许的字符，或系统不支持",
    "EIO": "磁盘读写出错",
    "ENOSPC": "磁盘已满",
    "EDQUOT": "已超出分配的磁盘空间",
    "EROFS": "磁盘是只读的",
    "EMFILE": "本程序打开的文件太多",
    "ENFILE": "系统打开的文件太多",
    "EBUSY": "文件正被别的程序使用",
    "ETXTBSY": "文件正被别的程序使用",
    "ELOOP": "链接互相指向，没有尽头",
    "ENOTEMPTY": "文件夹不是空的",
    "ENOMEM": "内存不足",
    "EFBIG": "文件太大",
    "ESTALE": "网络磁盘上的文件已变动",
    "ETIMEDOUT": "网络磁盘没有回应",
    "ENODEV": "设备不存在",
    "ENXIO": "设备不存在",
    "EXDEV": "不能跨磁盘移动",
    "ENOEXEC": "文件不能作为程序运行",
}
REASONS = {getattr(errno, name): words for name, words in _WORDS.items() if hasattr(errno, name)}  # systems differ


def reason(error: OSError) -> str:
    """Why, in Chinese; a number that the table lacks is named with the system's own words."""
    if error.errno is None:
        return str(error) or "系统没有说明原因"
    return REASONS.get(error.errno, f"系统错误 {error.errno}（{error.strerror or error}）")
