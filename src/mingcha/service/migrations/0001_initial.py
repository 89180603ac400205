"""All tables, the end of the empty chain, and the table of the shared cache. Written by `makemigrations`, but for `begin`."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.core.management import call_command
from django.db import migrations, models

from mingcha.casework.chain import GENESIS


def begin(apps, schema_editor):
    """What must be there before the first act."""
    apps.get_model("service", "Head").objects.using(schema_editor.connection.alias).create(pk=1, count=0, hash=GENESIS)
    call_command("createcachetable", verbosity=0)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(unique=True)),
                ("head", models.CharField(max_length=64)),
                ("time", models.CharField(max_length=40)),
                ("document", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("sm3", models.CharField(blank=True, max_length=64)),
                ("size", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=24)),
                ("effective", models.DateTimeField(blank=True, null=True)),
                ("captured", models.DateTimeField(blank=True, null=True)),
                ("received", models.DateTimeField()),
                ("source", models.CharField(blank=True, max_length=120)),
                ("method", models.CharField(blank=True, max_length=120)),
                ("sealed", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.BigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="JobWorker",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("host", models.CharField(max_length=200)),
                ("pid", models.PositiveIntegerField()),
                ("started", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("heartbeat", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("gone", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("credit_code", models.CharField(blank=True, db_index=True, max_length=18)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("officer", models.CharField(blank=True, max_length=80)),
                ("verified", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Platform",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("tool", models.CharField(max_length=40)),
                ("catalogue", models.CharField(max_length=64)),
                ("made", models.DateTimeField()),
                ("card", models.JSONField()),
                ("face", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("kind", models.CharField(default="app", max_length=16)),
                ("name", models.CharField(max_length=120)),
                ("package", models.CharField(blank=True, db_index=True, max_length=160)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("app_type", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("registered", models.DateTimeField()),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.operator"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("title", models.CharField(blank=True, max_length=60)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tokens", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("code", models.SlugField(max_length=24, unique=True)),
                ("receives", models.CharField(default="general", max_length=40)),
                ("needs_identity", models.BooleanField(default=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.authority"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("opened", models.DateTimeField()),
                ("returned", models.BooleanField(default=False)),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.authority")),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("kind", models.CharField(max_length=12)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("code", models.CharField(max_length=64, unique=True)),
                ("subject_kind", models.CharField(default="app", max_length=16)),
                ("subject_name", models.CharField(max_length=120)),
                ("version", models.CharField(blank=True, max_length=60)),
                ("channel", models.CharField(blank=True, max_length=120)),
                ("category", models.CharField(max_length=40)),
                ("narrative", models.TextField()),
                ("wish", models.TextField(blank=True)),
                ("happened", models.DateField(blank=True, null=True)),
                ("contacted", models.DateField(blank=True, null=True)),
                ("to_operator", models.BooleanField(default=False)),
                ("public", models.BooleanField(default=False)),
                ("outcome", models.CharField(blank=True, max_length=16)),
                ("solved", models.CharField(blank=True, max_length=8)),
                ("answer", models.TextField(blank=True)),
                ("received", models.DateTimeField()),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.authority")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=16)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("series", "year"), name="counter_once")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("time", models.CharField(max_length=40)),
                ("actor", models.CharField(max_length=60)),
                ("process", models.CharField(max_length=16)),
                ("thing", models.BigIntegerField()),
                ("act", models.CharField(max_length=32)),
                ("body", models.JSONField(default=dict)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "ordering": ("seq",),
                "indexes": [models.Index(fields=["process", "thing", "seq"], name="service_eve_process_081ac7_idx")],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("kind", models.CharField(max_length=16)),
                ("number", models.CharField(max_length=40, null=True, unique=True)),
                ("data", models.JSONField()),
                ("template", models.CharField(max_length=16)),
                ("data_hash", models.CharField(max_length=64)),
                ("signature", models.JSONField(null=True)),
                ("issued", models.DateTimeField(null=True)),
                ("served", models.DateTimeField(null=True)),
                ("served_to", models.CharField(blank=True, max_length=120)),
                ("published", models.DateTimeField(null=True)),
                ("withdrawn", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="service.case"
                    ),
                ),
                (
                    "pdf",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.evidence"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="service.complaint"
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.evidence"
                    ),
                ),
                (
                    "shared",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.evidence"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed", models.BinaryField(null=True)),
                ("commitment", models.CharField(max_length=64)),
                ("erase_after", models.DateTimeField()),
                ("erased", models.DateTimeField(blank=True, null=True)),
                (
                    "complaint",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to="service.complaint"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("todo", "待处理"),
                            ("doing", "进行中"),
                            ("done", "已完成"),
                            ("failed", "失败"),
                            ("cancelled", "已取消"),
                        ],
                        default="todo",
                        max_length=10,
                    ),
                ),
                ("step", models.PositiveSmallIntegerField(default=0)),
                ("steps_total", models.PositiveSmallIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("fence", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("worker", models.CharField(blank=True, max_length=80)),
                ("result", models.JSONField(blank=True, null=True)),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("started", models.DateTimeField(blank=True, null=True)),
                ("finished", models.DateTimeField(blank=True, null=True)),
                ("heartbeat", models.DateTimeField(blank=True, null=True)),
                ("cancel_requested", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "created"], name="job_state_created")],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("number", models.CharField(max_length=32, unique=True)),
                ("source", models.CharField(max_length=16)),
                ("summary", models.TextField(blank=True)),
                ("registered", models.DateTimeField()),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.authority")),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.lead"
                    ),
                ),
                ("subject", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.subject")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="service.lead",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="lead",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.lead"
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_person", models.BooleanField()),
                ("sealed", models.BinaryField(null=True)),
                ("sent", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="service.complaint"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="operator",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.operator"
            ),
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=60)),
                ("payload", models.JSONField(default=dict)),
                ("created", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("dispatched", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("dispatched__isnull", True)), fields=["id"], name="outbox_waiting")
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipient", models.CharField(max_length=80)),
                ("day", models.DateField()),
                ("deadlines", models.JSONField()),
                ("sent", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("recipient", "day"), name="reminded_once")],
            },
        ),
        migrations.CreateModel(
            name="SelfCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("answers", models.JSONField(default=list)),
                ("statement", models.JSONField(null=True)),
                ("salt", models.BinaryField(null=True)),
                ("filed", models.DateTimeField(blank=True, null=True)),
                ("remark", models.TextField(blank=True)),
                ("begun", models.DateTimeField()),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.authority"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="selfchecks", to="service.operator"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="selfchecks", to="service.subject"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.CharField(max_length=40)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.evidence",
                    ),
                ),
                (
                    "selfcheck",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="service.selfcheck"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddField(
            model_name="complaint",
            name="subject",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.subject"
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("name", models.CharField(max_length=120)),
                ("credit_code", models.CharField(blank=True, max_length=18)),
                ("note", models.TextField(blank=True)),
                ("nonce", models.CharField(max_length=43)),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(blank=True, null=True)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("asked", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="service.operator",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="service.subject"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="case",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="service.subject"
            ),
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("purpose", models.CharField(max_length=16)),
                ("message", models.CharField(blank=True, max_length=300)),
                ("planned", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="service.case",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.report"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="service.subject"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="task",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="selfchecks", to="service.task"
            ),
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("clause", models.CharField(max_length=40)),
                ("sentence", models.JSONField()),
                ("evidence", models.JSONField(default=list)),
                ("answer", models.TextField(blank=True)),
                ("answered", models.DateTimeField(blank=True, null=True)),
                ("notified", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="service.case",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="service.subject"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="service.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=60)),
                ("code", models.BigIntegerField(blank=True, null=True)),
                ("channel", models.CharField(blank=True, max_length=120)),
                ("signer", models.CharField(blank=True, max_length=64)),
                ("obtained", models.DateTimeField()),
                (
                    "answers",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.evidence",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.evidence",
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.evidence"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="service.subject"
                    ),
                ),
                (
                    "withheld",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="service.operator",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="task",
            name="version",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.version"
            ),
        ),
        migrations.AddField(
            model_name="selfcheck",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="selfchecks", to="service.version"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="service.version"
            ),
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answers", models.JSONField()),
                ("filed", models.DateTimeField()),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="service.case"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="service.version"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(max_length=40)),
                ("started", models.DateTimeField()),
                ("length", models.PositiveIntegerField(null=True)),
                ("unit", models.CharField(max_length=12)),
                ("extended", models.PositiveIntegerField(default=0)),
                ("due", models.DateTimeField(null=True)),
                ("provisional", models.BooleanField(default=False)),
                ("reckoning", models.JSONField(default=list)),
                ("state", models.CharField(default="running", max_length=12)),
                ("ended", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="service.case",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="service.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "due"], name="service_dea_state_ab97e5_idx")],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=24)),
                ("since", models.DateTimeField()),
                ("ended", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.authority"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.operator"
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="service.platform"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "ended"], name="service_gra_account_90a8ff_idx")],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=24)),
                ("recused", models.BooleanField(default=False)),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="seats", to="service.case"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "account", "role"), name="seat_once")],
            },
        ),
        migrations.CreateModel(
            name="Shown",
            fields=[
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="service.subject",
                    ),
                ),
                ("changed", models.BigIntegerField()),
                ("until", models.BigIntegerField(db_index=True)),
                ("edition", models.CharField(blank=True, max_length=16)),
                ("said", models.TextField(blank=True)),
                (
                    "report",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="service.report"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Listing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(default="listed", max_length=12)),
                ("since", models.DateTimeField()),
                ("platform", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.platform")),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="service.subject"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject", "platform"), name="listed_once")],
            },
        ),
        migrations.CreateModel(
            name="Gram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("gram", models.CharField(max_length=2)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("subject", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="service.subject")),
            ],
            options={
                "indexes": [models.Index(fields=["gram", "rank", "subject"], name="gram_rank")],
                "constraints": [models.UniqueConstraint(fields=("gram", "subject"), name="gram_once")],
            },
        ),
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(db_index=True, default="", editable=False, max_length=24)),
                ("sealed", models.BinaryField(null=True)),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(default="zh-hans", max_length=8)),
                ("asked", models.DateTimeField()),
                ("told", models.BigIntegerField(default=0)),
                ("subject", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="service.subject")),
            ],
            options={
                "indexes": [models.Index(fields=["subject", "state"], name="service_fol_subject_0a3ad6_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["subject", "state"], name="service_cas_subject_c69882_idx"),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["subject", "state"], name="service_fin_subject_3ef63a_idx"),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(fields=("task", "clause"), name="finding_once"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
