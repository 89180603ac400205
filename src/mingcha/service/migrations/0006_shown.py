"""What public pages say, kept as read last; a row for each subject that is there, to be read when somebody comes to it."""

import django.db.models.deletion
from django.db import migrations, models


def rows(apps, schema_editor):
    """One for each subject: nothing is kept of it yet."""
    shown, subjects = apps.get_model("service", "Shown"), apps.get_model("service", "Subject")
    made = (shown(pk=pk, changed=0, until=0) for pk in subjects.objects.values_list("pk", flat=True).iterator())
    shown.objects.bulk_create(made, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [
        ("service", "0005_api_tokens"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="version",
            options={"ordering": ("-pk",)},
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
        migrations.RunPython(rows, migrations.RunPython.noop),
    ]
