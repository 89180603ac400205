"""``mingcha record screens``: a person's walk through an app, or one of four standard walks, recorded over adb."""
