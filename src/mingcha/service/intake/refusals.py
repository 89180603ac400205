"""Why something handed in is not taken: one line in each language that says what is wrong and what to do."""

from __future__ import annotations

from typing import Literal

from mingcha.errors import MingchaError

Language = Literal["zh", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    # archives
    "upload-too-big": ("文件超过 {limit}，请拆分后再上传。", "The file is over {limit}; upload it in parts."),
    "not-an-archive": ("这不是可以读取的压缩包（ZIP/APK），请检查文件是否完整。", "This is no readable ZIP or APK; check that the file is complete."),
    "too-many-members": ("压缩包内文件超过 {limit} 个，请减少后再上传。", "The archive holds more than {limit} files; upload fewer."),
    "directory-too-big": ("压缩包的目录过大，请重新打包。", "The archive's directory is too big; pack the files again."),
    "member-too-big": ("压缩包内的 {name} 解压后超过 {limit}，请单独上传或缩小。", "{name} in the archive unpacks to more than {limit}; upload it alone or make it smaller."),
    "total-too-big": ("压缩包解压后超过 {limit}，请分几次上传。", "The archive unpacks to more than {limit}; upload it in parts."),
    "ratio-too-high": ("压缩包内的 {name} 压缩率异常（超过 {limit} 倍），请直接上传原文件。", "{name} in the archive is packed more than {limit}-fold; upload the file itself."),
    "overlap": ("压缩包内的文件互相重叠，不予接收，请重新打包。", "Files in the archive share the same bytes; pack it again."),
    "duplicate-name": ("压缩包内有重名文件，请改名后重新打包。", "Two files in the archive have one name; rename one and pack again."),
    "ambiguous": ("压缩包的目录与内容不一致（{what}），请重新打包。", "The archive's directory contradicts its content ({what}); pack it again."),
    "unsafe-name": ("压缩包内的文件名 {name} 不是普通路径，请改名后重新打包。", "The name {name} in the archive is no plain path; rename it and pack again."),
    "special-file": ("压缩包内的 {name} 是链接或设备，不是普通文件，请去掉后重新打包。", "{name} in the archive is a link or a device and no file; leave it out and pack again."),
    "encrypted": ("压缩包设有密码，请去掉密码后上传。", "The archive is protected by a password; pack it without one."),
    "bad-names": ("安装包内的文件名不是 UTF-8，安卓系统也不接受，请提供原始安装包。", "Names in the package are not UTF-8, which Android refuses too; hand in the original package."),
    "member-damaged": ("压缩包内的 {name} 已损坏或与目录所述不符，请重新打包。", "{name} in the archive is damaged or not what its directory says; pack it again."),
    "member-missing": ("压缩包内没有 {name}。", "There is no {name} in the archive."),
    # pictures
    "picture-too-big": ("图片文件超过 {limit}，请压缩后再上传。", "The picture is over {limit}; make it smaller."),
    "picture-kind": ("只接收 JPEG、PNG、WebP 图片，请转换格式或截图后上传。", "Only JPEG, PNG and WebP pictures are taken; convert it or upload a screenshot."),
    "picture-heic": ("暂不接收 HEIC 照片，请在手机相机设置中选“兼容性最佳”，或截图后上传。", "HEIC photos are not taken; set the camera to 'most compatible', or upload a screenshot."),
    "picture-animated": ("不接收动图，请截取其中一张上传。", "Moving pictures are not taken; upload a single frame."),
    "picture-pixels": ("图片超过 {wan} 万像素，请缩小后上传。", "The picture has more than {mega} megapixels; make it smaller."),
    "picture-broken": ("图片已损坏，无法打开，请重新拍摄或截图。", "The picture is damaged and cannot be opened; take it again."),
    # uploads and evidence
    "empty": ("文件是空的，请重新选择。", "The file is empty; choose another one."),
    "disk-full": ("服务器存储空间不足，已收到的内容没有丢失，请稍后再试。", "The server has no room left; nothing received is lost, try again later."),
    "upload-unknown": ("没有这个上传，可能已过期，请重新上传。", "There is no such upload, or it has expired; begin again."),
    "upload-offset": ("请从第 {expected} 字节继续上传。", "Go on with the upload at byte {expected}."),
    "upload-differs": ("这一段与已收到的内容不同，请重新上传整个文件。", "This part differs from what was received before; upload the whole file again."),
    "upload-closed": ("上传已完成，不能再追加。", "The upload is finished; nothing can be added."),
    "upload-incomplete": ("上传尚未完成，请从第 {expected} 字节继续。", "The upload is not complete; go on at byte {expected}."),
    "chunk-size": ("每段应为 1 字节至 {limit}，且不超出文件大小。", "A part has between 1 byte and {limit}, and ends within the file."),
    "chunk-hash": ("这一段在传输中损坏，请重传。", "This part was damaged on its way; send it again."),
    "file-hash": ("整个文件的校验值不符，请重新上传。", "The whole file does not have the stated hash; upload it again."),
    "hash-form": ("校验值应为 64 位十六进制 SHA-256。", "A hash is a SHA-256 in 64 hexadecimal digits."),
    "evidence-unknown": ("没有这份证据。", "There is no such piece of evidence."),
    "evidence-altered": ("证据 {digest} 的内容与编号不符，请立即联系管理员。", "Evidence {digest} is not what its digest says; tell the administrator at once."),
    # proof of work
    "work-wrong": ("人机验证未通过，请刷新页面重试。", "The check against robots failed; load the page again."),
    "work-expired": ("人机验证已过期，请再提交一次。", "The check against robots has expired; send the form once more."),
    "work-too-soon": ("浏览器没有运行脚本时，请在打开页面 {seconds} 秒后再提交。", "Without scripts, send the form {seconds} seconds after you opened it."),
}  # fmt: skip


class IntakeError(MingchaError):
    """Something is not taken; ``code`` is stable, ``zh`` and ``en`` tell a person what to do, ``said`` holds the values."""

    def __init__(self, code: str, **said: object) -> None:
        self.code = code
        self.said = said
        self.zh, self.en = (words.format(**said) for words in _WORDS[code])
        super().__init__(self.en)

    def text(self, language: Language) -> str:
        """The line for a reader of this language."""
        return self.zh if language == "zh" else self.en


CODES = frozenset(_WORDS)


def in_units(count: int) -> str:
    """A count of bytes as people say it; exact where it is a whole number of units."""
    for unit, name in ((1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{count} B"
