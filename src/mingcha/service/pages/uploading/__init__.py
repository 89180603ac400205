"""Files in resumable parts over HTTP, for every form that takes large files; how a form gets what was uploaded.

<form data-parts="{% url "upload-begin" %}"> … <input type="file" name="sample"> …     (with static/parts.js)
with taken(request, "sample") as given:      # an Upload by parts, or the file of the form itself, or None
    row = files.keep(doing, given.stream, given.name, "sample")
"""
