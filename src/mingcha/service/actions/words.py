"""What the fields of verbs are called on pages, in both languages; a test finds a field without a name."""

from __future__ import annotations

from mingcha.service.text import Text

FIELDS = {
    "text": Text("内容", "Text"),
    "note": Text("说明", "Note"),
    "reason": Text("理由", "Reason"),
    "channel": Text("渠道", "Channel"),
    "outcome": Text("结果", "Outcome"),
    "solved": Text("是否已真正解决", "Was it really solved?"),
    "lead": Text("并入线索（留空则新建）", "Into which lead (empty: a new one)"),
    "subject": Text("检查对象", "Subject"),
    "summary": Text("摘要", "Summary"),
    "source": Text("来源", "Source"),
    "authority": Text("部门", "Authority"),
    "handler": Text("承办人", "Case handler"),
    "into": Text("并入", "Merge into"),
    "version": Text("版本", "Version"),
    "purpose": Text("目的", "Purpose"),
    "case": Text("案件", "Case"),
    "first": Text("第一名执法人员", "First inspector"),
    "second": Text("第二名执法人员", "Second inspector"),
    "measures": Text("要求或理由（写入文书）", "What is asked, or why (stands in the document)"),
    "days": Text("工作日数", "Working days"),
    "way": Text("送达方式", "Way of service"),
    "receiver": Text("受送达人", "Served to"),
    "answers": Text("逐项说明", "Answer to each finding"),
    "judged": Text("报告未能判定的问题，认定已整改的理由", "Why what the report leaves open is held for rectified"),
    "ground": Text("直接下架的情形", "Ground for direct removal"),
    "proof": Text("依据或证明", "Proof"),
    "name": Text("名称", "Name"),
    "kind": Text("类型", "Kind"),
    "package": Text("包名", "Package"),
    "operator": Text("运营者", "Operator"),
    "app_type": Text("应用类型（1–39）", "Type of app (1 to 39)"),
    "sample": Text("安装包", "Package file"),
    "policy": Text("隐私政策", "Privacy policy"),
    "code": Text("版本号", "Version code"),
    "signer": Text("签名证书摘要", "Digest of the signing certificate"),
    "role": Text("职责", "Role"),
    "platform": Text("平台", "Store"),
    "grant": Text("授权", "Grant"),
    "username": Text("用户名", "User name"),
    "password": Text("密码", "Password"),
    "title": Text("姓名或职务", "Name or title"),
    "email": Text("邮箱", "E-mail"),
    "subject_kind": Text("对象类型", "Kind of subject"),
    "subject_name": Text("对象名称", "Name of the subject"),
    "category": Text("问题类别", "Kind of problem"),
    "narrative": Text("经过", "What happened"),
    "wish": Text("诉求", "What you ask for"),
    "happened": Text("发生日期", "When it happened"),
    "contacted": Text("联系运营者的日期", "When you turned to the operator"),
    "phone": Text("电话", "Phone"),
    "to_operator": Text("同意向运营者提供身份", "The operator may know who complains"),
    "public": Text("同意公开经过（删去个人信息后）", "The story may be published, after redaction"),
    "pictures": Text("照片", "Pictures"),
}

CHOICES = {
    "outcome": (("resolved", Text("已解决", "resolved")), ("not-resolved", Text("未解决", "not resolved"))),
    "ground": (
        ("repeated", Text("反复出现问题", "repeated violations")),
        ("countermeasure", Text("技术对抗", "technical countermeasures")),
    ),
    "purpose": (("first", Text("首次检测", "first inspection")), ("re-inspection", Text("复测", "re-inspection"))),
    "source": (
        ("media", Text("媒体曝光", "media")),
        ("referral", Text("移送", "referral")),
        ("sampling", Text("抽查", "sampling")),
        ("self-report", Text("自行报告", "self-report")),
        ("court", Text("司法建议", "court")),
    ),
}
"""Fields whose values are words of ours."""
LONG = frozenset({"text", "note", "reason", "measures", "summary", "narrative", "wish", "proof"})
"""Fields that people write sentences into."""
