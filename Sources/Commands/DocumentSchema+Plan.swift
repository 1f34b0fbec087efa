extension DocumentSchema {
    /// Text of `schemas/plan.schema.json`, written here by `make schemas`.
    static let planText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "A plan of rollcall",
          "description": "The document that `rollcall plan --format json` prints and `rollcall plan --out` saves. Later versions may add keys, and kinds of holds, warnings and errors.",
          "type": "object",
          "required": ["format", "id", "created_at", "policy_digest", "summary", "groups"],
          "dependentRequired": {
            "digest": ["accepts_removals", "retries_declined"],
            "accepts_removals": ["digest"],
            "retries_declined": ["digest"]
          },
          "properties": {
            "format": { "const": "rollcall.plan/1" },
            "id": {
              "description": "The run that made the plan: a ULID.",
              "type": "string",
              "pattern": "^[0-9A-HJKMNP-TV-Z]{26}$"
            },
            "created_at": {
              "description": "When the run began, in UTC.",
              "type": "string",
              "format": "date-time",
              "pattern": "Z$"
            },
            "policy_digest": {
              "description": "Digest of all policy files and the CSV files that they name.",
              "$ref": "#/$defs/digest"
            },
            "digest": {
              "description": "Only in a saved plan: digest of the file's bytes, with zeros in the digest's place. It detects edits; it is not a signature.",
              "$ref": "#/$defs/digest"
            },
            "accepts_removals": {
              "description": "Only in a saved plan: whether the removals and demotions were accepted with --accept-removals.",
              "type": "boolean"
            },
            "retries_declined": {
              "description": "Only in a saved plan: whether declined people are tried again at once.",
              "type": "boolean"
            },
            "summary": {
              "description": "Totals of the groups below.",
              "type": "object",
              "required": ["groups", "changed", "add", "promote", "demote", "remove", "hold", "errors"],
              "properties": {
                "groups": { "description": "Groups that the plan covers.", "$ref": "#/$defs/count" },
                "changed": { "description": "Groups with changes to make.", "$ref": "#/$defs/count" },
                "add": { "description": "People to add.", "$ref": "#/$defs/count" },
                "promote": { "description": "Members to promote.", "$ref": "#/$defs/count" },
                "demote": { "description": "Admins to demote.", "$ref": "#/$defs/count" },
                "remove": { "description": "Members to remove.", "$ref": "#/$defs/count" },
                "hold": { "description": "Holds in all groups: blocked or always kept.", "$ref": "#/$defs/count" },
                "errors": { "description": "Groups that could not be planned.", "$ref": "#/$defs/count" }
              }
            },
            "groups": { "type": "array", "items": { "$ref": "#/$defs/group" } }
          },
          "$defs": {
            "group": {
              "type": "object",
              "required": [
                "gateway", "session", "group", "name", "size", "roster_digest", "actions", "holds", "warnings", "invite_link",
                "error"
              ],
              "properties": {
                "gateway": { "description": "The gateway's name in rollcall.yaml.", "type": "string" },
                "session": { "description": "The id of the session that makes the changes.", "type": "string" },
                "group": {
                  "description": "The group's JID.",
                  "type": "string",
                  "pattern": "^[0-9]+(-[0-9]+)?@g\\.us$"
                },
                "name": { "description": "The group's name; null if unknown.", "type": ["string", "null"] },
                "size": {
                  "description": "Members before the changes; null if the member list could not be read.",
                  "type": ["integer", "null"],
                  "minimum": 0
                },
                "roster_digest": {
                  "description": "Digest of the member list that the plan used; null if it could not be read.",
                  "anyOf": [{ "$ref": "#/$defs/digest" }, { "type": "null" }]
                },
                "actions": {
                  "description": "Changes to make, in this order.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/action" }
                },
                "holds": {
                  "description": "Changes that are blocked, and people who are always kept.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/hold" }
                },
                "warnings": {
                  "description": "Things to check. They block nothing.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/warning" }
                },
                "invite_link": {
                  "description": "The group's invite link, if --invite-links asked for it; never in a saved plan.",
                  "type": ["string", "null"]
                },
                "error": {
                  "description": "Why the group could not be planned; null if it could.",
                  "anyOf": [{ "$ref": "#/$defs/error" }, { "type": "null" }]
                }
              }
            },
            "action": {
              "type": "object",
              "required": ["op", "phone", "jid", "lid", "person", "source", "reason"],
              "properties": {
                "op": { "enum": ["add", "promote", "demote", "remove"] },
                "phone": {
                  "description": "The person's number, from the policy or the member list; null if only the LID is known.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "jid": {
                  "description": "The account that the call names: by number, or by LID if the gateway knows no number.",
                  "type": "string",
                  "pattern": "^([1-9][0-9]{6,14}@s\\.whatsapp\\.net|[1-9][0-9]{0,18}@lid)$"
                },
                "lid": {
                  "description": "The person's LID in the member list (WhatsApp's own id of an account); null for someone to be added.",
                  "anyOf": [{ "$ref": "#/$defs/lid" }, { "type": "null" }]
                },
                "person": { "description": "The person's name: from today's policy or the last applied one; or, with a ~ in front, what they call themselves.", "type": ["string", "null"] },
                "source": {
                  "description": "The policy line that asks for it: file:line:column.",
                  "type": "string",
                  "pattern": ":[0-9]+:[0-9]+$"
                },
                "reason": { "description": "Why, if the policy or a rule gives a reason.", "type": ["string", "null"] }
              }
            },
            "hold": {
              "type": "object",
              "required": ["kind", "lid", "phone", "person", "message"],
              "properties": {
                "kind": {
                  "type": "string",
                  "examples": [
                    "self", "creator", "keep", "unresolved", "withheld", "out_of_term", "group_full", "deferred", "declined",
                    "unconfirmed", "accepted", "role_unknown", "not_on_whatsapp", "left"
                  ]
                },
                "lid": {
                  "description": "The LID, if known.",
                  "anyOf": [{ "$ref": "#/$defs/lid" }, { "type": "null" }]
                },
                "phone": {
                  "description": "The number, if known.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "person": { "description": "The person's name: from today's policy or the last applied one; or, with a ~ in front, what they call themselves.", "type": ["string", "null"] },
                "message": { "description": "The reason in a sentence.", "type": "string" }
              }
            },
            "warning": {
              "type": "object",
              "required": ["kind", "phone", "message"],
              "properties": {
                "kind": {
                  "type": "string",
                  "examples": [
                    "name_differs", "maybe_present", "not_connected", "doubtful_roster", "foreign_entries",
                    "identity_conflict", "number_not_found", "flapping", "no_invite_link"
                  ]
                },
                "phone": {
                  "description": "The person concerned; null if it concerns the group.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "message": { "description": "What was seen, in a sentence.", "type": "string" }
              }
            },
            "error": {
              "type": "object",
              "required": ["code", "message"],
              "properties": {
                "code": { "description": "A code for the error; the gateway's own if it gave one.", "type": "string" },
                "message": { "description": "What happened and how to fix it, in a sentence.", "type": "string" }
              }
            },
            "count": { "type": "integer", "minimum": 0 },
            "digest": { "type": "string", "pattern": "^sha256:[0-9a-f]{64}$" },
            "phone": { "type": "string", "pattern": "^\\+[1-9][0-9]{6,14}$" },
            "lid": { "type": "string", "pattern": "^[1-9][0-9]*@lid$" }
          }
        }

        """#
}
