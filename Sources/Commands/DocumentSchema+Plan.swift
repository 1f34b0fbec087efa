extension DocumentSchema {
    /// What `schemas/plan.schema.json` says; `make schemas` wrote it here.
    static let planText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "A plan of rollcall",
          "description": "What `rollcall plan --format json` prints and `rollcall plan --out` saves. Later versions may add keys, and kinds of holds, warnings and errors.",
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
              "description": "Of all policy files and the CSV files that they name.",
              "$ref": "#/$defs/digest"
            },
            "digest": {
              "description": "Only in a saved plan: of the file's bytes, with zeros in the digest's place. It guards against edits, and is no signature.",
              "$ref": "#/$defs/digest"
            },
            "accepts_removals": {
              "description": "Only in a saved plan: whether the removals and demotions were accepted with --accept-removals.",
              "type": "boolean"
            },
            "retries_declined": {
              "description": "Only in a saved plan: whether people whom WhatsApp declined are tried again at once.",
              "type": "boolean"
            },
            "summary": {
              "description": "What the groups below amount to.",
              "type": "object",
              "required": ["groups", "changed", "add", "promote", "demote", "remove", "hold", "errors"],
              "properties": {
                "groups": { "description": "Groups that were looked at.", "$ref": "#/$defs/count" },
                "changed": { "description": "Groups with actions.", "$ref": "#/$defs/count" },
                "add": { "description": "People to add.", "$ref": "#/$defs/count" },
                "promote": { "description": "Members to make admins.", "$ref": "#/$defs/count" },
                "demote": { "description": "Admins to make ordinary members.", "$ref": "#/$defs/count" },
                "remove": { "description": "Members to take out.", "$ref": "#/$defs/count" },
                "hold": { "description": "Holds of all groups.", "$ref": "#/$defs/count" },
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
                "session": { "description": "The session that acts, by the gateway's id.", "type": "string" },
                "group": {
                  "description": "The group's JID.",
                  "type": "string",
                  "pattern": "^[0-9]+(-[0-9]+)?@g\\.us$"
                },
                "name": { "description": "The group's name; null where none is known.", "type": ["string", "null"] },
                "size": {
                  "description": "Members before the actions; null where the roster could not be read.",
                  "type": ["integer", "null"],
                  "minimum": 0
                },
                "roster_digest": {
                  "description": "Of the roster that was planned from; null where it could not be read.",
                  "anyOf": [{ "$ref": "#/$defs/digest" }, { "type": "null" }]
                },
                "actions": {
                  "description": "What is to be done, in this order.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/action" }
                },
                "holds": {
                  "description": "What the policy asks for, or would remove, and is left alone.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/hold" }
                },
                "warnings": {
                  "description": "What a person should look at, though it stops nothing.",
                  "type": "array",
                  "items": { "$ref": "#/$defs/warning" }
                },
                "invite_link": {
                  "description": "The group's invite link, where --invite-links asked for it; never in a saved plan.",
                  "type": ["string", "null"]
                },
                "error": {
                  "description": "Why the group could not be planned; null where it could.",
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
                  "description": "The number by which the policy or the roster knows the person; null where only the LID is known.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "jid": {
                  "description": "The account that the call names: by number, or by LID where the gateway knows no number.",
                  "type": "string",
                  "pattern": "^([1-9][0-9]{6,14}@s\\.whatsapp\\.net|[1-9][0-9]{0,18}@lid)$"
                },
                "lid": {
                  "description": "The LID under which the roster shows the person; null for someone to be added.",
                  "anyOf": [{ "$ref": "#/$defs/lid" }, { "type": "null" }]
                },
                "person": { "description": "The name of the person: that of the policy, of today or the last applied one; or with a ~ in front, what they call themselves.", "type": ["string", "null"] },
                "source": {
                  "description": "The policy line that asks for it: file:line:column.",
                  "type": "string",
                  "pattern": ":[0-9]+:[0-9]+$"
                },
                "reason": { "description": "Why, where the policy or the rules say so.", "type": ["string", "null"] }
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
                  "description": "The LID, where it is known.",
                  "anyOf": [{ "$ref": "#/$defs/lid" }, { "type": "null" }]
                },
                "phone": {
                  "description": "The number, where it is known.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "person": { "description": "The name of the person: that of the policy, of today or the last applied one; or with a ~ in front, what they call themselves.", "type": ["string", "null"] },
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
                  "description": "The person whom it is about; null where it is the group.",
                  "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                },
                "message": { "description": "What was seen, in a sentence.", "type": "string" }
              }
            },
            "error": {
              "type": "object",
              "required": ["code", "message"],
              "properties": {
                "code": { "description": "A word for it; the gateway's own where it gave one.", "type": "string" },
                "message": { "description": "What happened and how to mend it, in a sentence.", "type": "string" }
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
