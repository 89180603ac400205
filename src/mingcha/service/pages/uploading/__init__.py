"""Files of forms: in resumable parts where the browser can (static/parts.js), with the form itself where it cannot. One way for everybody.

<form method="post" {% include "uploading/attributes.html" %}> … {% include "uploading/files.html" %}     (files = taking.fields(request, VERSION))
rows = taking.kept(request, doer, ("sample", "policy"))     # evidence, in the transaction of the deed
taking.forget(request)                                      # once it is done: until then the form may be sent again without uploading again
"""
